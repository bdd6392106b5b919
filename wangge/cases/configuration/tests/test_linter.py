"""The linter finds what leads nowhere, blocks what contradicts itself, and does not make old faults the draft's."""

from copy import deepcopy
from typing import Any

import pytest

from wangge.cases.configuration.content import Content, published
from wangge.cases.configuration.linter import Finding, blocking, lint, overlap
from wangge.cases.models import Ladder
from wangge.cases.tests.cast import Cast

RUNG = {
    "ladder": "handling", "ordinal": 9, "after_percent": None, "overdue": ["working_days", "9"], "role": "leader",
    "level": "", "unit": "", "fallback": "overseer",
}  # fmt: skip


@pytest.fixture
def content(cast: Cast) -> Content:
    """As shipped, with a duty list, and with a named end of each ladder."""
    assert cast.lamps.duty_rows.exists()
    assert cast.overseer.is_active
    assert cast.clerk.unit == cast.lamps
    found = published()
    for ladder in found["ladders"]:
        found["rungs"][f"{ladder}|9"] = {**RUNG, "ladder": ladder, "overdue": ["working_days", "20"]}
    return found


def about(found: list[Finding], table: str, key: str, *, error: bool = True) -> list[str]:
    return [
        finding.sentence
        for finding in found
        if (finding.table, finding.key, finding.error) == (table, key, error)
    ]


def test_what_is_shipped_has_no_error_but_that_nobody_is_named_at_the_end_of_its_ladders(cast: Cast) -> None:
    errors = [finding for finding in lint(published()) if finding.error]
    shipped = Ladder.objects.values_list("code", flat=True)
    assert {(finding.table, finding.key) for finding in errors} == {("ladders", code) for code in shipped}


def test_a_whole_configuration_has_no_error(content: Content) -> None:
    assert [finding for finding in lint(content) if finding.error] == []


def duty(**more: Any) -> dict[str, Any]:
    return {
        "area": "990101", "unit_role": "water", "matter": "", "season_from": "", "season_to": "", "hours": "",
        "valid_from": None, "valid_to": None, "unit": "LAMPS", **more,
    }  # fmt: skip


BAD: list[tuple[str, str, dict[str, Any], str]] = [
    ("crosswalk", "P0101|99999", {"old": "P0101", "new": "99999", "certain": True}, "no “99999”"),
    ("questions", "lamp_number", {"only_if": "gone", "only_if_answers": ["x"]}, "no “gone”"),
    ("questions", "lamp_number", {"only_if": "lamp_extent", "only_if_answers": ["moon"]}, "no answer “moon”"),
    ("questions", "lamp_number", {"only_if": "lamp_number", "only_if_answers": ["x"]}, "hangs on itself"),
    ("conditions", "01037|1", {"limit": None}, "no limit"),
    ("conditions", "01037|1", {"unit_role": "circus"}, "not known"),
    ("conditions", "01037|1", {"matter": "77777"}, "no “77777”"),
    ("duty", "x", duty(unit="NOBODY"), "no such unit"),
    ("duty", "x", duty(area="123"), "no such area"),
    ("ladders", "handling", {"clock": "whole"}, "same clock"),
    ("rungs", "handling|9", {"fallback": "nobody"}, "no open account"),
    ("rungs", "x", {**RUNG, "ladder": "gone"}, "no “gone”"),
]


@pytest.mark.parametrize(("table", "key", "said", "sentence"), BAD)
def test_a_contradiction_is_an_error(
    content: Content, table: str, key: str, said: dict[str, Any], sentence: str
) -> None:
    content[table][key] = {**content[table].get(key, {}), **said}
    assert any(sentence in found for found in about(lint(content), table, key))


def test_a_ladder_without_rung_or_without_a_named_end_is_an_error(content: Content) -> None:
    content["rungs"] = {key: row for key, row in content["rungs"].items() if row["ladder"] != "whole"}
    content["rungs"].pop("handling|9")
    assert about(lint(content), "ladders", "whole") == ["The ladder has no rung."]
    assert "names no fallback" in about(lint(content), "ladders", "handling")[0]


