"""Masks for personal values on screen: enough to recognise, not enough to copy (design: trust)."""

MASK = "*"


def mask_name(name: str) -> str:
    """张三丰 becomes 张**; the surname stays."""
    return name[:1] + MASK * max(len(name) - 1, 1) if name else ""


def mask_phone(phone: str) -> str:
    """13812341234 becomes 138****1234."""
    return f"{phone[:3]}{MASK * 4}{phone[-4:]}" if len(phone) >= 8 else MASK * len(phone)


def mask_email(email: str) -> str:
    """someone@example.org becomes s***@example.org."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}{MASK * 3}@{domain}" if domain else MASK * len(email)


def is_masked(value: str) -> bool:
    """Tell whether a form sent back a masked value, which must never overwrite the stored one."""
    return MASK in value
