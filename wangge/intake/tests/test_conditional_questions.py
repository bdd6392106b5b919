"""A question that hangs on an answer: the same rule on the web form, over the API and as an Open311 attribute."""

import pytest

from wangge.cases.models import MatterClass, Question
from wangge.cases.tests.cast import Cast
from wangge.intake.channels.open311 import catalogue
from wangge.intake.channels.open311.answers import answers_of
from wangge.intake.channels.open311.services import definition
from wangge.intake.channels.web.questions import QuestionsForm

COVER = "01001"


@pytest.fixture
def matter(cast: Cast) -> MatterClass:
    """Whoever says that a cover is a danger is asked whether somebody stands by, and must say so."""
    found = MatterClass.objects.get(code=COVER)
    Question.objects.filter(matters=found).exclude(code="cover_danger").update(in_force=False)
    leader = Question.objects.get(code="cover_danger")
    question = Question.objects.create(
        code="cover_guarded", ordinal=9, datatype="singlevaluelist", required=True, text="有人看守吗？",
        text_en="Does somebody stand by?", only_if=leader, only_if_answers=["yes"],
        values=[{"key": "yes", "zh": "有", "en": "Yes"}, {"key": "no", "zh": "没有", "en": "No"}],
    )  # fmt: skip
    question.matters.add(found)
    catalogue.look_again()
    return found


ASKED = [
    ({"cover_danger": "yes", "cover_guarded": "no"}, {"cover_danger": "yes", "cover_guarded": "no"}, 0),
    ({"cover_danger": "yes"}, {"cover_danger": "yes"}, 1),
    ({"cover_danger": "no"}, {"cover_danger": "no"}, 0),
    ({"cover_danger": "no", "cover_guarded": "yes"}, {"cover_danger": "no"}, 0),
    ({"cover_danger": "no", "cover_guarded": "nonsense"}, {"cover_danger": "no"}, 0),
]


@pytest.mark.parametrize(("given", "kept", "faults"), ASKED)
def test_on_the_web_form(
    matter: MatterClass, given: dict[str, str], kept: dict[str, str], faults: int
) -> None:
    form = QuestionsForm(matter, {f"q_{code}": answer for code, answer in given.items()})
    assert form.is_valid() is (faults == 0)
    assert len(form.errors) == faults
    assert form.answers() == kept


@pytest.mark.parametrize(("given", "kept", "faults"), ASKED)
def test_over_the_interfaces(
    matter: MatterClass, given: dict[str, str], kept: dict[str, str], faults: int
) -> None:
    service = catalogue.catalogue().services[COVER]
    answers, found = answers_of(service, {f"attribute[{code}]": [answer] for code, answer in given.items()})
    assert (answers, len(found)) == (kept, faults)


def test_the_interfaces_say_when_it_is_asked(matter: MatterClass) -> None:
    attributes = definition(catalogue.catalogue().services[COVER])["attributes"]
    told = {attribute["code"]: attribute for attribute in attributes}
    assert set(told) == {"cover_danger", "cover_guarded"}  # those out of force are not asked
    assert told["cover_guarded"]["only_if"] == {"code": "cover_danger", "values": "yes"}
    assert told["cover_guarded"]["required"] is False  # not in every report
    assert "only_if" not in told["cover_danger"]


def test_a_form_names_what_a_question_hangs_on(matter: MatterClass) -> None:
    rows = [(field.name, leader, answers) for field, leader, answers in QuestionsForm(matter).rows()]
    assert rows == [("q_cover_danger", "", ""), ("q_cover_guarded", "q_cover_danger", "yes")]
