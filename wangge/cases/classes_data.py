"""The shipped tables of classes and rules, read and checked: matters, filing conditions, reasons, questions …

Pure: no models, no database. Every reader takes an optional path, returns frozen rows in table order and raises
`DataFault`, which names file, row and column. Sources and marks of certainty: `data/README.md`.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, get_args

from wangge.cases.deadlines import LimitKind
from wangge.common.data_rows import Once, Row, read_rows
from wangge.registry.parts_data import STANDARD

DATA = Path(__file__).parent / "data"
LOCAL_STANDARD = "local"

Kind2013 = Literal["part", "event"]
Priority = Literal["urgent", "high", "normal", "low"]
Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
StageName = Literal["accept", "verify", "file", "dispatch", "sign_off", "check", "arbitrate", "reply"]

KINDS_2013: tuple[Kind2013, ...] = get_args(Kind2013)
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
DATATYPES: tuple[Datatype, ...] = get_args(Datatype)
STAGES: tuple[StageName, ...] = get_args(StageName)
# "given" belongs to imported cases only.
LIMIT_KINDS = tuple(kind for kind in LimitKind if kind is not LimitKind.GIVEN)

MATTER_COLUMNS = ("code", "major_code", "major_zh", "major_en", "name_zh", "name_en", "keywords", "group")
FIVE_DIGITS = r"\d{5}"
IDENTIFIER = r"[a-z][a-z0-9_]{0,29}"


@dataclass(frozen=True, slots=True)
class Group:
    """A big choice for residents that gathers many classes, with examples as a hint."""

    code: str
    name_zh: str
    name_en: str
    hint_zh: str
    hint_en: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A class of matter: national (GB/T 47678.5-2026 annex C) or local, then perhaps with the 2013 code it comes from."""

    code: str
    major_code: str
    major_zh: str
    major_en: str
    name_zh: str
    name_en: str
    keywords: tuple[str, ...]
    group: str
    code_2013: str = ""
    kind_2013: Kind2013 | None = None

    @property
    def standard(self) -> str:
        """Where the code comes from: local codes count down from 999 within their major."""
        return LOCAL_STANDARD if self.code[2:] >= "900" else STANDARD


@dataclass(frozen=True, slots=True)
class UnitRole:
    """A kind of unit that conditions name and the duty list turns into a unit."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A filing condition: when a matter is filed, when it may close, how long handling may take and whose it is."""

    matter_code: str
    ordinal: int
    condition_zh: str
    condition_en: str
    closing_zh: str
    closing_en: str
    limit_kind: LimitKind
    limit_amount: Decimal  # hours or days, as the kind says
    unit_role: str
    priority: Priority
    after_photo: bool
    verify_first: bool
    check_percent: int  # how many of a hundred results are checked
    on_the_spot: bool
    auto_dispatch: bool
    auto_close: bool
    source: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """A GB/T 30428.2-2013 code and the matter it became; `certain` is false where it is inferred only."""

    code_2013: str
    kind: Kind2013
    code_2026: str
    certain: bool


@dataclass(frozen=True, slots=True)
class ExclusionRow:
    """A ground on which a report is not accepted, and whom to turn to instead."""

    code: str
    name_zh: str
    name_en: str
    advice_zh: str
    advice_en: str


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason code of a step that must say why."""

    code: str
    step: str
    name_zh: str
    name_en: str
    needs_legal_basis: bool


@dataclass(frozen=True, slots=True)
class StageLimitRow:
    """An example limit of a stage other than handling; each centre sets its own."""

    stage: StageName
    limit_kind: LimitKind
    limit_amount: Decimal
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True)
class Value:
    """One answer of a list question."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """An extra question of some classes, for the web form and as an Open311 attribute."""

    code: str
    matter_codes: tuple[str, ...]
    ordinal: int
    datatype: Datatype
    required: bool
    question_zh: str
    question_en: str
    hint_zh: str
    hint_en: str
    values: tuple[Value, ...]


def read_groups(path: Path = DATA / "groups.csv") -> tuple[Group, ...]:
    """The residents' big choices, in the order they are shown."""
    return tuple(
        Group(_code(row, once), *_names(row), row.text("hint_zh"), row.text("hint_en"))
        for row, once in _rows(path, ("code", "name_zh", "name_en", "hint_zh", "hint_en"))
    )


