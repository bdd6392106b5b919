"""What `wangge run` says about the demo; loads nothing of it."""

from __future__ import annotations


def lines() -> list[str]:
    """Who may sign in, and how to keep the district alive."""
    return [
        "This is the made-up district: /signin/ lists people to look around as, without a password.",
        "What reporters would get by SMS or mail is at /demo/messages/.",
        "To keep new reports coming: wangge demo --live",
    ]
