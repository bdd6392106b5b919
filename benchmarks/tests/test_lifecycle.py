"""A life of a case is recorded as it is: seven steps, their statements, and writes that name nothing twice."""

import re
from types import ModuleType

import pytest

from benchmarks import _replay
from benchmarks.lifecycle import STEPS, Life, call_together
from wangge.accounts import middleware
from wangge.cases import clocks
from wangge.cases.models import Case
from wangge.cases.seed import seed_configuration
from wangge.intake import keys
from wangge.intake.channels.open311 import catalogue
from wangge.registry.addresses import names
from wangge.territory import lookup

# Statements of each step, those of the session and of what guards it included; where one more is needed, say why here.
MOST = {
    "receive": 1, "file": 11, "dispatch": 9, "accept": 6, "finish": 10, "pass_check": 6, "close": 7,
}  # fmt: skip
# What a process remembers, and for how many seconds: then the next request looks again, whatever it asks. On a busy
# machine a life takes longer than that, so here nothing grows old.
MEMORIES: tuple[tuple[ModuleType, str], ...] = (
    (middleware, "GRAIN"),
    (keys, "REMEMBER_SECONDS"),
    (catalogue, "LOOK_AGAIN_SECONDS"),
    (clocks, "CHECK_SECONDS"),
    (lookup, "CHECK_SECONDS"),
    (names, "CHECK_SECONDS"),
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_recorded_life_has_seven_steps_and_a_script_that_can_be_replayed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, seconds in MEMORIES:
        monkeypatch.setattr(module, seconds, 3600)
    seed_configuration()
    people = call_together()
    statements, script = _replay.recorded(lambda send: Life(people, send).lead(), STEPS)
    assert tuple(statements) == STEPS
    assert set(Case.objects.values_list("stage", flat=True)) == {"closed"}
    assert {step: len(said) for step, said in statements.items()} == MOST
    assert script.count("BEGIN;") == script.count("COMMIT;") == len(STEPS)
    # The report and the case each have their own “file”, and a result asks for its check at once.
    assert len(re.findall(r"INSERT INTO audit_event", script)) == len(STEPS) + 2
    first_words = {line.split(maxsplit=1)[0].strip(";") for line in script.splitlines()[1:]}
    assert first_words <= {"BEGIN", "WITH", "INSERT", "UPDATE", "DELETE", "COMMIT"}