def read_unit_roles(path: Path = DATA / "unit_roles.csv") -> tuple[UnitRole, ...]:
    """The kinds of units a condition may name."""
    return tuple(
        UnitRole(_code(row, once), *_names(row)) for row, once in _rows(path, ("code", "name_zh", "name_en"))
    )


def read_matters(path: Path = DATA / "matters_2026.csv") -> tuple[Matter, ...]:
    """The 250 national matters in the order of the standard (GB/T 47678.5-2026 annex C)."""
    groups = {group.code for group in read_groups()}
    return tuple(_matter(row, once, groups) for row, once in _rows(path, MATTER_COLUMNS))


def read_local_matters(path: Path = DATA / "matters_local.csv") -> tuple[Matter, ...]:
    """Matters the 2026 list lacks: the 2013 emergencies, other dropped classes and one city's own."""
    groups = {group.code for group in read_groups()}
    return tuple(
        _matter(row, once, groups, local=True)
        for row, once in _rows(path, (*MATTER_COLUMNS, "code_2013", "kind_2013"))
    )


def read_all_matters() -> tuple[Matter, ...]:
    """National matters, then local ones: everything that can be filed."""
    return read_matters() + read_local_matters()


def read_conditions(path: Path = DATA / "filing_conditions.csv") -> tuple[Condition, ...]:
    """The filing conditions, matter by matter in their published order; limits are examples of one city."""
    matters, roles = _matter_codes(), {role.code for role in read_unit_roles()}
    columns = (
        "matter_code", "ordinal", "condition_zh", "condition_en", "closing_zh", "closing_en", "limit_kind",
        "limit_amount", "unit_role", "priority", "after_photo", "verify_first", "check_percent", "on_the_spot",
        "auto_dispatch", "auto_close", "source",
    )  # fmt: skip
    conditions: list[Condition] = []
    for row, _ in _rows(path, columns):
        condition = _condition(row, matters, roles)
        last = conditions[-1] if conditions else None
        follows = last.ordinal + 1 if last and last.matter_code == condition.matter_code else 1
        if condition.ordinal != follows:
            raise row.fault("ordinal", f"{condition.ordinal} where {follows} belongs")
        conditions.append(condition)
    return tuple(conditions)


def read_crosswalk(path: Path = DATA / "crosswalk_2013_2026.csv") -> tuple[Crossing, ...]:
    """How codes of GB/T 30428.2-2013 read today; parts and events share numbers, so the key is (kind, code)."""
    matters, crossings = _matter_codes(), []
    for row, once in _rows(path, ("code_2013", "kind", "code_2026", "certain")):
        code, kind = row.code("code_2013", r"\d{4}"), row.one_of("kind", KINDS_2013)
        once(row, "code_2013", (kind, code))
        certain = row.one_of("certain", ("V2", "U")) == "V2"
        crossings.append(Crossing(code, kind, row.known("code_2026", matters), certain))
    return tuple(crossings)


def read_exclusions(path: Path = DATA / "exclusions.csv") -> tuple[ExclusionRow, ...]:
    """What is not accepted, most urgent first."""
    return tuple(
        ExclusionRow(_code(row, once), *_names(row), row.text("advice_zh"), row.text("advice_en"))
        for row, once in _rows(path, ("code", "name_zh", "name_en", "advice_zh", "advice_en"))
    )


def read_reasons(path: Path = DATA / "return_reasons.csv") -> tuple[ReasonRow, ...]:
    """Reason codes by step; `step` is a verb of the workflow."""
    return tuple(
        ReasonRow(_code(row, once), row.code("step", IDENTIFIER), *_names(row), row.flag("needs_legal_basis"))
        for row, once in _rows(path, ("code", "step", "name_zh", "name_en", "needs_legal_basis"))
    )


