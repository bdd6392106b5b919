"""Finds what in a configuration contradicts itself or leads nowhere, before somebody's matter finds it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from django.utils.translation import gettext as _

from wangge.cases.configuration.content import Content
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.table import Row
from wangge.cases.configuration.tables import TABLES


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (an error blocks publication) or worth a look (a warning does not)."""

    table: str
    key: str
    sentence: str
    error: bool = False
    column: str = ""


Check = Callable[[Content, Facts], Iterator[Finding]]


def lint(content: Content, facts: Facts | None = None) -> list[Finding]:
    """Return all findings, errors first."""
    known = facts or Facts()
    found = [finding for check in CHECKS for finding in check(content, known)]
    return sorted(found, key=lambda finding: not finding.error)


def blocking(published: Content, wanted: Content, facts: Facts | None = None) -> list[Finding]:
    """The errors of a draft that are not in force already: an old fault must not keep others from being mended."""
    known = facts or Facts()
    old = {finding for finding in lint(published, known) if finding.error}
    return [finding for finding in lint(wanted, known) if finding.error and finding not in old]


def missing_names(content: Content, facts: Facts) -> Iterator[Finding]:
    """Rows that name a class, ladder, question or big choice that is not there; units and areas that are not."""
    for name, table in TABLES.items():
        for column in (column for column in table.columns if column.refers_to):
            there = content[column.refers_to]
            for key, row in content[name].items():
                said = row[column.name]
                for code in said if isinstance(said, list) else [said]:
                    if code and code not in there:
                        yield Finding(
                            name, key,
                            _("%(column)s: there is no “%(code)s”.") % {"column": column.label, "code": code},
                            error=True, column=column.name,
                        )  # fmt: skip


def classes_in_force(content: Content) -> dict[str, Row]:
    return {key: row for key, row in content["classes"].items() if row["in_force"]}


def conditions_in_force(content: Content) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in content["conditions"].values():
        if row["in_force"]:
            found[row["matter"]].append(row)
    return found


def classes_and_conditions(content: Content, facts: Facts) -> Iterator[Finding]:
    """Classes that cannot be filed, conditions without a limit or with an unknown kind of unit."""
    conditions = conditions_in_force(content)
    for code in classes_in_force(content):
        if code not in conditions:
            yield Finding("classes", code, _("No filing condition in force: such matters cannot be filed."))
    for key, row in content["conditions"].items():
        if not row["limit"]:
            yield Finding("conditions", key, _("There is no limit."), error=True, column="limit")
        if row["unit_role"] not in facts.roles:
            yield Finding(
                "conditions", key, _("The kind of unit is not known."), error=True, column="unit_role"
            )


def confidential_classes(content: Content, facts: Facts) -> Iterator[Finding]:
    """Conditions that go their way by themselves though somebody has to be named first who may see the matter."""
    conditions = conditions_in_force(content)
    for code in (code for code, row in classes_in_force(content).items() if row["confidential"]):
        for row in conditions.get(code, []):
            for column in ("auto_dispatch", "on_the_spot"):
                if row[column]:
                    yield Finding(
                        "conditions", TABLES["conditions"].key_of(row),
                        _("Its class is confidential: a duty chief names the handlers first, so this cannot be."),
                        error=True, column=column,
                    )  # fmt: skip


def classes_without_unit(content: Content, facts: Facts) -> Iterator[Finding]:
    """Classes for which the duty list names nobody, wherever it happens."""
    roles = {row["unit_role"] for row in content["duty"].values() if not row["matter"]}
    named = {row["matter"] for row in content["duty"].values()}
    conditions = conditions_in_force(content)
    for code in classes_in_force(content):
        lacking = {row["unit_role"] for row in conditions.get(code, [])} - roles
        if lacking and code not in named:
            words = "、".join(facts.roles[role].name_zh for role in sorted(lacking) if role in facts.roles)
            yield Finding(
                "classes", code, _("The duty list names no unit for it (%(kind)s).") % {"kind": words}
            )


def duty_names(content: Content, facts: Facts) -> Iterator[Finding]:
    """Units that are closed or have nobody, areas that are gone."""
    for key, row in content["duty"].items():
        unit = facts.units.get(row["unit"])
        if unit is None:
            yield Finding("duty", key, _("There is no such unit."), error=True, column="unit")
        elif not unit.alive:
            yield Finding(
                "duty",
                key,
                _("The unit “%(unit)s” is closed.") % {"unit": unit.name},
                error=True,
                column="unit",
            )
        elif not unit.people:
            yield Finding("duty", key, _("Nobody works in the unit “%(unit)s”.") % {"unit": unit.name})
        if facts.area(row["area"]) is None:
            yield Finding("duty", key, _("There is no such area in force."), error=True, column="area")
        if row["unit_role"] not in facts.roles and (row["unit_role"] or not row["matter"]):
            yield Finding("duty", key, _("The kind of work is not known."), error=True, column="unit_role")


TIMES = ("season_from", "hours", "valid_from", "valid_to")


def duty_overlaps(content: Content, facts: Facts) -> Iterator[Finding]:
    """Two rows with times for the same work in the same area that hold at the same moment.

    A row without times is the rule, one with times the exception: these two do not contradict each other.
    """
    same: dict[tuple[str, str, str], list[tuple[str, Row]]] = defaultdict(list)
    for key, row in content["duty"].items():
        if any(row[name] for name in TIMES):
            same[row["area"], row["unit_role"], row["matter"]].append((key, row))
    for rows in same.values():
        for (_first, one), (key, other) in combinations(rows, 2):
            if one["unit"] != other["unit"] and overlap(one, other):
                yield Finding(
                    "duty", key, _("It holds at the same time as the row of “%(unit)s”.")
                    % {"unit": facts.units[one["unit"]].name if one["unit"] in facts.units else one["unit"]},
                    error=True, column="hours",
                )  # fmt: skip


