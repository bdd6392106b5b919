"""The table of the loop, read aloud: every step at every stage, every step for everyone, and scopes that fail closed."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.accounts.models import Account, Role
from wangge.cases import actions, permissions
from wangge.cases.models import Case, Report
from wangge.cases.permissions import refusal
from wangge.cases.tests.cast import FAR_AWAY, IN_GRID_A, IN_GRID_C, NOON, Cast
from wangge.cases.workflow import BY_VERB, CASE_STAGES, REPORT_STAGES, STEPS, UNITLESS, Stage, Step
from wangge.territory import lookup
from wangge.territory.scopes import Reach, Scope

# Written out by hand: from which stages a step is taken. `-` means from none.
SOURCES = {
    "receive": "-",
    "verify": "received",
    "find": "verifying",
    "answer": "received",
    "decline": "received",
    "join": "received",
    "file": "received",
    "correct_report": "received verifying",
    "add": "received verifying filed",
    "rate": "answered filed",
    "publish": "received verifying answered declined withdrawn filed void",
    "split": "filed",
    "void_report": "received verifying",
    "hide_report": "received verifying",
    "urge": "received verifying filed",
    "withdraw": "received verifying filed",
    "settle": "-",
    "forward": "dispatched handling",
    "arbitrate": "arbitrating",
    "ask_help": "filed dispatched handling suspended",
    "give_help": "dispatched handling suspended",
    "ask_extension": "dispatched handling",
    "extend": "dispatched handling suspended",
    "refuse_extension": "filed arbitrating dispatched handling suspended done checking passed",
    "ask_suspension": "handling",
    "suspend": "handling",
    "refuse_suspension": "filed arbitrating dispatched handling suspended done checking passed",
    "resume": "suspended",
    "skip_check": "done",
    "refuse_reopen": "closed",
    "ask_recheck": "closed",
    "pass_recheck": "closed",
    "fail_recheck": "closed",
    "merge": "filed arbitrating dispatched handling suspended done checking passed",
    "ask_void": "filed arbitrating dispatched handling suspended done checking passed",
    "void": "filed arbitrating dispatched handling suspended done checking passed",
    "refuse_void": "filed arbitrating dispatched handling suspended done checking passed",
    "hand_up": "filed arbitrating dispatched handling suspended done checking passed",
    "hand_down": "filed arbitrating dispatched handling suspended done checking passed",
    "supervise": "filed arbitrating dispatched handling suspended done checking passed",
    "reply_supervision": "filed arbitrating dispatched handling suspended done checking passed closed void",
    "end_supervision": "filed arbitrating dispatched handling suspended done checking passed closed void",
    "escalate": "filed arbitrating dispatched handling done checking passed",
    "escalate_report": "received verifying",
    "hide_case": "filed arbitrating dispatched handling suspended done checking passed",
    "name_handlers": "filed arbitrating dispatched handling suspended done checking passed closed void",
    "dispatch": "filed",
    "recall": "dispatched",
    "accept": "dispatched",
    "send_back": "dispatched handling",
    "finish": "handling",
    "request_check": "done",
    "pass_check": "checking",
    "fail_check": "checking",
    "close": "passed",
    "reopen": "closed",
    "correct": "filed arbitrating dispatched handling suspended done checking passed",
    "comment": "filed arbitrating dispatched handling suspended done checking passed closed void",
    "publish_photo": "filed arbitrating dispatched handling suspended done checking passed closed void",
}
# Written out by hand: who of the cast may take a step on the lamp in grid A that was dispatched to the lamp unit.
WHO = {
    "receive": "",
    "verify": "acceptor duty_chief",
    "find": "grid_worker neighbour",
    "answer": "acceptor duty_chief",
    "decline": "acceptor duty_chief",
    "join": "acceptor duty_chief",
    "file": "duty_chief",
    "correct_report": "acceptor duty_chief",
    "add": "",
    "rate": "",
    "publish": "acceptor duty_chief",
    "split": "acceptor duty_chief",
    "void_report": "duty_chief",
    "hide_report": "acceptor duty_chief",
    "urge": "",
    "withdraw": "",
    "settle": "",
    "forward": "clerk",
    "arbitrate": "duty_chief dispatcher",
    "ask_help": "dispatcher clerk",
    "give_help": "",
    "ask_extension": "clerk",
    "extend": "dispatcher",
    "refuse_extension": "dispatcher",
    "ask_suspension": "clerk",
    "suspend": "duty_chief",
    "refuse_suspension": "duty_chief",
    "resume": "duty_chief clerk",
    "skip_check": "",
    "refuse_reopen": "duty_chief",
    "ask_recheck": "duty_chief",
    "pass_recheck": "grid_worker neighbour",
    "fail_recheck": "grid_worker neighbour",
    "merge": "acceptor duty_chief",
    "ask_void": "acceptor dispatcher",
    "void": "duty_chief",
    "refuse_void": "duty_chief",
    "hand_up": "duty_chief dispatcher",
    "hand_down": "duty_chief dispatcher",
    "supervise": "overseer",
    "reply_supervision": "duty_chief clerk",
    "end_supervision": "overseer",
    "escalate": "",
    "escalate_report": "",
    "hide_case": "acceptor duty_chief",
    "name_handlers": "duty_chief",
    "dispatch": "dispatcher",
    "recall": "dispatcher",
    "accept": "clerk",
    "send_back": "clerk",
    "finish": "clerk",
    "request_check": "dispatcher duty_chief",
    "pass_check": "grid_worker neighbour",
    "fail_check": "grid_worker neighbour",
    "close": "duty_chief",
    "reopen": "duty_chief",
    "correct": "acceptor duty_chief",
    "comment": "acceptor duty_chief dispatcher clerk grid_worker neighbour overseer",
    "publish_photo": "acceptor duty_chief",
}
# What the system takes itself, and what a reporter takes with the secret code.
WITHOUT_AN_ACCOUNT = {
    "add", "urge", "withdraw", "rate", "dispatch", "request_check", "skip_check", "resume", "close", "ask_recheck", "escalate",
    "escalate_report",
}  # fmt: skip

# A helping unit's right hangs on having been asked; the tests of units tell of it.
STEP_AND_STAGE = [
    (step, stage)
    for step in STEPS
    if step.verb != "give_help"
    for stage in (REPORT_STAGES if step.subject == "report" else CASE_STAGES)
]


def first_source(step: Step) -> str:
    return SOURCES[step.verb].split()[0].replace("-", "received")


def subject_at(step: Step, path: str, stage: str, unit_id: int | None) -> Report | Case:
    """A report or case that stands at a stage without having walked there."""
    if step.subject == "report":
        return Report(area_path=path, stage=stage)
    return Case(area_path=path, stage=stage, unit_id=unit_id)


def person_with(scope: Scope) -> Account:
    person = Account(username="someone", name="某人", is_active=True)
    person._scope = scope  # type: ignore[attr-defined]  # what `scope_of` remembers
    return person


def whoever_may(step: Step) -> Account | None:
    """Somebody whose post is right for a step, so that only the stage can be wrong; None for steps without account."""
    roles = step.roles | step.unit_roles | step.grid_roles  # a helper's right hangs on having been asked
    reaches = tuple(Reach(role, "/1/", 1) for role in roles)
    return person_with(Scope(reaches, unit_id=7)) if roles else None


def test_the_hand_written_tables_name_every_step() -> None:
    assert set(SOURCES) == set(WHO) == set(BY_VERB)


@pytest.mark.parametrize(("step", "stage"), STEP_AND_STAGE, ids=lambda value: getattr(value, "verb", value))
def test_a_step_is_possible_only_from_its_stages(step: Step, stage: Stage) -> None:
    sentence = refusal(step, subject_at(step, "/1/2/3/", stage, 7), whoever_may(step))
    if stage in SOURCES[step.verb].split():
        assert sentence is None
    else:
        assert sentence is not None
        assert str(stage.label) in sentence, "the sentence says where the matter stands"


@pytest.mark.django_db
def test_a_step_is_for_exactly_these_people(cast: Cast) -> None:
    path, unit = cast.place.grid_a.path, cast.lamps.pk
    everyone = cast.everyone
    for step in STEPS:
        matter = subject_at(step, path, first_source(step), unit)
        may = {name for name, person in everyone.items() if refusal(step, matter, person) is None}
        assert may == set(WHO[step.verb].split()), step.verb


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.verb)
def test_only_some_steps_are_taken_without_an_account(step: Step) -> None:
    sentence = refusal(step, subject_at(step, "/1/", first_source(step), 7), None)
    assert (sentence is None) == (step.verb in WITHOUT_AN_ACCOUNT)


@pytest.mark.django_db
def test_the_unit_sees_a_case_while_it_is_its_own(cast: Cast) -> None:
    for stage in CASE_STAGES:
        case = Case(area_path=cast.place.grid_a.path, stage=stage, unit=cast.lamps)
        assert permissions.may_see_case(cast.clerk, case) == (stage not in UNITLESS)
        assert not permissions.may_see_case(cast.other_clerk, case)


@pytest.mark.django_db
def test_lists_and_single_looks_agree_for_everyone(cast: Cast) -> None:
    """What a list shows may be opened; only a neighbour's worker may open a little more than the list shows."""
    for stage in (Stage.FILED, Stage.DISPATCHED, Stage.CHECKING, Stage.CLOSED):
        cast.case_at(stage)
    for point in (IN_GRID_A, IN_GRID_C):
        cast.report(point)
    for name, person in cast.everyone.items():
        cases = set(Case.objects.filter(permissions.visible_cases(person)))
        reports = set(Report.objects.filter(permissions.visible_reports(person)))
        may_open = {case for case in Case.objects.all() if permissions.may_see_case(person, case)}
        may_read = {report for report in Report.objects.all() if permissions.may_see_report(person, report)}
        assert cases <= may_open
        assert reports <= may_read
        if name != "neighbour":
            assert (cases, reports) == (may_open, may_read), name
    assert not Case.objects.filter(permissions.visible_cases(cast.stranger)).exists()
    assert not Report.objects.filter(permissions.visible_reports(cast.stranger)).exists()


