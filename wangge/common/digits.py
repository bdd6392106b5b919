"""Whole numbers as they come in addresses and forms."""

MOST_DIGITS = 18  # whatever has so few fits the database's bigint


def whole_number(text: str) -> int | None:
    """Return the number that a text writes in ASCII digits; None for anything else, and for what is too long.

    `str.isdigit` alone takes "²" too, and `int` refuses some thousands of digits.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
