"""Random people take random steps of the whole loop; whatever became of it, the facts are what it says."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from wangge.accounts.models import Role
from wangge.audit.relay import relay_all
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.test_model import Loop
from wangge.insight.facts import rebuild_all
from wangge.insight.listeners import CHANGES_FACTS
from wangge.insight.tests.naive import retold, stored

RUNS = 4
ONLY_FACTS = dict.fromkeys(CHANGES_FACTS, ("wangge.insight.listeners.note_facts",))


class Judged(Loop):
    """The loop as a machine, whose events are heard at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON + timedelta(hours=1)  # after the case of the beginning was filed

    def teardown(self) -> None:
        try:
            relay_all(ONLY_FACTS)
            told = retold()
            assert stored() == told, "what the listener made"
            rebuild_all()
            assert stored() == told, "what is made anew"
        finally:
            super().teardown()


@pytest.mark.slow
@pytest.mark.django_db
def test_facts_of_the_whole_loop_equal_a_naive_recomputation(cast: Cast) -> None:
    _ = cast.centre
    street = cast.place.street
    Judged.cast = cast
    Judged.people = {
        **cast.everyone,
        "street_chief": cast.person("street_chief", "街道值班长", Role.DUTY_CHIEF, street),
        "street_dispatcher": cast.person("street_dispatcher", "街道派遣员", Role.DISPATCHER, street),
        "the system": None,
    }
    run_state_machine_as_test(
        Judged,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