@pytest.mark.django_db
def test_a_report_with_only_an_address_is_no_business_of_a_worker_of_the_other_county(cast: Cast) -> None:
    _ = cast.centre  # a report without a place is received for its county
    lookup.forget()
    over_there = cast.place.grid("990102001001001", "西区网格", cast.place.elsewhere, 119.90)
    outsider = cast.person("outsider", "西区网格员", Role.GRID_WORKER, over_there)
    report = cast.report(point=None)
    assert report.area_path == cast.place.county.path
    actions.ask_to_verify(report, by=cast.acceptor, at=NOON)
    assert refusal(BY_VERB["find"], report, outsider)
    assert not permissions.may_see_report(outsider, report)
    assert refusal(BY_VERB["find"], report, cast.grid_worker) is None


@pytest.mark.django_db
def test_outside_every_grid_only_the_community_of_the_nearest_one_helps_out(cast: Cast) -> None:
    report = cast.report(FAR_AWAY)
    actions.ask_to_verify(report, by=cast.acceptor, at=NOON)
    assert report.area_path == cast.place.grid_c.path.rsplit("/", 2)[0] + "/"
    assert refusal(BY_VERB["find"], report, cast.far_worker) is None
    assert refusal(BY_VERB["find"], report, cast.neighbour)


@pytest.mark.django_db
def test_micro_grids_belong_to_the_community_of_their_grid(cast: Cast) -> None:
    place = cast.place
    micro = place.area("990101001001001001", "甲微网格", "micro", place.grid_a)
    assert lookup.community_of(micro.path) == place.community.path
    assert lookup.community_of(place.street.path) == place.street.path


