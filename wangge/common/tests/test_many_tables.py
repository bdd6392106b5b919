"""Tables made together are the tables made one by one."""

from typing import Any

from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState
from django.db.models import CASCADE, BigAutoField, Field, ForeignKey

from wangge.common.many_tables import CreateModels

KEY: tuple[str, "Field[Any, Any]"] = ("id", BigAutoField(primary_key=True))
STREET = CreateModel("Street", [KEY])
HOUSE = CreateModel("House", [KEY, ("street", ForeignKey("territory.street", CASCADE))])


def test_models_are_the_same_as_one_by_one() -> None:
    single, together = ProjectState(), ProjectState()
    for one in (STREET, HOUSE):
        one.state_forwards("territory", single)
    CreateModels(STREET, HOUSE).state_forwards("territory", together)
    assert together == single


def test_what_was_drawn_up_before_is_tied_to_what_comes() -> None:
    state = ProjectState()
    STREET.state_forwards("territory", state)
    assert not state.apps.get_model("territory", "street")._meta.related_objects
    CreateModels(HOUSE).state_forwards("territory", state)
    street, house = (state.apps.get_model("territory", name) for name in ("street", "house"))
    assert [tie.related_model for tie in street._meta.related_objects] == [house]


def test_it_says_of_itself_how_it_is_written() -> None:
    both = CreateModels(STREET, HOUSE)
    assert both.deconstruct() == ("CreateModels", (STREET, HOUSE), {})
    assert both.describe() == "Create 2 models"