def overlap(one: Row, other: Row) -> bool:
    """Tell whether two rows of the duty list ever hold at the same moment."""
    return (
        (one["valid_from"] or "") < (other["valid_to"] or "9")
        and (other["valid_from"] or "") < (one["valid_to"] or "9")
        and _meet(*_season(one), *_season(other))
        and _meet(*_hours(one), *_hours(other))
    )


def _season(row: Row) -> tuple[str, str]:
    # The last day is included: "~" sorts behind every digit.
    return (row["season_from"], row["season_to"] + "~") if row["season_from"] else ("", "~")


def _hours(row: Row) -> tuple[str, str]:
    start, _to, end = row["hours"].partition("-")
    return (start, end) if start else ("", "~")


def _meet(start: str, end: str, other_start: str, other_end: str) -> bool:
    """Whether two stretches of a circle meet; one that ends before it begins goes over its top."""
    return any(
        a < d and c < b for a, b in _straight(start, end) for c, d in _straight(other_start, other_end)
    )


def _straight(start: str, end: str) -> list[tuple[str, str]]:
    return [(start, end)] if start < end else [(start, "~"), ("", end)]


def ladders(content: Content, facts: Facts) -> Iterator[Finding]:
    """Ladders without an end, without anybody named at it, or two for one clock."""
    rungs: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(content["rungs"].values(), key=lambda row: row["ordinal"]):
        rungs[row["ladder"]].append(row)
    in_force = {key: row for key, row in content["ladders"].items() if row["in_force"]}
    clocks = Counter(row["clock"] for row in in_force.values())
    for key, row in in_force.items():
        if clocks[row["clock"]] > 1:
            yield Finding(
                "ladders",
                key,
                _("Another ladder in force is climbed for the same clock."),
                error=True,
                column="clock",
            )
        if not rungs[key]:
            yield Finding("ladders", key, _("The ladder has no rung."), error=True)
        elif not rungs[key][-1]["fallback"]:
            yield Finding(
                "ladders",
                key,
                _("The highest rung names no fallback: an escalation could end with nobody."),
                error=True,
            )
        for lower, upper in pairwise(rungs[key]):
            if _height(upper) <= _height(lower):
                yield Finding(
                    "rungs", TABLES["rungs"].key_of(upper), _("This rung is reached before the one below it.")
                )
    for key, row in content["rungs"].items():
        person = facts.accounts.get(row["fallback"]) if row["fallback"] else None
        if row["fallback"] and (person is None or not person.alive):
            yield Finding(
                "rungs",
                key,
                _("The person named as fallback has no open account."),
                error=True,
                column="fallback",
            )


def _height(rung: Row) -> tuple[int, float]:
    """How late a rung is reached, to compare within one way of counting; overdue comes after the limit."""
    if rung["after_percent"] is not None:
        return 0, float(rung["after_percent"])
    kind, amount = rung["overdue"]
    return 1, float(amount) * (24 if kind.endswith("days") else 1)


def questions(content: Content, facts: Facts) -> Iterator[Finding]:
    """Questions that hang on an answer nobody can give, or on each other in a circle."""
    there = content["questions"]
    for key, row in there.items():
        leader = there.get(row["only_if"])
        if leader is None:
            continue  # without a condition, or found by `missing_names`
        keys = {answer["key"] for answer in leader["values"]}
        if unknown := [answer for answer in row["only_if_answers"] if answer not in keys]:
            yield Finding(
                "questions", key, _("“%(question)s” has no answer “%(answer)s”.")
                % {"question": leader["text"], "answer": unknown[0]}, error=True, column="only_if_answers",
            )  # fmt: skip
        if _in_circle(key, there):
            yield Finding(
                "questions", key, _("It hangs on itself, over other questions."), error=True, column="only_if"
            )
        elif not leader["in_force"] and row["in_force"]:
            yield Finding(
                "questions",
                key,
                _("It hangs on a question that is not in force and is never asked."),
                error=True,
                column="only_if",
            )
        elif row["ordinal"] <= leader["ordinal"]:
            yield Finding("questions", key, _("It is asked before the question it hangs on."))
        if lacking := sorted(set(row["matters"]) - set(leader["matters"])):
            yield Finding(
                "questions",
                key,
                _("Class %(code)s asks it, but not the question it hangs on.") % {"code": lacking[0]},
            )


def _in_circle(key: str, there: dict[str, Row]) -> bool:
    seen, now = {key}, there[key]["only_if"]
    while now in there and now not in seen:
        seen.add(now)
        now = there[now]["only_if"]
    return now in seen


def crosswalk(content: Content, facts: Facts) -> Iterator[Finding]:
    """Crossings to a class that is not in force."""
    for key, row in content["crosswalk"].items():
        if (new := content["classes"].get(row["new"])) and not new["in_force"]:
            yield Finding("crosswalk", key, _("Class %(code)s is not in force.") % {"code": row["new"]})


CHECKS: tuple[Check, ...] = (
    confidential_classes,
    missing_names, classes_and_conditions, classes_without_unit, duty_names, duty_overlaps, ladders, questions, crosswalk,
)  # fmt: skip