# -- Scopes fail closed, whatever they are ---------------------------------------------------------------

paths = st.lists(st.integers(1, 3), min_size=1, max_size=5).map(lambda ids: f"/{'/'.join(map(str, ids))}/")
reaches = st.builds(Reach, role=st.sampled_from(list(Role)), path=paths, area_id=st.just(1))
scopes = st.builds(
    Scope, reaches=st.lists(reaches, max_size=4).map(tuple), unit_id=st.sampled_from([None, 1, 2])
)
stages = st.sampled_from(list(Stage))


def community_of(path: str) -> str:
    return "/".join(path.split("/")[:4]).rstrip("/") + "/"


@pytest.fixture(scope="module")
def _made_up_communities() -> Iterator[None]:
    """In the made-up tree the third level is the community."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permissions, "community_of", community_of)
        yield


@given(step=st.sampled_from(STEPS), path=paths, stage=stages, unit_id=st.sampled_from([None, 1]))
def test_nothing_in_force_allows_nothing(step: Step, path: str, stage: str, unit_id: int | None) -> None:
    assert (
        refusal(step, subject_at(step, path, stage, unit_id), person_with(Scope(unit_id=unit_id))) is not None
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_made_up_communities")
@given(
    step=st.sampled_from(STEPS), scope=scopes, path=paths, stage=stages, unit_id=st.sampled_from([None, 1, 2])
)
def test_whoever_may_holds_a_post_of_the_step_that_reaches_the_place_or_the_unit(
    step: Step, scope: Scope, path: str, stage: str, unit_id: int | None
) -> None:
    matter = subject_at(step, path, stage, unit_id)
    if refusal(step, matter, person_with(scope)) is not None:
        return
    assert stage in step.sources
    community = community_of(path)
    assert any(
        (reach.role in step.roles and path.startswith(reach.path))
        or (
            reach.role in step.grid_roles
            and (path.startswith(reach.path) or reach.path.startswith(community))
        )
        or (reach.role in step.unit_roles and unit_id is not None and unit_id == scope.unit_id)
        for reach in scope.reaches
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_made_up_communities")
@given(scope=scopes, path=paths, stage=stages)
def test_a_person_sees_only_what_a_post_reaches(scope: Scope, path: str, stage: str) -> None:
    case = Case(area_path=path, stage=stage, unit_id=3)
    if permissions.may_see_case(person_with(scope), case):
        community = community_of(path)
        assert any(path.startswith(r.path) or r.path.startswith(community) for r in scope.reaches)


@pytest.mark.django_db
def test_no_post_no_rows(cast: Cast) -> None:
    cast.case_at(Stage.CHECKING)
    nobody = person_with(Scope(unit_id=cast.lamps.pk))
    assert not Case.objects.filter(permissions.visible_cases(nobody)).exists()
    assert not Report.objects.filter(permissions.visible_reports(nobody)).exists()
    assert not Case.objects.filter(permissions.at_desk(nobody, case=True)).exists()
