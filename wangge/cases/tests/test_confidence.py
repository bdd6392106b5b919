"""A confidential matter: its named handlers work on it, and for everybody else it is not there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.attachments.models import Attachment
from wangge.audit.models import AccessEntry, Event
from wangge.audit.relay import relay_all
from wangge.cases import actions
from wangge.cases.conditions import unmet
from wangge.cases.models import Case, FilingCondition, MatterClass, NamedHandler, Report
from wangge.cases.permissions import may_see_case, may_see_report, refusal, visible_cases, visible_reports
from wangge.cases.queries import public
from wangge.cases.queries.buttons import step_url
from wangge.cases.queries.nearby import open_cases_near
from wangge.cases.tests.cast import IN_GRID_A, NOON, Cast
from wangge.cases.tests.screens import at_desk, take, words_of
from wangge.cases.workflow import BY_VERB, Stage
from wangge.common.refusals import Refused
from wangge.common.sealing import fingerprint
from wangge.fieldwork.models import Task
from wangge.insight.models import StageFact

pytestmark = pytest.mark.django_db
SECRET = "有人在三楼夜里卸危险品"


def hidden_report(cast: Cast, *handlers: Account) -> Report:
    """A tip-off that the acceptor made confidential."""
    report = cast.report(text=SECRET)
    actions.publish_report(report, text=SECRET, by=cast.acceptor)
    actions.hide_report(report, handlers=handlers or [cast.duty_chief], by=cast.acceptor)
    return report


def hidden_case(cast: Cast, *handlers: Account) -> Case:
    """A case in the hands of the lamp unit that the duty chief made confidential."""
    report = cast.report(text=SECRET)
    case = cast.file(report)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON + timedelta(hours=1))
    actions.accept_case(case, by=cast.clerk, at=NOON + timedelta(hours=2))
    cast.after_photo(case, NOON + timedelta(hours=2))
    actions.hide_case(case, handlers=handlers or [cast.duty_chief, cast.clerk], by=cast.duty_chief)
    return case


def others(cast: Cast, *named: Account) -> dict[str, Account]:
    _ = cast.lamps, cast.centre
    leader = cast.person("leader", "领导", Role.LEADER, cast.place.county)
    return {name: p for name, p in {**cast.everyone, "leader": leader}.items() if p not in named}


def same_shape(cast: Cast, subject: Report | Case) -> str:
    name = "cases:case" if isinstance(subject, Case) else "cases:report"
    return reverse(name, args=[subject.number])


# -- Who sees it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [hidden_report, hidden_case])
def test_its_page_opens_for_named_handlers_and_for_nobody_else(cast: Cast, make: Any) -> None:
    matter = make(cast)
    named = {cast.duty_chief, cast.clerk} if isinstance(matter, Case) else {cast.duty_chief}
    for person in named:
        page = at_desk(person).get(same_shape(cast, matter))
        assert page.status_code == 200
        assert "保密" in words_of(page)
    for name, person in others(cast, *named).items():
        browser = at_desk(person)
        assert browser.get(same_shape(cast, matter)).status_code == 404, name
        for report in Report.objects.all():
            assert browser.get(f"/reports/{report.number}/").status_code == 404, name
            assert browser.get(f"/reports/{report.number}/contact/").status_code == 404, name
        for noun in ("comment", "correction", "colleagues"):
            assert browser.get(f"{same_shape(cast, matter)}{noun}/").status_code == 404, (name, noun)


def test_each_look_at_it_is_in_the_access_log(cast: Cast) -> None:
    case = hidden_case(cast)
    at_desk(cast.clerk).get(same_shape(cast, case))
    at_desk(cast.clerk).get(f"/api/v1/cases/{case.number}")
    at_desk(cast.dispatcher).get(same_shape(cast, case))
    looks = AccessEntry.objects.filter(act="see_confidential")
    assert [(look.account, look.subject_id, look.purpose) for look in looks] == [
        (cast.clerk, str(case.pk), "named handler")
    ] * 2
    ordinary = cast.case_at(Stage.FILED)
    at_desk(cast.duty_chief).get(same_shape(cast, ordinary))
    assert looks.count() == 2
    report = hidden_report(cast)
    form = at_desk(cast.duty_chief).get(step_url(report, BY_VERB["file"]))
    assert SECRET in form.content.decode(), "the form shows what was said"
    assert looks.filter(subject_id=str(report.pk)).count() == 1


def test_lists_and_single_looks_agree(cast: Cast) -> None:
    """Also after other handlers were named for the case of a report that had its own."""
    report = hidden_report(cast, cast.duty_chief, cast.acceptor)
    case = cast.file(report)
    assert set(NamedHandler.objects.filter(case=case).values_list("account__username", flat=True)) == {
        "duty_chief", "acceptor",
    }  # fmt: skip
    actions.name_handlers(case, handlers=[cast.duty_chief, cast.dispatcher], by=cast.duty_chief)
    report.refresh_from_db()
    for name, person in cast.everyone.items():
        lets_in = name in ("duty_chief", "dispatcher")
        assert may_see_case(person, case) == lets_in, name
        assert may_see_report(person, report) == lets_in, name
        assert Case.objects.filter(visible_cases(person)).exists() == lets_in, name
        assert Report.objects.filter(visible_reports(person)).exists() == lets_in, name


def test_no_list_no_count_no_search_and_no_figure_tells_of_it(cast: Cast) -> None:
    matters: list[Report | Case] = [hidden_case(cast), hidden_report(cast)]
    relay_all()
    for name, person in others(cast, cast.duty_chief, cast.clerk).items():
        browser = at_desk(person)
        for address in (
            "/desk/", "/desk/?queue=all", "/desk/?queue=handling", "/desk/?queue=late", f"/desk/?q={SECRET[:4]}",
            *(f"/desk/?q={matter.number}" for matter in matters), "/unit/", "/tasks/", "/overview/", "/overview/wall/",
            "/overview/list/?what=open", "/overview/list/?what=received", "/overview/points/", "/api/v1/cases",
        ):  # fmt: skip
            page = browser.get(address)
            said = page.content.decode()
            assert SECRET not in said, (name, address)
            if page.status_code == 200:
                assert str(matters[0].number) not in said.replace(f"q={matters[0].number}", "").replace(
                    f'value="{matters[0].number}"', ""
                ), (name, address)
        desk = browser.get("/desk/?queue=all")
        if desk.status_code == 200:
            assert desk.context["page"].rows == []
            assert not any(number for _queue, number, _address in desk.context["queues"]), name


def test_figures_leave_it_out_for_everybody_and_so_do_lists_and_points(cast: Cast) -> None:
    hidden_case(cast)
    shown = cast.case_at(Stage.DISPATCHED)
    relay_all()
    for person in (cast.overseer, cast.duty_chief):
        browser = at_desk(person)
        figures = browser.get("/overview/").context["figures"]
        assert figures.open.number == 1
        assert [row.subject for row in browser.get(figures.open.url).context["rows"]] == [shown]
        points = browser.get("/overview/points/").json()
        assert [f["properties"]["number"] for f in points["features"]] == [shown.number]
    assert set(StageFact.objects.values_list("case__number", flat=True)) <= {None, shown.number}
    assert not StageFact.objects.filter(report__confidential=True).exists()


def test_the_desk_of_a_named_handler_holds_and_counts_it(cast: Cast) -> None:
    case = hidden_case(cast)
    desk = at_desk(cast.duty_chief).get("/desk/?queue=handling")
    assert [row.subject for row in desk.context["page"].rows] == [case]
    assert desk.context["count"] == 1
    assert SECRET in words_of(at_desk(cast.clerk).get("/unit/"))


def test_a_colleague_of_the_unit_who_is_not_named_does_not_find_it(cast: Cast) -> None:
    case = hidden_case(cast)
    colleague = cast.person("second_clerk", "路灯所小冯", Role.CLERK, cast.place.county, cast.lamps)
    assert SECRET not in words_of(at_desk(colleague).get("/unit/"))
    assert at_desk(colleague).get(same_shape(cast, case)).status_code == 404
    sent = cast.send_back_reason
    actions.send_back_case(case, reason=sent, note="不归我们，见第三条", by=cast.clerk)
    assert "不归我们" not in words_of(at_desk(colleague).get("/unit/"))


def test_photos_are_closed_with_it(cast: Cast) -> None:
    case = hidden_case(cast)
    photo = Attachment.objects.get(subject_id=case.pk)
    for name, person in others(cast, cast.duty_chief, cast.clerk).items():
        assert at_desk(person).get(photo.thumb_url).status_code == 404, name
    assert Client().get(photo.thumb_url).status_code == 404


def test_what_was_published_is_taken_back_and_cannot_be_published_again(cast: Cast) -> None:
    report = cast.report(text=SECRET)
    photo = cast.after_photo(cast.file(cast.report()), NOON)
    Attachment.objects.filter(pk=photo.pk).update(subject_kind="report", subject_id=report.pk)
    photo.refresh_from_db()
    actions.publish_report(report, text=SECRET, by=cast.acceptor)
    actions.publish_photo(report, photo, public=True, by=cast.acceptor)
    actions.hide_report(report, handlers=[cast.duty_chief, cast.acceptor], by=cast.acceptor)
    photo.refresh_from_db()
    report.refresh_from_db()
    assert (photo.published_at, report.published_at, report.public_text) == (None, None, "")
    for publish in (
        lambda: actions.publish_report(report, text=SECRET, by=cast.acceptor),
        lambda: actions.publish_photo(report, photo, public=True, by=cast.acceptor),
    ):
        with pytest.raises(Refused):
            publish()
    case = actions.file_report(
        report, condition=cast.condition, by=cast.duty_chief, publish_text=SECRET, at=timezone.now()
    )
    report.refresh_from_db()
    assert (case.confidential, report.public_text) == (True, "")


def test_the_public_learns_nothing_of_it(cast: Cast) -> None:
    report = hidden_report(cast)
    case = hidden_case(cast)
    numbers = [report.number, case.reports.get().number]
    resident = Client()
    assert public.matters(public.Filters()) == []
    assert public.points(public.Filters()) == []
    assert public.similar(*IN_GRID_A, "lamps", timezone.now()) == []
    assert public.common_groups(timezone.now()) == {}
    for number in numbers:
        assert public.matter(number) is None
        assert resident.get(f"/matters/{number}/").status_code == 404
        assert resident.get(f"/open311/v2/requests/{number}.json").status_code == 404
        assert resident.get(f"/api/v1/matters/{number}").status_code == 404
    for address in ("/matters/", "/matters/points.json", "/", "/open311/v2/requests.json", "/api/v1/matters"):
        said = resident.get(address).content.decode()
        assert SECRET not in said
        assert not any(f'"{number}"' in said or f"/{number}/" in said for number in numbers), address


def test_nobody_is_offered_it_as_the_same_matter_close_by(cast: Cast) -> None:
    case = hidden_case(cast)
    Case.objects.update(filed_at=timezone.now())
    near = {
        name: [one.case for one in open_cases_near(person, *IN_GRID_A, timezone.now())]
        for name, person in cast.everyone.items()
    }
    assert {name for name, found in near.items() if found} == {"duty_chief", "clerk"}
    other = cast.report()
    with pytest.raises(Refused):
        actions.join_report(other, case=case, by=cast.duty_chief)


def test_its_reporter_still_follows_it_by_code(cast: Cast) -> None:
    report = hidden_report(cast)
    code = cast.report().code  # type: ignore[attr-defined]
    Report.objects.filter(code_hash=fingerprint(code)).update(code_hash=b"y" * 32)
    Report.objects.filter(pk=report.pk).update(code_hash=fingerprint(code))
    page = Client().get(f"/m/{code}/")
    assert page.status_code == 200
    assert SECRET in page.content.decode()
    assert f"/matters/{report.number}/" not in page.content.decode()


# -- Fieldwork -------------------------------------------------------------------------------------------------


def test_its_check_is_a_task_for_a_named_worker_only(cast: Cast) -> None:
    _ = cast.grid_worker, cast.neighbour
    case = hidden_case(cast, cast.duty_chief, cast.clerk, cast.neighbour)
    actions.finish_case(case, result="已处理", by=cast.clerk)
    relay_all()
    task = Task.objects.get()
    assert task.assignee == cast.neighbour, "though grid A has a worker of its own"
    assert at_desk(cast.grid_worker).get(f"/tasks/{task.pk}/").status_code == 404
    assert str(task.pk) not in at_desk(cast.grid_worker).get("/tasks/").content.decode()
    assert at_desk(cast.neighbour).get(f"/tasks/{task.pk}/").status_code == 200
    assert refusal(BY_VERB["pass_check"], case, cast.grid_worker)
    assert refusal(BY_VERB["pass_check"], case, cast.neighbour) is None


def test_an_open_task_leaves_whoever_is_not_named(cast: Cast) -> None:
    _ = cast.grid_worker, cast.neighbour
    report = cast.report_at(Stage.VERIFYING)
    relay_all()
    assert Task.objects.get().assignee == cast.grid_worker
    actions.hide_report(report, handlers=[cast.duty_chief], by=cast.acceptor)
    relay_all()
    task = Task.objects.get()
    assert (task.assignee, task.done_at) == (None, None)
    assert at_desk(cast.grid_worker).get(f"/tasks/{task.pk}/").status_code == 404


# -- Making it so -----------------------------------------------------------------------------------------------


def test_the_form_names_colleagues_and_wants_at_least_one(cast: Cast) -> None:
    report = cast.report(text=SECRET)
    _ = cast.clerk, cast.stranger
    nobody = take(cast.acceptor, report, "hide_report")
    assert nobody.status_code == 422
    form = at_desk(cast.acceptor).get(f"/reports/{report.number}/confidence/").context["form"]
    offered = {one.name for one in form.colleagues}
    assert cast.clerk.name in offered
    assert cast.stranger.name not in offered, "whoever works elsewhere is no candidate"
    assert take(cast.acceptor, report, "hide_report", handlers=[cast.stranger.pk]).status_code == 422
    done = take(cast.acceptor, report, "hide_report", handlers=[cast.clerk.pk, cast.duty_chief.pk])
    assert (done.status_code, done["Location"]) == (302, "/start/"), "the acceptor no longer finds it"
    report.refresh_from_db()
    assert report.confidential
    named = NamedHandler.objects.filter(report=report).values_list("account", flat=True)
    assert set(named) == {cast.clerk.pk, cast.duty_chief.pk}
    entry = AccessEntry.objects.get(act="handlers_named")
    assert entry.detail["handlers"] == ["clerk", "duty_chief"]
    assert Event.objects.get(verb="hide_report").payload.data["handlers"] == 2


def test_colleagues_are_searched_by_name_unit_and_post(cast: Cast) -> None:
    report = cast.report()
    _ = cast.clerk, cast.dispatcher
    browser = at_desk(cast.acceptor)
    for words, name in (("小周", "路灯所小周"), ("路灯所", "路灯所小周"), ("派遣员", "派遣员小陈")):
        page = browser.get(
            f"/reports/{report.number}/colleagues/", {"q": words, "handlers": str(cast.acceptor.pk)}
        )
        assert {one.name for one in page.context["colleagues"]} == {cast.acceptor.name, name}
    assert not browser.get(f"/reports/{report.number}/colleagues/", {"q": "没有这人"}).context["colleagues"]


def test_the_duty_chief_names_others(cast: Cast) -> None:
    case = hidden_case(cast)
    drawn = at_desk(cast.duty_chief).get(f"/cases/{case.number}/handlers/").context["form"]
    assert {one.name for one in drawn.colleagues if one.ticked} == {cast.duty_chief.name, cast.clerk.name}
    assert refusal(BY_VERB["name_handlers"], case, cast.clerk)
    keys = [cast.duty_chief.pk, cast.other_clerk.pk]
    assert take(cast.duty_chief, case, "name_handlers", handlers=keys).status_code == 302
    assert not may_see_case(cast.clerk, case)
    assert unmet("hide_case", case, cast.duty_chief), "it is confidential already"


def test_what_came_as_a_tip_off_waits_for_the_duty_chief(cast: Cast) -> None:
    report = cast.report(text=SECRET, confidential=True)
    assert report.confidential
    seen = {name for name, person in cast.everyone.items() if may_see_report(person, report)}
    assert seen == {"duty_chief"}
    assert refusal(BY_VERB["file"], report, cast.duty_chief) is None
    told = words_of(at_desk(cast.duty_chief).get(f"/reports/{report.number}/"))
    assert "指定专办人员" in told, "it is confidential already: there is only somebody to name"
    assert "设为保密" not in told
    named = take(cast.duty_chief, report, "hide_report", handlers=[cast.duty_chief.pk, cast.acceptor.pk])
    assert named.status_code == 302
    assert may_see_report(cast.acceptor, report)


def test_it_is_dispatched_only_to_a_unit_with_a_named_handler(cast: Cast) -> None:
    report = hidden_report(cast, cast.duty_chief, cast.dispatcher)
    case = cast.file(report)
    with pytest.raises(Refused, match="路灯"):
        actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher)
    handlers = [cast.duty_chief, cast.dispatcher, cast.clerk]
    actions.name_handlers(case, handlers=handlers, by=cast.duty_chief)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher)
    assert case.stage == Stage.DISPATCHED


def test_an_empty_list_of_handlers_is_refused_by_the_action_too(cast: Cast) -> None:
    report = cast.report()
    with pytest.raises(Refused):
        actions.hide_report(report, handlers=[], by=cast.acceptor)
    report.refresh_from_db()
    assert not report.confidential


# -- Over HTTP --------------------------------------------------------------------------------------------------


def step_over_http(person: Account, case: Case, verb: str, **given: Any) -> Any:
    return at_desk(person).post(
        f"/api/v1/cases/{case.number}/steps/{verb}", given, content_type="application/json"
    )


def test_another_program_makes_a_case_confidential_and_names_others(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    _ = cast.stranger
    for handlers in ([], ["nobody"], ["stranger"]):
        refused = step_over_http(cast.duty_chief, case, "hide_case", handlers=handlers, note="举报")
        assert (refused.status_code, refused.json()["field"]) == (422, "handlers"), handlers
    hidden = step_over_http(cast.duty_chief, case, "hide_case", handlers=["duty_chief", "clerk"], note="举报")
    assert hidden.status_code == 200
    assert at_desk(cast.dispatcher).get(f"/api/v1/cases/{case.number}").status_code == 404
    assert step_over_http(cast.dispatcher, case, "comment", note="?").status_code == 404
    assert step_over_http(cast.clerk, case, "name_handlers", handlers=["clerk"]).status_code == 403
    named = step_over_http(cast.duty_chief, case, "name_handlers", handlers=["duty_chief"])
    assert named.status_code == 200
    assert at_desk(cast.clerk).get(f"/api/v1/cases/{case.number}").status_code == 404


def test_somebody_who_may_decide_is_always_named(cast: Cast) -> None:
    report = cast.report()
    with pytest.raises(Refused, match="值班长"):
        actions.hide_report(report, handlers=[cast.acceptor], by=cast.acceptor)
    report.refresh_from_db()
    assert not report.confidential


def test_when_the_named_chief_leaves_the_post_another_chief_of_the_place_takes_over(cast: Cast) -> None:
    successor = cast.person("successor", "值班长小何", Role.DUTY_CHIEF, cast.place.county, cast.centre)
    for matter in (hidden_report(cast, cast.duty_chief, cast.acceptor), hidden_case(cast)):
        cast.duty_chief.posts.update(ends_on=None)
        assert not may_see(successor, matter)
        cast.duty_chief.posts.update(ends_on=timezone.localdate())
        assert may_see(successor, matter), "or nobody could file, close or name others"
        assert not may_see(cast.stranger, matter)
        assert not may_see(cast.dispatcher, matter), "still a matter of the few"


def test_a_confidential_case_handed_up_is_decided_where_it_is_held(cast: Cast) -> None:
    city = cast.place.county.parent
    assert city is not None
    above = cast.person("above", "市值班长", Role.DUTY_CHIEF, city)
    other = cast.person("other", "值班长小何", Role.DUTY_CHIEF, cast.place.county, cast.centre)
    case = hidden_case(cast)
    assert not may_see(above, case)
    actions.hand_up(case, note="涉及两个区", by=cast.duty_chief)
    assert may_see(above, case)
    assert may_see(above, case.reports.get()), "and what its reporters said"
    assert may_see(cast.duty_chief, case), "who was named stays so"
    assert not may_see(other, case)
    actions.name_handlers(case, handlers=[above], by=above)
    assert not may_see(cast.duty_chief, case)


def may_see(person: Account, matter: Report | Case) -> bool:
    """Whether a page opens and lists hold it, which must agree."""
    person = Account.objects.get(pk=person.pk)  # a new request
    case = isinstance(matter, Case)
    single = may_see_case(person, matter) if isinstance(matter, Case) else may_see_report(person, matter)
    found = type(matter)._default_manager.filter(visible_cases(person) if case else visible_reports(person))
    assert found.filter(pk=matter.pk).exists() == single
    return single


# -- Classes that are confidential from the beginning ----------------------------------------------------------


def secret_class(cast: Cast) -> MatterClass:
    MatterClass.objects.filter(pk=cast.lamp.pk).update(confidential=True)
    return cast.lamp


def test_a_report_of_such_a_class_is_confidential_when_it_comes(cast: Cast) -> None:
    secret_class(cast)
    report = cast.report(text=SECRET)
    assert report.confidential
    assert not may_see_report(cast.acceptor, report)
    assert may_see_report(cast.duty_chief, report), "until somebody is named"
    case = cast.file(report)
    assert case.confidential
    assert not may_see_case(cast.dispatcher, case)


def test_filing_or_correcting_into_such_a_class_closes_the_matter(cast: Cast) -> None:
    filed = cast.report(text=SECRET, matter=None)
    actions.publish_report(filed, text=SECRET, by=cast.acceptor)
    corrected = cast.report(text=SECRET, matter=None)
    actions.publish_report(corrected, text=SECRET, by=cast.acceptor)
    secret = secret_class(cast)
    assert not filed.confidential
    case = cast.file(filed)
    actions.correct_report(corrected, matter=secret, by=cast.duty_chief, at=NOON)
    for report in (filed, corrected):
        report.refresh_from_db()
        assert (report.confidential, report.public_text, report.published_at) == (True, "", None)
    assert case.confidential


def test_a_case_corrected_into_such_a_class_takes_its_reports_along(cast: Cast) -> None:
    case = cast.file(cast.report(text=SECRET))
    other = (
        FilingCondition.objects.exclude(matter=cast.lamp).filter(in_force=True).select_related("matter")[0]
    )
    MatterClass.objects.filter(pk=other.matter_id).update(confidential=True)
    other.refresh_from_db()
    actions.correct_case(case, condition=other, by=cast.duty_chief, at=NOON + timedelta(hours=1))
    case.refresh_from_db()
    assert (case.confidential, case.reports.get().confidential) == (True, True)
    assert refusal(BY_VERB["dispatch"], case, cast.dispatcher), "handlers are named first"
