"""One anchor as one line of text, to be printed, sent elsewhere and checked there without this program or its database.

    python3 anchor_line.py FILE …

checks that each line holds what its own digest says, that each follows the one before it, and that the heads below a
line (`wangge anchors --heads DAY`) are the ones it was made of. Only Python's own library is needed. By hand:
the digest of a line is the SHA-256 of its text before ` digest=`; its root that of all its head lines.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

MARK = "wangge-anchor-1"
LINE = re.compile(
    rf"{MARK} day=(?P<day>\d{{4}}-\d\d-\d\d) after=(?P<after>\d+) last=(?P<last>\d+) events=(?P<events>\d+)"
    r" chains=(?P<chains>\d+) root=(?P<root>[0-9a-f]{64}) access=(?P<access>\d+)"
    r" access_digest=(?P<access_digest>[0-9a-f]{64}) previous=(?P<previous>[0-9a-f]{64})"
    r"( digest=(?P<digest>[0-9a-f]{64}))?"
)
HEAD = re.compile(r"head (?P<kind>\w+) (?P<subject>[0-9a-f-]{36}) (?P<seq>\d+) (?P<digest>[0-9a-f]{64})")


class Unreadable(ValueError):
    """A line is no anchor and no head; the message says which."""


@dataclass(frozen=True)
class Head:
    """The last event of one chain on a day."""

    kind: str
    subject: str
    seq: int
    digest: str

    def __str__(self) -> str:
        return f"head {self.kind} {self.subject} {self.seq} {self.digest}"


@dataclass(frozen=True)
class Line:
    """What an anchor holds: the rows `after` to `last` of a day, the root over the ends of their chains, the access log's end.

    Digests are in hexadecimal.
    """

    day: str
    after: int
    last: int
    events: int
    chains: int
    root: str
    access: int
    access_digest: str
    previous: str

    @property
    def facts(self) -> str:
        """The text that is digested; the line before it is part of it."""
        return (
            f"{MARK} day={self.day} after={self.after} last={self.last} events={self.events} chains={self.chains}"
            f" root={self.root} access={self.access} access_digest={self.access_digest} previous={self.previous}"
        )

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.facts.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.facts} digest={self.digest}"


class Root:
    """Digests the heads of a day one by one, in the order of their subjects."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self.chains = 0

    def add(self, head: Head) -> None:
        self._sum.update(f"{head}\n".encode())
        self.chains += 1

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


@dataclass(frozen=True)
class Copied:
    """An anchor as it was copied elsewhere: its line, the digest written behind it, and its heads where they came along."""

    line: Line
    digest: str
    heads: list[Head] = field(default_factory=list)

    def faults(self) -> Iterator[str]:
        """What is wrong with the copy by itself."""
        if self.digest != self.line.digest:
            yield "the line was changed: its digest is another"
        if self.heads:
            root = Root()
            for head in self.heads:
                root.add(head)
            if root.digest != self.line.root:
                yield "its heads were changed: they do not make its root"


def read(lines: Iterable[str]) -> list[Copied]:
    """Read a file of anchors; raises Unreadable."""
    copies: list[Copied] = []
    for number, text in enumerate(lines, 1):
        words = text.strip()
        if anchor := LINE.fullmatch(words):
            copies.append(_copied(anchor))
        elif (head := HEAD.fullmatch(words)) and copies:
            copies[-1].heads.append(Head(head["kind"], head["subject"], int(head["seq"]), head["digest"]))
        elif words and not words.startswith("#"):
            raise Unreadable(f"Line {number} is no anchor: {words[:60]}")
    return copies


def _copied(found: re.Match[str]) -> Copied:
    numbers = {name: int(found[name]) for name in ("after", "last", "events", "chains", "access")}
    words = {name: found[name] for name in ("day", "root", "access_digest", "previous")}
    return Copied(Line(**numbers, **words), found["digest"] or "")  # type: ignore[arg-type]


def faults_among(copies: Sequence[Copied]) -> Iterator[tuple[str, str]]:
    """Day and fault of every copy that is wrong by itself or does not follow the one of the day before."""
    for copy in copies:
        for fault in copy.faults():
            yield copy.line.day, fault
    days = {copy.line.day: copy for copy in copies}
    ordered = [days[day] for day in sorted(days)]
    for one, other in pairwise(ordered):
        if other.line.after == one.line.last and other.line.previous != one.digest:
            yield other.line.day, f"it does not follow the anchor of {one.line.day}"


def main(paths: Sequence[str]) -> int:
    """Check copies of anchors; 0 when all is well, 1 with one line for each fault."""
    copies = [copy for path in paths for copy in read(Path(path).read_text(encoding="utf-8").splitlines())]
    faults = list(faults_among(copies))
    for day, fault in faults:
        print(f"anchor of {day}: {fault}")
    print(f"{len(copies)} anchors, {len(faults)} faults.")
    return int(bool(faults) or not copies)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
