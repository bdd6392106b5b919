"""Scorecards: every number opens a list as long as it, live and frozen; worked examples; who may, and what is not shown."""

import html
import re
from collections import Counter
from copy import deepcopy
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from wangge.accounts.models import Account, Role
from wangge.accounts.tests import people
from wangge.audit.models import AccessEntry
from wangge.audit.relay import relay_all
from wangge.cases import actions as steps
from wangge.cases.models import Report
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.common.typeface import EMBEDDED, NAMED, typeface
from wangge.insight import actions
from wangge.insight.facts import rebuild_all
from wangge.insight.measures.cards import AREA, CARDS, DEPARTMENT, DISPATCHER, INSPECTOR, Card
from wangge.insight.measures.evaluation import COUNT_OF, COUNTS, RATIOS, read_period
from wangge.insight.models import Appeal, FrozenFact, Scorecard, StageFact
from wangge.insight.queries.cards import Row, Sight, read_sight, rows_of
from wangge.insight.queries.frozen import frozen_rows
from wangge.insight.queries.rules import rule_of
from wangge.insight.scoring.schemes import SHIPPED, Scheme, Term
from wangge.insight.scoring.scores import Score, grade_of, points_of, score_of
from wangge.insight.tests.conftest import SignIn
from wangge.territory.models import Level

pytestmark = pytest.mark.django_db

JUNE = "2026-06"
JULY_5 = NOON + timedelta(days=25)
LINK = re.compile(r'<a[^>]*href="(/scorecards/[^"]*list/[^"]+)"[^>]*>(\d+)</a>')
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def told(told_month: Cast) -> Cast:
    """The month of `conftest`, with a case that went the whole road, one reworked and one sent back."""
    cast = told_month
    closed = cast.case_at(Stage.CLOSED)
    steps.rate_report(closed.reports.get(), solved=True, result=3, attitude=2, at=NOON + 9 * HOUR)
    reworked = cast.case_at(Stage.CHECKING)
    cast.fail(reworked, NOON + 5 * HOUR)
    returned = cast.case_at(Stage.DISPATCHED)
    steps.send_back_case(
        returned, reason=cast.send_back_reason, note="不归我们", by=cast.clerk, at=NOON + 3 * HOUR
    )
    cast.report_at(Stage.DECLINED)
    relay_all()
    rebuild_all()
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return deepcopy(told)


@pytest.fixture
def june(cast: Cast) -> datetime:
    """All that has been told, and now it is July."""
    return JULY_5


