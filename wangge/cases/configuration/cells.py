"""What one cell of a configuration table may hold: read from what people write, and written the same way again.

A value is kept as JSON; its text is the same in a form, in a sheet and in a comparison. Reading raises Refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.cases.configuration.facts import Facts, Known
from wangge.common.languages import in_reader_language
from wangge.common.refusals import Refused

Choices = Sequence[tuple[str, str | Promise]]
LANGUAGES = ("en", "zh-hans")
YES_NO: Choices = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
MOST_AMOUNT = 10_000


def spellings(label: str | Promise) -> set[str]:
    """A label in both languages, folded, so that a sheet written in one is read in the other."""
    if isinstance(label, str):
        return {label.strip().casefold()}
    found = set()
    for language in LANGUAGES:
        with translation.override(language):
            found.add(str(label).strip().casefold())
    return found


@dataclass(frozen=True)
class Cell:
    """One line of text; the other kinds narrow what it may say."""

    most: int = 200
    widget = "text"

    def read(self, text: str, facts: Facts) -> Any:
        if len(text) > self.most:
            raise Refused(_("This is too long: at most %(most)d characters.") % {"most": self.most})
        return text

    def write(self, value: Any, facts: Facts) -> str:
        return "" if value is None else str(value)

    def choices(self, facts: Facts) -> Choices:
        """What can be chosen; empty where anything may be written."""
        return ()


@dataclass(frozen=True)
class Long(Cell):
    """Several lines."""

    most: int = 4000
    widget = "long"


@dataclass(frozen=True)
class Code(Cell):
    """A code of our own that other rows name."""

    pattern: str = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
    most: int = 30

    def read(self, text: str, facts: Facts) -> Any:
        if not re.fullmatch(self.pattern, text):
            raise Refused(
                _("“%(text)s” is no code: use letters, digits, dots, hyphens.") % {"text": text[:40]}
            )
        return super().read(text, facts)


@dataclass(frozen=True)
class Flag(Cell):
    """Yes or no."""

    widget = "flag"

    def read(self, text: str, facts: Facts) -> Any:
        for value, label in YES_NO:
            if text.casefold() in spellings(label) | {
                value,
                *(("1", "true") if value == "yes" else ("0", "false", "")),
            }:
                return value == "yes"
        raise Refused(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})

    def write(self, value: Any, facts: Facts) -> str:
        return str(YES_NO[0 if value else 1][1])


@dataclass(frozen=True)
class Whole(Cell):
    """A whole number in a range, or nothing."""

    largest: int = 9999
    least: int = 1
    widget = "number"

    def read(self, text: str, facts: Facts) -> Any:
        if not text:
            return None
        if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or not self.least <= int(text) <= self.largest:
            raise Refused(
                _("“%(text)s” is no whole number from %(least)d to %(largest)d.")
                % {"text": text[:40], "least": self.least, "largest": self.largest}
            )
        return int(text)


@dataclass(frozen=True)
class Amount(Cell):
    """A number above nothing with at most two decimals, or nothing; kept as its text."""

    largest: int = 999

    def read(self, text: str, facts: Facts) -> Any:
        if not text:
            return None
        if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", text, re.ASCII) or not 0 < Decimal(text) <= self.largest:
            raise Refused(
                _("“%(text)s” is no number above 0 and up to %(largest)d.")
                % {"text": text[:40], "largest": self.largest}
            )
        return plain(Decimal(text))


# How people write the kinds of limits; an urgent day is 24 urgent hours.
LIMIT_WORDS: Mapping[str, tuple[str, int]] = {
    "紧急工作时": ("urgent_hours", 1), "紧急小时": ("urgent_hours", 1), "紧急工作小时": ("urgent_hours", 1),
    "urgent hour": ("urgent_hours", 1), "urgent hours": ("urgent_hours", 1),
    "紧急工作日": ("urgent_hours", 24), "紧急日": ("urgent_hours", 24), "紧急天": ("urgent_hours", 24),
    "urgent day": ("urgent_hours", 24), "urgent days": ("urgent_hours", 24),
    "工作时": ("working_hours", 1), "工作小时": ("working_hours", 1),
    "working hour": ("working_hours", 1), "working hours": ("working_hours", 1),
    "工作日": ("working_days", 1), "工作天": ("working_days", 1),
    "working day": ("working_days", 1), "working days": ("working_days", 1),
    "天": ("calendar_days", 1), "日": ("calendar_days", 1), "自然日": ("calendar_days", 1),
    "calendar day": ("calendar_days", 1), "calendar days": ("calendar_days", 1),
}  # fmt: skip
WRITTEN = {
    "urgent_hours": ("紧急工作时", "urgent hours"),
    "working_hours": ("工作时", "working hours"),
    "working_days": ("工作日", "working days"),
    "calendar_days": ("天", "calendar days"),
}


@dataclass(frozen=True)
class Limit(Cell):
    """An amount of time as people write it: 2工作日, 4工作时, 2紧急工作时, 1天; kept as [kind, amount]."""

    def read(self, text: str, facts: Facts) -> Any:
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,5}(?:\.\d{1,2})?)\s*个?\s*(\D+)", text.strip(), re.ASCII)
        kind, times = LIMIT_WORDS.get(found[2].strip().casefold(), ("", 0)) if found else ("", 0)
        if found is None or not kind:
            raise Refused(
                _(
                    "“%(text)s” is no limit. Write a number and its kind: 2 working days, 4 working hours, "
                    "2 urgent hours, 1 calendar day."
                )
                % {"text": text[:40]}
            )
        amount = Decimal(found[1]) * times
        if not 0 < amount <= MOST_AMOUNT:
            raise Refused(
                _("“%(text)s”: a limit is longer than nothing and shorter than for ever.")
                % {"text": text[:40]}
            )
        return [kind, plain(amount)]

    def write(self, value: Any, facts: Facts) -> str:
        if not value:
            return ""
        kind, amount = value
        chinese, english = WRITTEN[kind]
        return in_reader_language(
            f"{amount}{chinese}", f"{amount} {english.removesuffix('s') if amount == '1' else english}"
        )


def plain(amount: Decimal) -> str:
    """A number without what says nothing: 2.00 is 2."""
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


@dataclass(frozen=True)
class Choice(Cell):
    """One of a list, by its label in either language or its code."""

    options: Choices = ()
    widget = "choice"

    def read(self, text: str, facts: Facts) -> Any:
        options, wanted = self.choices(facts), text.casefold()
        if text in (codes := [value for value, _label in options]):
            return codes[codes.index(text)]
        for value, label in options:
            if wanted in {str(value).casefold(), *spellings(label)}:
                return value
        if not text:
            return ""
        raise Refused(
            _("“%(text)s” is none of: %(known)s.") % {"text": text[:40], "known": self._known(facts)}
        )

    def _known(self, facts: Facts) -> str:
        return "、".join(str(label) for _value, label in self.choices(facts)[:30])

    def write(self, value: Any, facts: Facts) -> str:
        """The label; the code itself where the label is that of another, or its code, in either language."""
        options = self.choices(facts)
        if value not in dict(options):
            return str(value or "")
        label = dict(options)[value]
        own = spellings(label)
        others = (spellings(other) | {str(code)} for code, other in options if code != value)
        return str(label) if own.isdisjoint(set().union(*others)) else str(value)

    def choices(self, facts: Facts) -> Choices:
        return self.options


@dataclass(frozen=True)
class KindOfUnit(Choice):
    """The kind of unit responsible; the name of a unit will do where the duty list gives it one kind of work only."""

    def read(self, text: str, facts: Facts) -> Any:
        try:
            return super().read(text, facts)
        except Refused:
            for role in facts.roles.values():
                if text in (role.name_zh, role.name_en):
                    return role.code
            if len(kinds := facts.kinds_of_unit(text)) == 1:
                return next(iter(kinds))
            raise Refused(
                _(
                    "“%(text)s” is no kind of unit, and no unit with one kind of work in the duty list. Kinds: %(known)s."
                )
                % {"text": text[:40], "known": self._known(facts)}
            ) from None

    def choices(self, facts: Facts) -> Choices:
        return [(role.code, in_reader_language(role.name_zh, role.name_en)) for role in facts.roles.values()]


@dataclass(frozen=True)
class Named(Cell):
    """A unit, area or account by its code, or by its name where only one has it."""

    of: Callable[[Facts], Mapping[str, Known]] = lambda facts: facts.units
    widget = "named"

    def read(self, text: str, facts: Facts) -> Any:
        if not text:
            return ""
        known = self.of(facts)
        code = text.split(" ", 1)[0]
        if text in known or code in known:
            return text if text in known else code
        alike = [code for code, thing in known.items() if thing.name == text]
        if len(alike) == 1:
            return alike[0]
        if alike:
            raise Refused(_("“%(text)s” is the name of several; write its code.") % {"text": text[:40]})
        raise Refused(_("“%(text)s” is not known.") % {"text": text[:40]})

    def write(self, value: Any, facts: Facts) -> str:
        known = self.of(facts).get(value)
        return f"{value} {known.name}" if known else str(value or "")

    def choices(self, facts: Facts) -> Choices:
        return [(f"{code} {thing.name}", "") for code, thing in self.of(facts).items() if thing.alive]


@dataclass(frozen=True)
class AreaNamed(Named):
    """An area of any level; a grid by its code only."""

    of: Callable[[Facts], Mapping[str, Known]] = lambda facts: facts.areas

    def read(self, text: str, facts: Facts) -> Any:
        code = text.split(" ", 1)[0]
        return code if code and facts.area(code) else super().read(text, facts)

    def write(self, value: Any, facts: Facts) -> str:
        known = facts.area(value) if value else None
        return f"{value} {known.name}" if known else str(value or "")


@dataclass(frozen=True)
class Pieces(Cell):
    """Words or codes between semicolons; kept as a list."""

    most: int = 4000
    widget = "long"

    def read(self, text: str, facts: Facts) -> Any:
        pieces = [piece.strip() for piece in re.split(r"[;；]", super().read(text, facts))]
        return [piece for piece in dict.fromkeys(pieces) if piece]

    def write(self, value: Any, facts: Facts) -> str:
        return ";".join(value or [])


@dataclass(frozen=True)
class Answers(Pieces):
    """The answers of a list: key:Chinese:English, between semicolons."""

    def read(self, text: str, facts: Facts) -> Any:
        found = []
        for piece in super().read(text, facts):
            parts = [part.strip() for part in re.split("[:：]", piece)]
            if len(parts) != 3 or not all(parts):
                raise Refused(_("“%(text)s” is not key:Chinese:English.") % {"text": piece[:40]})
            found.append(dict(zip(("key", "zh", "en"), parts, strict=True)))
        if len({answer["key"] for answer in found}) < len(found):
            raise Refused(_("Two answers have the same key."))
        return found

    def write(self, value: Any, facts: Facts) -> str:
        return ";".join(f"{one['key']}:{one['zh']}:{one['en']}" for one in value or [])


@dataclass(frozen=True)
class MonthDay(Cell):
    """A day of every year: 06-01."""

    def read(self, text: str, facts: Facts) -> Any:
        if not text:
            return ""
        found = re.fullmatch(r"(\d{1,2})[-/.月](\d{1,2})日?", text, re.ASCII)
        try:
            day = date(2024, int(found[1]), int(found[2])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise Refused(
                _("“%(text)s” is no day of the year. Write month and day: 06-01.") % {"text": text[:40]}
            )
        return f"{day:%m-%d}"


@dataclass(frozen=True)
class Hours(Cell):
    """From one time of the day to another, over midnight if need be: 18:00-08:00."""

    def read(self, text: str, facts: Facts) -> Any:
        if not text:
            return ""
        found = re.fullmatch(r"(\d{1,2})[:：](\d{2})\s*[-–—至~]\s*(\d{1,2})[:：](\d{2})", text, re.ASCII)
        numbers = [int(number) for number in found.groups()] if found else [99] * 4
        ends = [(numbers[0], numbers[1]), (numbers[2], numbers[3])]
        if any(hour > 23 or minute > 59 for hour, minute in ends) or ends[0] == ends[1]:
            raise Refused(_("“%(text)s” are no hours. Write 18:00-08:00.") % {"text": text[:40]})
        return "-".join(f"{hour:02}:{minute:02}" for hour, minute in ends)


@dataclass(frozen=True)
class Day(Cell):
    """A date: 2026-07-01."""

    widget = "day"

    def read(self, text: str, facts: Facts) -> Any:
        if not text:
            return None
        try:
            return date.fromisoformat(text[:10].replace("/", "-")).isoformat()
        except ValueError:
            raise Refused(_("“%(text)s” is no date. Write 2026-07-01.") % {"text": text[:40]}) from None