def read_stage_limits(path: Path = DATA / "stage_limits.csv") -> tuple[StageLimitRow, ...]:
    """One example limit for each stage that has a clock of its own."""
    limits = []
    for row, once in _rows(path, ("stage", "limit_kind", "limit_amount", "note_zh", "note_en")):
        stage = row.one_of("stage", STAGES)
        once(row, "stage", stage)
        limits.append(StageLimitRow(stage, *_limit(row), row.text("note_zh"), row.text("note_en")))
    return tuple(limits)


def read_questions(path: Path = DATA / "forms.csv") -> tuple[QuestionRow, ...]:
    """The extra questions; ranges of matter codes are spread over the codes that exist."""
    matters = _matter_codes()
    columns = (
        "code", "matter_codes", "ordinal", "datatype", "required",
        "question_zh", "question_en", "hint_zh", "hint_en", "values",
    )  # fmt: skip
    return tuple(_question(row, once, matters) for row, once in _rows(path, columns))


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[Row, Once]]:
    once = Once()
    return ((row, once) for row in read_rows(path, columns))


def _code(row: Row, once: Once) -> str:
    code = row.code("code", IDENTIFIER)
    once(row, "code", code)
    return code


def _names(row: Row) -> tuple[str, str]:
    return row.text("name_zh"), row.text("name_en")


def _limit(row: Row) -> tuple[LimitKind, Decimal]:
    return row.one_of("limit_kind", LIMIT_KINDS), row.positive("limit_amount")


def _matter_codes() -> dict[str, None]:
    """Known codes in order; a dict is an ordered set."""
    return dict.fromkeys(matter.code for matter in read_all_matters())


def _matter(row: Row, once: Once, groups: Collection[str], *, local: bool = False) -> Matter:
    major = row.code("major_code", "0[1-9]|10")
    code = row.code("code", major + (r"9\d\d" if local else r"0\d\d"))
    once(row, "code", code)
    from_2013 = bool(local and row.optional("code_2013"))
    return Matter(
        code,
        major,
        row.text("major_zh"),
        row.text("major_en"),
        *_names(row),
        keywords=row.many("keywords"),
        group=row.known("group", groups),
        code_2013=row.code("code_2013", r"\d{4}") if from_2013 else "",
        kind_2013=row.one_of("kind_2013", KINDS_2013) if from_2013 else None,
    )


def _condition(row: Row, matters: Collection[str], roles: Collection[str]) -> Condition:
    return Condition(
        row.known("matter_code", matters),
        row.ordinal("ordinal"),
        row.text("condition_zh"),
        row.text("condition_en"),
        row.text("closing_zh"),
        row.text("closing_en"),
        *_limit(row),
        unit_role=row.known("unit_role", roles),
        priority=row.one_of("priority", PRIORITIES),
        after_photo=row.flag("after_photo"),
        verify_first=row.flag("verify_first"),
        check_percent=row.per_cent("check_percent"),
        on_the_spot=row.flag("on_the_spot"),
        auto_dispatch=row.flag("auto_dispatch"),
        auto_close=row.flag("auto_close"),
        source=row.text("source"),
    )


def _question(row: Row, once: Once, matters: Collection[str]) -> QuestionRow:
    datatype, values = row.one_of("datatype", DATATYPES), tuple(_values(row))
    if bool(values) != datatype.endswith("list"):
        raise row.fault("values", "only a list has values, and it must have some")
    return QuestionRow(
        _code(row, once),
        tuple(_spread(row, matters)),
        row.ordinal("ordinal"),
        datatype,
        row.flag("required"),
        row.text("question_zh"),
        row.text("question_en"),
        row.optional("hint_zh"),
        row.optional("hint_en"),
        values,
    )


def _values(row: Row) -> Iterable[Value]:
    for piece in row.many("values"):
        parts = piece.split(":")
        if len(parts) != 3 or not all(parts):
            raise row.fault("values", f"{piece!r} is not key:Chinese:English")
        yield Value(*parts)


def _spread(row: Row, matters: Collection[str]) -> Iterable[str]:
    for piece in row.many("matter_codes"):
        first, _, last = piece.partition("-")
        found = [code for code in matters if first <= code <= (last or first)]
        if not found or not re.fullmatch(rf"{FIVE_DIGITS}(-{FIVE_DIGITS})?", piece):
            raise row.fault("matter_codes", f"{piece!r} names no matter")
        yield from found
