"""What every channel promises, and the three ways in which sending can fail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise


@dataclass(frozen=True)
class Message:
    """What goes out, already in the reader's language."""

    reference: str  # the same at every try: a provider that can refuse a second copy is given it
    wording: str
    heading: str
    sentence: str
    at: datetime
    number: str = ""
    link: str = ""  # absolute
    code: str = ""  # the last part of a reporter's link
    stop: str = ""  # absolute; where a reporter asks to be left alone


class Failed(Exception):
    """It was not sent; the message says why in words an administrator understands."""


class Again(Failed):
    """It may work later. `everybody`: nothing goes out by this channel now, whoever it is for."""

    def __init__(self, said: str, *, everybody: bool = False) -> None:
        super().__init__(said)
        self.everybody = everybody


class NoAnswer(Again):
    """The provider's answer was lost: the message may have arrived."""


class ForGood(Failed):
    """It will never work. `address`: because the address leads nowhere."""

    def __init__(self, said: str, *, address: bool = False) -> None:
        super().__init__(said)
        self.address = address


class Channel(Protocol):
    """One way of reaching people."""

    code: str

    @property
    def label(self) -> Promise:
        """What people call it."""
        ...

    def is_wanted(self) -> bool:
        """Tell whether anything of it is set."""
        ...

    def faults(self) -> list[str]:
        """Say in English what is wrong with its settings; nothing when it can be used."""
        ...

    def takes(self, wording: str) -> bool:
        """Tell whether it can say this (a provider may want each wording registered)."""
        ...

    def send(self, address: str, message: Message) -> str:
        """Hand one message to the provider and return its id there; raises `Failed`."""
        ...
