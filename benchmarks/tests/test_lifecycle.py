"""A life of a case is recorded as it is: seven steps, their statements, and writes that name nothing twice."""

import re

import pytest

from benchmarks import _replay
from benchmarks.lifecycle import STEPS, Life, call_together
from wangge.cases.models import Case
from wangge.cases.seed import seed_configuration

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_recorded_life_has_seven_steps_and_a_script_that_can_be_replayed() -> None:
    seed_configuration()
    people = call_together()
    statements, script = _replay.recorded(lambda send: Life(people, send).lead(), STEPS)
    assert tuple(statements) == STEPS
    assert set(Case.objects.values_list("stage", flat=True)) == {"closed"}
    assert all(any("INSERT INTO audit_event" in sql for sql in said) for said in statements.values())
    assert script.count("BEGIN;") == script.count("COMMIT;") == len(STEPS)
    assert (
        len(re.findall(r"INSERT INTO audit_event", script)) == 9
    )  # the case has its own “file”, and its check is asked for
    assert not re.search(r"\bSELECT\b(?!.*(?:INSERT|UPDATE|gset))", script)