@pytest.fixture
def now(june: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is the fifth of July for every page."""
    for view in ("scorecards", "own"):
        monkeypatch.setattr(f"wangge.insight.views.{view}.timezone.now", lambda: june)
    return june


def sight(cast: Cast, card: str, at: datetime, **query: object) -> Sight:
    said = QueryDict(mutable=True)
    said.update({"period": JUNE} | {name: str(word) for name, word in query.items()})
    return read_sight(said, card, cast.overseer, at)


def points(score: Score | None) -> float:
    assert score is not None
    assert score.points is not None
    return score.points


def row_named(rows: list[Row], name: str) -> Row:
    return next(row for row in rows if row.name == name)


def numbers(row: Row) -> dict[str, int]:
    return {code: number.number for code, number in row.numbers.items()}


def test_departments_by_hand(cast: Cast, june: datetime) -> None:
    counted = numbers(row_named(rows_of(sight(cast, "department", june)), "市政路灯所"))
    facts = StageFact.objects.filter(unit=cast.lamps, kind="handle")
    done = [f for f in facts if f.ended_at and f.ended_at.month == 6 and f.outcome in ("finish", "close")]
    due = [f for f in facts if f.due_at and f.due_at.month == 6 and f.ended_at is None]
    assert counted["handle_done"] == len(done)
    assert counted["handle_should"] == len(done) + len(due)
    assert counted["handle_in_time"] + counted["handle_late"] == counted["handle_done"]
    assert counted["handle_late"] == 0
    may = numbers(row_named(rows_of(sight(cast, "department", june, period="2026-05")), "市政路灯所"))
    assert (may["handle_late"], may["handle_should"]) == (1, 2), (
        "one in time and the late one, both closed before June"
    )
    assert counted["sent_back"] == 1
    assert counted["reworked"] == 1
    assert (counted["rated"], counted["solved"], counted["satisfied"]) == (1, 1, 1)


def test_every_number_opens_a_list_that_is_as_long(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    browser = signed_in(cast.overseer)
    for card, level in [(card.code, "street") for card in CARDS] + [
        ("area", "grid"),
        ("levels", "community"),
    ]:
        page = browser.get(f"/scorecards/{card}/?period={JUNE}&level={level}").content.decode()
        found = {(html.unescape(url), int(number)) for url, number in LINK.findall(page)}
        assert found or "不足五人" in page or "Fewer than five" in page
        for url, number in sorted(found):
            answer = browser.get(url)
            assert answer.status_code == 200, url
            assert answer.context["page"].paginator.count == number, url
            assert len(answer.context["lines"]) == min(number, 50)


def test_areas_add_up_whatever_the_level(cast: Cast, june: datetime) -> None:
    sums = []
    for level in (Level.COUNTY, Level.STREET, Level.COMMUNITY, Level.GRID):
        total: Counter[str] = Counter()
        for row in rows_of(sight(cast, "area", june, level=level)):
            total.update(numbers(row))
        sums.append(total)
    assert all(one == sums[0] for one in sums)
    assert sums[0]["filed"] > 0


def test_over_nothing_there_is_a_dash_and_no_score(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    page = signed_in(cast.overseer).get("/scorecards/area/?period=2020-01&level=street")
    (row,) = page.context["rows"]
    assert row.score.points is None
    assert {rate.per_cent for rate in row.rates(AREA)} == {None}
    assert "–" in page.content.decode()


def test_teams_of_fewer_than_five_have_no_figures(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    browser = signed_in(cast.overseer)
    page = browser.get(f"/scorecards/dispatcher/?period={JUNE}")
    assert {row.suppressed for row in page.context["rows"]} == {True}
    assert not LINK.findall(page.content.decode())
    address = f"/scorecards/dispatcher/list/?period={JUNE}&what=dispatch_done&area={cast.place.county.pk}"
    assert browser.get(address).status_code == 404


def test_a_team_of_five_has_figures_and_nobody_is_named(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    for number in range(5):
        name = f"dispatcher {number}"
        colleague = cast.person(name, name, Role.DISPATCHER, cast.place.county, cast.centre)
        case = cast.file(cast.report())
        steps.dispatch_case(case, to=cast.lamps, by=colleague, at=NOON + HOUR)
    relay_all()
    browser = signed_in(cast.overseer)
    page = browser.get(f"/scorecards/dispatcher/?period={JUNE}")
    row = row_named(page.context["rows"], "东区")
    assert not row.suppressed
    assert points(row.score) > 0
    assert numbers(row)["dispatch_done"] >= 5
    listed = browser.get(row.numbers["dispatch_done"].url)
    assert listed.context["page"].paginator.count == numbers(row)["dispatch_done"]
    assert "dispatcher 3" not in page.content.decode() + listed.content.decode()


def test_what_one_worker_did_in_a_grid_is_shown_to_nobody_else(
    cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    browser = signed_in(cast.overseer)
    for area in (cast.place.grid_a, cast.place.community, cast.place.county):
        address = f"?period={JUNE}&area={area.pk}"
        page = browser.get(f"/scorecards/area/{address}&level=grid")
        stages = {
            stage.numbers[0].count.code if stage.numbers else "": stage for stage in page.context["stages"]
        }
        assert [stage.suppressed for stage in page.context["stages"]].count(True) == 2, area
        assert stages["whole_should"].numbers[0].number > 0, "what was done about the place stays"
        assert "verify_done" not in page.content.decode()
        assert "–" in page.content.decode()
        for what in ("check_done", "check_late", "verify_open"):
            assert browser.get(f"/scorecards/area/list/{address}&what={what}").status_code == 404, what
        assert browser.get(f"/scorecards/area/list/{address}&what=whole_done").status_code == 200


def test_what_five_workers_did_is_shown_of_their_community_and_not_of_a_grid(
    cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    checked = list(StageFact.objects.filter(kind="check", area_path=cast.place.grid_a.path))
    for number in range(5):
        worker = cast.person(f"worker {number}", "网格员", Role.GRID_WORKER, cast.place.grid_a)
        copy = checked[0]
        copy.pk, copy.ordinal, copy.ended_by = None, 50 + number, worker
        copy.outcome, copy.ended_at, copy.in_time = "pass_check", NOON, True
        copy.save()
    browser = signed_in(cast.overseer)
    address = f"/scorecards/area/list/?period={JUNE}&what=check_done&area="
    listed = browser.get(f"{address}{cast.place.community.pk}")
    assert listed.context["page"].paginator.count >= 5
    assert browser.get(f"{address}{cast.place.grid_a.pk}").status_code == 404
    page = browser.get(f"/scorecards/area/?period={JUNE}&area={cast.place.community.pk}")
    assert not any(stage.suppressed for stage in page.context["stages"])


def test_who_sees_scorecards(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    lead = cast.person("lead", "路灯所所长", Role.UNIT_LEAD, cast.place.county, cast.lamps)
    lookers = {"overseer": cast.overseer, "duty_chief": cast.duty_chief, "lead": lead}
    for name, person in {**cast.everyone, "lead": lead}.items():
        expected = 200 if name in lookers or name == "stranger" else 404
        assert signed_in(person).get("/scorecards/department/").status_code == expected, name
    assert signed_in(lead).get("/scorecards/area/").status_code == 404
    assert Client().get("/scorecards/department/").status_code == 302


def test_a_units_lead_sees_the_unit_and_no_other(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    lead = cast.person("lead", "自来水经理", Role.UNIT_LEAD, cast.place.county, cast.water)
    page = signed_in(lead).get(f"/scorecards/department/?period={JUNE}")
    assert [row.name for row in page.context["rows"]] == ["自来水公司"]
    other = f"/scorecards/department/list/?period={JUNE}&what=handle_done&unit={cast.lamps.pk}"
    assert signed_in(lead).get(other).context["page"].paginator.count == 0


def test_a_stranger_counts_nothing_of_this_district(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    page = signed_in(cast.stranger).get(f"/scorecards/area/?period={JUNE}&level=county")
    assert [row.name for row in page.context["rows"]] == ["西区"]
    assert {number.number for row in page.context["rows"] for number in row.numbers.values()} == {0}


def test_everybody_sees_their_own_and_nobody_elses(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    page = signed_in(cast.dispatcher).get(f"/scorecards/mine/?period={JUNE}")
    own = {one.number.count.code: one.number for one in page.context["own"]}
    assert (
        own["dispatch_done"].number
        == StageFact.objects.filter(ended_by=cast.dispatcher, kind="dispatch").count()
    )
    listed = signed_in(cast.dispatcher).get(own["dispatch_done"].url)
    assert listed.context["page"].paginator.count == own["dispatch_done"].number
    assert signed_in(cast.far_worker).get(f"/scorecards/mine/?period={JUNE}").context["own"] == []


def test_a_period_that_is_none_is_said_and_kept(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.overseer)
    assert browser.get("/scorecards/department/", {"period": ""}).status_code == 200
    for period in ("yesterday", "2026-13", "2026-Q5", "2026-06-30~2026-06-01", "1~2", "0000"):
        answer = browser.get("/scorecards/department/", {"period": period})
        assert answer.status_code == 422, period
        assert f'value="{period}"' in answer.content.decode()


def test_periods() -> None:
    assert read_period("2026-Q4").start == date(2026, 10, 1)
    assert read_period("2026-12").end == date(2027, 1, 1)
    assert read_period("2026").days == 365
    assert read_period("2026-06-01~2026-06-15").days == 15
    with pytest.raises(Refused):
        read_period("2024-01-01~2026-01-01")


# -- Scores ------------------------------------------------------------------------------------------


def test_the_published_sample_of_closing_rates() -> None:
    tally: Counter[str] = Counter(whole_done=911, whole_should=972, whole_in_time=737)
    closed, in_time = (Term(1, rate=code) for code in ("closed_rate", "closed_in_time_rate"))
    assert points_of(closed, tally, days=30) == pytest.approx(93.72, abs=0.01)
    assert points_of(in_time, tally, days=30) == pytest.approx(75.82, abs=0.01)


def test_a_department_by_hand() -> None:
    tally: Counter[str] = Counter(
        received_by_unit=60, whole_done=9, whole_should=10, handle_in_time=8, handle_should=10, reworked=1
    )
    # 10 % of band 90, 30 % of 90, 30 % of 80, 30 % of (100 − 10)
    score = score_of(SHIPPED["department"], tally, days=30)
    assert (score.points, score.grade) == (87.0, "B")


def test_an_area_by_hand_where_the_sources_contradict_each_other() -> None:
    tally: Counter[str] = Counter(filed=8, public=2, whole_done=9, whole_should=10, whole_in_time=5)
    # 10 % of (100 − 25), 20 % of the band of 4 for each of 2 grids, 30 % of 90, 40 % of 50
    score = score_of(SHIPPED["area"], tally, days=30, grids=2)
    assert score.points == pytest.approx(7.5 + 15 + 27 + 20)
    assert score.grade == "C"


def test_a_term_over_nothing_leaves_its_weight_to_the_others() -> None:
    tally: Counter[str] = Counter(
        worker_valid=8, worker_decided=10, missed=5, filed=10, check_in_time=1, check_should=1
    )
    # 40 % of 80, 20 % of 50, 20 % of 100; nothing was to be verified: 62 / 80
    assert score_of(SHIPPED["inspector"], tally, days=30).points == pytest.approx((32 + 10 + 20) / 0.8)
    assert score_of(SHIPPED["inspector"], Counter(), days=30).points is None


def test_a_band_is_meant_for_thirty_days() -> None:
    term = Term(20, count="dispatch_done", bands=((100, 0), (300, 40)), beyond=60)
    assert points_of(term, Counter(dispatch_done=100), days=30) == 0
    assert points_of(term, Counter(dispatch_done=100), days=10) == 40
    assert points_of(term, Counter(dispatch_done=900), days=90) == 40
    assert points_of(term, Counter(dispatch_done=901), days=90) == 60


@pytest.mark.parametrize(
    ("points", "grade"), [(100, "A"), (90, "A"), (89.99, "B"), (60, "C"), (40, "D"), (39.99, "E"), (0, "E")]
)
def test_grades(points: float, grade: str) -> None:
    assert grade_of(SHIPPED["area"], points) == grade


def test_weights_as_shipped_add_up_and_measures_have_words() -> None:
    for scheme in SHIPPED.values():
        assert sum(term.weight for term in scheme.terms) == 100
        assert Scheme.from_data(scheme.as_data(), 0) == scheme
    assert len({count.code for count in COUNTS}) == len(COUNTS)
    for label, says in [(one.label, one.says) for one in COUNTS] + [(one.label, one.says) for one in RATIOS]:
        assert str(label)
        assert str(says).endswith((".", "。"))


@pytest.fixture
def administrator(cast: Cast) -> Account:
    return people.administrator()


def test_an_administrator_changes_a_rule_and_others_do_not(
    cast: Cast, signed_in: SignIn, administrator: Account
) -> None:
    browser = signed_in(administrator)
    assert browser.get("/scorecards/rules/").status_code == 200
    said = {
        "weight_0": 25,
        "weight_1": 25,
        "weight_2": 25,
        "weight_3": 25,
        "bands_0": "10 100\n* 0",
        "grades": "A 90\nB 0",
    }
    wrong = browser.post("/scorecards/rules/department/", {**said, "weight_3": 24})
    assert wrong.status_code == 422
    assert "99" in wrong.content.decode()
    assert 'value="24"' in wrong.content.decode(), "what was typed is kept"
    assert browser.post("/scorecards/rules/department/", {**said, "bands_0": "10"}).status_code == 422
    assert browser.post("/scorecards/rules/department/", {**said, "bands_0": "10 5\n9 4"}).status_code == 422
    assert browser.post("/scorecards/rules/department/", {**said, "grades": "A 90"}).status_code == 422
    assert browser.post("/scorecards/rules/department/", said).status_code == 302
    rule = rule_of("department")
    assert rule is not None
    assert (rule.version, rule.terms[0].bands, rule.grades) == (
        1,
        ((10.0, 100.0),),
        ((90.0, "A"), (0.0, "B")),
    )
    assert AccessEntry.objects.filter(act="score_rule.changed", account=administrator).exists()
    assert signed_in(cast.overseer).get("/scorecards/rules/").status_code == 403
    with pytest.raises(Refused):
        actions.change_rule("department", SHIPPED["department"], by=cast.overseer)


# -- Frozen ------------------------------------------------------------------------------------------


def frozen(cast: Cast, at: datetime, card: Card = DEPARTMENT, level: Level = Level.STREET) -> Scorecard:
    return actions.freeze(card, read_period(JUNE), cast.place.county, level=level, by=cast.overseer, at=at)


def test_frozen_numbers_are_the_live_ones_and_stay(cast: Cast, june: datetime) -> None:
    live = {card.code: [numbers(row) for row in rows_of(sight(cast, card.code, june))] for card in CARDS}
    kept = {card.code: frozen(cast, june, card) for card in CARDS}
    assert told_again(kept) == live
    StageFact.objects.all().delete()
    assert told_again(kept) == live


def told_again(kept: dict[str, Scorecard]) -> dict[str, list[dict[str, int]]]:
    return {code: [numbers(row) for row in frozen_rows(one, one.rows.all())] for code, one in kept.items()}


def test_every_frozen_number_opens_a_list_as_long_whatever_happens_later(
    cast: Cast, signed_in: SignIn, june: datetime
) -> None:
    kept = [frozen(cast, june), frozen(cast, june, AREA), frozen(cast, june, AREA, Level.GRID)]
    StageFact.objects.update(outcome="void", in_time=None)
    browser = signed_in(cast.overseer)
    for one in kept:
        found = LINK.findall(browser.get(f"/scorecards/frozen/{one.pk}/").content.decode())
        assert any(int(number) for _url, number in found)
        for url, number in set(found):
            assert browser.get(html.unescape(url)).context["page"].paginator.count == int(number), url


def test_a_period_is_frozen_once_after_it_ended_by_whoever_may(cast: Cast, june: datetime) -> None:
    with pytest.raises(Refused, match="2026-07-01"):
        frozen(cast, NOON)
    with pytest.raises(Refused):
        actions.freeze(
            DEPARTMENT, read_period(JUNE), cast.place.county, level=Level.STREET, by=cast.duty_chief, at=june
        )
    frozen(cast, june)
    with pytest.raises(Refused):
        frozen(cast, june)
    assert Scorecard.objects.count() == 1
    assert AccessEntry.objects.filter(act="scorecard.frozen").count() == 1


def test_nothing_of_a_small_team_is_kept(cast: Cast, june: datetime) -> None:
    for card in (INSPECTOR, DISPATCHER):
        kept = frozen(cast, june, card)
        assert all(row.suppressed and row.numbers == {} and row.points is None for row in kept.rows.all())
    assert not FrozenFact.objects.exists()


def test_the_job_freezes_the_month_before_once(cast: Cast, june: datetime) -> None:
    new = actions.freeze_month(june)
    assert new == Scorecard.objects.filter(period=JUNE, frozen_by=None).count() > 5
    assert actions.freeze_month(june) == 0


def test_an_appeal_puts_a_number_beside_and_changes_none(
    cast: Cast, signed_in: SignIn, june: datetime
) -> None:
    lead = cast.person("lead", "路灯所所长", Role.UNIT_LEAD, cast.place.county, cast.lamps)
    kept = frozen(cast, june)
    row = kept.rows.get(unit=cast.lamps)
    before = dict(row.numbers)
    browser = signed_in(lead)
    address = f"/scorecards/frozen/{kept.pk}/{row.pk}/appeal/"
    asked = {"count": "handle_in_time", "wanted": before["handle_in_time"], "reason": "两件停电"}
    assert browser.post(address, asked).status_code == 422, "that is the number that stands there"
    answer = browser.post(address, {**asked, "wanted": before["handle_in_time"] + 1, "reason": " "})
    assert answer.status_code == 422
    assert browser.post(address, {**asked, "wanted": before["handle_in_time"] + 1}).status_code == 302
    appeal = Appeal.objects.get()
    twice = browser.post(address, {**asked, "wanted": 0})
    assert twice.status_code == 422, "one is waiting already"

    decision = f"/scorecards/appeals/{appeal.pk}/"
    assert browser.post(decision, {"granted": "yes", "corrected": 1, "note": "好"}).status_code == 404
    assert signed_in(cast.stranger).get(decision).status_code == 404
    overseer = signed_in(cast.overseer)
    assert overseer.post(decision, {"granted": "yes", "note": "好"}).status_code == 422
    granted = {"granted": "yes", "corrected": before["handle_in_time"] + 1, "note": "停电属实"}
    assert overseer.post(decision, granted).status_code == 302
    row.refresh_from_db()
    assert row.numbers == before, "the frozen number stays"
    page = overseer.get(f"/scorecards/frozen/{kept.pk}/")
    shown = row_named(page.context["rows"], "市政路灯所")
    assert shown.numbers["handle_in_time"].number == before["handle_in_time"]
    assert shown.numbers["handle_in_time"].corrected == before["handle_in_time"] + 1
    assert points(shown.corrected) > points(shown.score)
    with pytest.raises(Refused):
        actions.decide_appeal(appeal, corrected=None, note="不", by=cast.overseer)
    acts = set(AccessEntry.objects.values_list("act", flat=True))
    assert {"scorecard.appealed", "scorecard.decided"} <= acts


def test_nobody_decides_on_their_own_appeal(cast: Cast, signed_in: SignIn, june: datetime) -> None:
    kept = frozen(cast, june, AREA)
    row = kept.rows.get(name="一街道")
    own = actions.appeal(row, count="filed", wanted=0, reason="算错了", by=cast.overseer, at=june)
    with pytest.raises(Refused):
        actions.decide_appeal(own, corrected=0, note="好", by=cast.overseer)
    assert signed_in(cast.overseer).post(f"/scorecards/appeals/{own.pk}/", {}).status_code == 404
    leader = cast.person("leader", "区领导", Role.LEADER, cast.place.county)
    actions.decide_appeal(own, corrected=None, note="没有算错", by=leader)
    own.refresh_from_db()
    assert (own.decided_by, own.corrected) == (leader, None)
    assert row_named(frozen_rows(kept, kept.rows.all()), "一街道").corrected is None


def test_a_units_lead_opens_a_frozen_card_with_the_own_row(
    cast: Cast, signed_in: SignIn, june: datetime
) -> None:
    lead = cast.person("lead", "路灯所所长", Role.UNIT_LEAD, cast.place.county, cast.lamps)
    kept, areas = frozen(cast, june), frozen(cast, june, AREA)
    browser = signed_in(lead)
    assert browser.get("/scorecards/frozen/").context["page"].paginator.count == 1
    page = browser.get(f"/scorecards/frozen/{kept.pk}/")
    assert [row.name for row in page.context["rows"]] == ["市政路灯所"]
    assert browser.get(f"/scorecards/frozen/{areas.pk}/").status_code == 404
    other = kept.rows.exclude(unit=cast.lamps).first()
    if other:
        assert (
            browser.get(f"/scorecards/frozen/{kept.pk}/{other.pk}/list/?what=handle_done").status_code == 404
        )
    assert (
        browser.get(
            f"/scorecards/frozen/{kept.pk}/{kept.rows.get(unit=cast.lamps).pk}/list/?what=x"
        ).status_code
        == 404
    )


@pytest.mark.parametrize("role", [Role.LEADER, Role.DUTY_CHIEF])
def test_whoever_answers_for_a_part_of_a_card_sees_that_row_and_appeals(
    cast: Cast, signed_in: SignIn, june: datetime, role: Role
) -> None:
    secretary = cast.person("secretary", "社区书记", role, cast.place.community)
    kept = frozen(cast, june, AREA, Level.COMMUNITY)
    streets, units = frozen(cast, june, AREA, Level.STREET), frozen(cast, june)
    own, other = kept.rows.get(name="一社区"), kept.rows.get(name="二社区")
    browser = signed_in(secretary)
    assert browser.get("/scorecards/frozen/").context["page"].paginator.count == 1
    for closed in (streets, units):
        assert browser.get(f"/scorecards/frozen/{closed.pk}/").status_code == 404
    page = browser.get(f"/scorecards/frozen/{kept.pk}/")
    assert [row.name for row in page.context["rows"]] == ["一社区"]
    assert page.context["appealing"] == {own.pk}
    assert browser.get(f"/scorecards/frozen/{kept.pk}/{own.pk}/list/?what=filed").status_code == 200
    assert browser.get(f"/scorecards/frozen/{kept.pk}/{other.pk}/list/?what=filed").status_code == 404

    said = {"count": "filed", "wanted": own.numbers["filed"] + 1, "reason": "少算一件"}
    assert browser.post(f"/scorecards/frozen/{kept.pk}/{other.pk}/appeal/", said).status_code == 404
    assert browser.post(f"/scorecards/frozen/{kept.pk}/{own.pk}/appeal/", said).status_code == 302
    asked = Appeal.objects.get()
    decision = f"/scorecards/appeals/{asked.pk}/"
    assert browser.get(decision).context["form"] is None, "the overseer of the card's area decides"
    assert signed_in(cast.overseer).get(decision).context["form"] is not None
    other_community = cast.place.grid_c.parent
    assert other_community is not None
    elsewhere = cast.person("elsewhere", "二社区书记", role, other_community)
    assert signed_in(elsewhere).get(decision).status_code == 404


def test_freezing_by_the_page(
    cast: Cast, signed_in: SignIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wangge.insight.actions.freezing.timezone.now", lambda: now)
    said = {"card": "area", "period": JUNE, "level": "community"}
    browser = signed_in(cast.overseer)
    answer = browser.post("/scorecards/freezing/", said, follow=True)
    assert answer.status_code == 200
    assert Scorecard.objects.get().level == "community"
    assert browser.post("/scorecards/freezing/", said).status_code == 409
    assert (
        signed_in(cast.duty_chief).post("/scorecards/freezing/", {**said, "level": "grid"}).status_code == 409
    )
    assert signed_in(cast.clerk).post("/scorecards/freezing/", said).status_code == 404


# -- Files -------------------------------------------------------------------------------------------


def test_a_spreadsheet_says_what_the_page_says(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    browser = signed_in(cast.overseer)
    rows = browser.get(f"/scorecards/department/?period={JUNE}").context["rows"]
    answer = browser.get(f"/scorecards/department/?period={JUNE}&as=xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    lines = list(sheet.values)
    head = next(number for number, line in enumerate(lines) if line[1] is not None)
    assert [line[0] for line in lines[head + 1 :]] == [row.name for row in rows]
    row = row_named(rows, "市政路灯所")
    line = next(line for line in lines if line[0] == row.name)
    assert line[1] == points(row.score)
    assert line[4:6] == (numbers(row)["handle_done"], numbers(row)["handle_should"])
    assert line[3] == pytest.approx(numbers(row)["handle_done"] / numbers(row)["handle_should"])
    entry = AccessEntry.objects.get(act="scorecard.exported")
    assert (entry.account, entry.detail["as"]) == (cast.overseer, "xlsx")


def test_a_sheet_to_print_of_live_and_frozen(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    kept = frozen(cast, now)
    browser = signed_in(cast.overseer)
    for url in (f"/scorecards/area/?period={JUNE}&as=pdf", f"/scorecards/frozen/{kept.pk}/?as=pdf"):
        answer = browser.get(url)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert (b"FontFile2" if typeface() == EMBEDDED else NAMED.encode()) in answer.content
    assert AccessEntry.objects.filter(act="scorecard.exported").count() == 2


def test_small_teams_stay_unseen_in_files(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    answer = signed_in(cast.overseer).get(f"/scorecards/dispatcher/?period={JUNE}&as=xlsx")
    cells = [cell for line in load_workbook(BytesIO(answer.content)).active.values for cell in line]
    assert "<5" in cells
    assert not any(isinstance(cell, int | float) for cell in cells)


def test_a_confidential_or_moved_matter_is_counted_and_not_named(
    cast: Cast, signed_in: SignIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wangge.insight.queries.subjects.visible_cases", lambda _person: Q(pk__in=[]))
    row = row_named(rows_of(sight(cast, "department", now)), "市政路灯所")
    page = signed_in(cast.overseer).get(row.numbers["handle_done"].url)
    assert page.context["page"].paginator.count == numbers(row)["handle_done"]
    assert {line.subject for line in page.context["lines"]} == {None}
    assert "人民路" not in page.content.decode()


def test_reports_of_the_cast_are_there(june: datetime) -> None:
    assert Report.objects.count() > 5
    assert COUNT_OF["filed"].label
