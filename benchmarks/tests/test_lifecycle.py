"""A life of a case is recorded as it is: seven steps, their statements, and writes that name nothing twice."""

import re

import pytest

from benchmarks import _replay
from benchmarks.lifecycle import STEPS, Life, call_together
from wangge.cases.models import Case
from wangge.cases.seed import seed_configuration

MOST = 18  # statements of one step, those of the session and of what guards it included

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_recorded_life_has_seven_steps_and_a_script_that_can_be_replayed() -> None:
    seed_configuration()
    people = call_together()
    statements, script = _replay.recorded(lambda send: Life(people, send).lead(), STEPS)
    assert tuple(statements) == STEPS
    assert set(Case.objects.values_list("stage", flat=True)) == {"closed"}
    assert all(1 <= len(said) <= MOST for said in statements.values()), statements
    assert script.count("BEGIN;") == script.count("COMMIT;") == len(STEPS)
    # The report and the case each have their own “file”, and a result asks for its check at once.
    assert len(re.findall(r"INSERT INTO audit_event", script)) == len(STEPS) + 2
    first_words = {line.split(maxsplit=1)[0].strip(";") for line in script.splitlines()[1:]}
    assert first_words <= {"BEGIN", "WITH", "INSERT", "UPDATE", "DELETE", "COMMIT"}
