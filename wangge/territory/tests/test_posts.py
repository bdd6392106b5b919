"""Posts: every right flows from one, and only the security administrator gives it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.territory.actions import assign_post, end_post
from wangge.territory.models import Area, Post
from wangge.territory.queries import search_areas
from wangge.territory.scopes import scope_of


def now():
    return timezone.now()


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def security(cast: Cast) -> Account:
    return administrator(AdminRole.SECURITY, "he", "安全管理员")


@pytest.fixture
def newcomer(cast: Cast) -> Account:
    return Account.objects.create(username="xin", name="新来的小辛", password="!")


@pytest.fixture
def give(security: Account, newcomer: Account, cast: Cast) -> Callable[..., Post]:
    """Assign a post to the newcomer in grid A from today on, unless said otherwise."""

    def assign(**more: object) -> Post:
        usual = {
            "role": Role.GRID_WORKER,
            "area": cast.place.grid_a,
            "starts_on": today(),
            "by": security,
            "at": now(),
        }
        return assign_post(newcomer, **{**usual, **more})

    return assign


def reach(account: Account) -> set[tuple[str, str]]:
    fresh = Account.objects.get(pk=account.pk)
    return {(one.role, Area.objects.get(pk=one.area_id).name) for one in scope_of(fresh).reaches}


def test_a_post_gives_its_reach_from_its_first_day_to_the_day_before_its_last(give, newcomer: Account):
    post = give(ends_on=today() + timedelta(days=3))
    assert reach(newcomer) == {("grid_worker", "甲网格")}
    assert scope_of(newcomer, today() + timedelta(days=2)).reaches
    assert not scope_of(newcomer, post.ends_on).reaches
    assert not scope_of(newcomer, today() - timedelta(days=1)).reaches


def test_it_is_written_down_who_gave_what_to_whom(give, security: Account, newcomer: Account):
    give()
    entry = AccessEntry.objects.get(act="post_assigned")
    assert (entry.account, entry.subject_id) == (security, str(newcomer.pk))
    assert entry.detail["role"] == "grid_worker"
    assert entry.detail["area"] == "990101001001001"


def test_the_same_post_is_not_held_twice_on_the_same_days(give):
    give(ends_on=today() + timedelta(days=10))
    with pytest.raises(Refused):
        give(starts_on=today() + timedelta(days=9))
    with pytest.raises(Refused):
        give(starts_on=today() - timedelta(days=9))
    give(starts_on=today() + timedelta(days=10))


@pytest.mark.parametrize("days", [0, -1])
def test_a_post_does_not_end_before_it_begins(give, days: int):
    with pytest.raises(Refused) as refused:
        give(ends_on=today() + timedelta(days=days))
    assert refused.value.field == "ends_on"


def test_a_clerk_needs_a_unit(give):
    with pytest.raises(Refused) as refused:
        give(role=Role.CLERK)
    assert refused.value.field == "role"


def test_a_retired_area_gives_no_post(give, cast: Cast):
    Area.objects.filter(pk=cast.place.grid_a.pk).update(valid_to=today())
    with pytest.raises(Refused):
        give(area=Area.objects.get(pk=cast.place.grid_a.pk))


def test_nobody_gives_a_post_to_themselves_to_an_administrator_or_to_a_closed_account(
    give, security: Account, newcomer: Account, cast: Cast
):
    usual = {
        "role": Role.LEADER,
        "area": cast.place.county,
        "starts_on": today(),
        "by": security,
        "at": now(),
    }
    with pytest.raises(Refused):
        assign_post(security, **usual)
    other = administrator(AdminRole.AUDIT, "lin", "审计管理员")
    with pytest.raises(Refused):
        assign_post(other, **usual)
    Account.objects.filter(pk=newcomer.pk).update(is_active=False)
    with pytest.raises(Refused):
        assign_post(newcomer, **usual)


def test_no_one_else_gives_or_ends_posts(give, cast: Cast):
    post = give()
    for person in cast.everyone.values():
        with pytest.raises(Refused):
            give(by=person, role=Role.GRID_LEAD)
        with pytest.raises(Refused):
            end_post(post, on=today(), by=person, at=now())


def test_an_ended_post_reaches_nothing_and_stays_in_the_record(give, security: Account, newcomer: Account):
    post = give(starts_on=today() - timedelta(days=30))
    end_post(post, on=today(), by=security, at=now())
    assert reach(newcomer) == set()
    assert newcomer.posts.get().ends_on == today()
    with pytest.raises(Refused):
        end_post(post, on=today() + timedelta(days=1), by=security, at=now())


def test_a_post_does_not_end_in_the_past(give, security: Account):
    post = give(starts_on=today() - timedelta(days=30))
    with pytest.raises(Refused):
        end_post(post, on=today() - timedelta(days=1), by=security, at=now())


# -- The pages -------------------------------------------------------------------------------------------


@pytest.fixture
def client_of_security(security: Account) -> Client:
    client = Client()
    client.force_login(security, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_area_is_found_by_name_and_by_code_with_where_it_lies(cast: Cast):
    assert [(one.area.name, one.within) for one in search_areas("甲网格")] == [
        ("甲网格", "示范省 / 示范市 / 东区 / 一街道 / 一社区")
    ]
    assert [one.area.name for one in search_areas("990101001001")] == ["一社区", "甲网格", "乙网格"]
    assert list(search_areas(" ")) == []


def test_a_post_is_assigned_and_ended_on_the_page(client_of_security: Client, newcomer: Account, cast: Cast):
    page = f"/territory/people/{newcomer.pk}/posts/"
    typed = {"q": "甲", "area": cast.place.grid_a.pk, "role": "grid_worker", "starts_on": today().isoformat()}
    assert client_of_security.post(page, typed).status_code == 302
    assert "甲网格" in client_of_security.get(page).content.decode()
    post = newcomer.posts.get()
    client_of_security.post(f"/territory/posts/{post.pk}/ending/", {"on": today().isoformat()})
    assert newcomer.posts.get().ends_on == today()


def test_a_form_without_an_area_keeps_what_was_typed(client_of_security: Client, newcomer: Account):
    page = f"/territory/people/{newcomer.pk}/posts/"
    response = client_of_security.post(page, {"q": "甲", "role": "grid_worker", "starts_on": "2026-07-01"})
    assert response.status_code == 422
    body = response.content.decode()
    assert 'value="2026-07-01"' in body
    assert "甲网格" in body


def test_the_list_shows_who_has_no_post(client_of_security: Client, newcomer: Account, cast: Cast):
    cast.grid_worker  # noqa: B018  # exists and holds a post
    people = client_of_security.get("/territory/posts/", {"state": "without"}).context["page"].object_list
    assert [person.name for person in people] == ["新来的小辛"]


def test_an_administrator_is_appointed_and_dismissed_on_the_page(
    client_of_security: Client, newcomer: Account
):
    page = f"/territory/people/{newcomer.pk}/administrator/"
    client_of_security.post(page, {"role": "audit_admin"})
    assert Account.objects.get(pk=newcomer.pk).admin_role == "audit_admin"
    assert client_of_security.post(page, {"role": "auditor"}).status_code == 404, "no wish to have none"
    assert Account.objects.get(pk=newcomer.pk).admin_role == "audit_admin"
    response = client_of_security.post(page)
    assert response.status_code == 409  # the last of its kind