def test_what_is_only_odd_is_a_warning(content: Content) -> None:
    content["duty"] = {"a": duty(), "b": duty(unit_role="gas", unit="WATER")}
    content["conditions"] = {
        key: row for key, row in content["conditions"].items() if row["matter"] != "01037"
    }
    content["classes"]["01001"]["in_force"] = False
    found = lint(content)
    assert about(found, "classes", "01037", error=False) == [
        "No filing condition in force: such matters cannot be filed."
    ]
    assert "names no unit" in about(found, "classes", "06010", error=False)[0]
    assert "not in force" in about(found, "crosswalk", "P0101|01001", error=False)[0]


def test_a_unit_without_people_is_a_warning_and_a_closed_one_an_error(cast: Cast, content: Content) -> None:
    cast.water.save()
    content["duty"]["x"] = duty(unit="WATER")
    assert "Nobody works" in about(lint(content), "duty", "x", error=False)[0]
    cast.water.closed_on = cast.clerk.created_at.date()
    cast.water.save()
    assert "is closed" in about(lint(content), "duty", "x")[0]


NIGHT, DAY = {"hours": "18:00-08:00"}, {"hours": "08:00-18:00"}
SUMMER, WINTER = (
    {"season_from": "06-01", "season_to": "09-30"},
    {"season_from": "11-15", "season_to": "06-01"},
)


@pytest.mark.parametrize(
    ("one", "other", "yes"),
    [
        (NIGHT, DAY, False),
        (NIGHT, {"hours": "07:00-09:00"}, True),
        (NIGHT, {"hours": "22:00-23:00"}, True),
        (SUMMER, WINTER, True),
        (SUMMER, {"season_from": "10-01", "season_to": "05-31"}, False),
        (SUMMER, NIGHT, True),
        ({"valid_to": "2026-07-01"}, {"valid_from": "2026-07-01"}, False),
        ({"valid_to": "2026-07-02"}, {"valid_from": "2026-07-01"}, True),
        ({**SUMMER, **NIGHT}, {**SUMMER, **DAY}, False),
    ],
)
def test_rows_overlap_when_a_moment_is_in_both(one: dict[str, Any], other: dict[str, Any], yes: bool) -> None:
    assert overlap(duty(**one), duty(**other)) is yes
    assert overlap(duty(**other), duty(**one)) is yes


def test_overlapping_duty_is_an_error_but_the_exception_beside_its_rule_is_none(
    cast: Cast, content: Content
) -> None:
    assert cast.water.code
    content["duty"] |= {"rule": duty(), "night": duty(**NIGHT, unit="WATER")}
    assert not about(lint(content), "duty", "night")
    content["duty"]["evening"] = duty(hours="17:00-19:00")
    assert "at the same time" in about(lint(content), "duty", "evening")[0]


def test_an_error_that_is_in_force_already_does_not_block_others(cast: Cast) -> None:
    now = published()
    wanted = deepcopy(now)
    assert blocking(now, wanted) == []
    wanted["conditions"]["01037|1"]["limit"] = None
    assert [finding.key for finding in blocking(now, wanted)] == ["01037|1"]


def test_a_confidential_class_goes_nowhere_by_itself(content: Content) -> None:
    content = deepcopy(content)
    content["classes"]["01037"]["confidential"] = True
    key = next(key for key, row in content["conditions"].items() if row["matter"] == "01037")
    content["conditions"][key] |= {"auto_dispatch": True, "on_the_spot": False}
    assert len(about(lint(content), "conditions", key)) == 1
    content["conditions"][key]["on_the_spot"] = True
    assert len(about(lint(content), "conditions", key)) == 2
    content["classes"]["01037"]["confidential"] = False
    assert about(lint(content), "conditions", key) == []
