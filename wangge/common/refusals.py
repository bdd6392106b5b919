"""Refusals: what we would say to a person's face when something cannot be done."""

from django.utils.functional import Promise


class Refused(Exception):
    """A step or input that cannot be taken; the message is shown to the person who tried."""

    def __init__(self, message: str | Promise, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
