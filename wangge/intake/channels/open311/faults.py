"""What went wrong with a call, in the words and codes that GeoReport v2 asks for."""

from dataclasses import dataclass
from http import HTTPStatus

BAD, FORBIDDEN, NOT_FOUND = HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND


@dataclass(frozen=True)
class Fault:
    """One thing to put right; the description is read by people."""

    description: str
    code: int = BAD


class Faulty(Exception):
    """The call cannot be served; all its faults are told at once. The status is that of the first."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.description for fault in faults))
        self.faults = faults

    @property
    def status(self) -> int:
        return int(self.faults[0].code)


def bad(description: str) -> Faulty:
    """The request itself is at fault."""
    return Faulty(Fault(description))


def not_found(description: str) -> Faulty:
    """What the request names does not exist."""
    return Faulty(Fault(description, NOT_FOUND))
