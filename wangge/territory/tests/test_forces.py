"""Forces: what is covered, who serves where, and who may see or change it."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.territory.bulk import renew_paths
from wangge.territory.forces.absences import record_absence
from wangge.territory.forces.coverage import Coverage
from wangge.territory.forces.posts import add_force, end_force, give_phone
from wangge.territory.models import Absence, Area, ForceKind, ForcePost, Post

SignIn = Callable[[Account], Client]


def day(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def security(cast: Cast) -> Account:
    return administrator(AdminRole.SECURITY, "he", "安全管理员")


@pytest.fixture
def lead(cast: Cast) -> Account:
    return cast.person("lead", "网格长老何", Role.GRID_LEAD, cast.place.community)


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(person: Account) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def numbers(person: Account, **more: object) -> dict[str, int]:
    """What the report counts for this person today."""
    coverage = Coverage(person, day(0), **more)  # type: ignore[arg-type]
    return {measure.name: number for measure, number in coverage.total().numbers}


def test_a_grid_without_worker_is_counted_until_somebody_works_there(cast: Cast, lead: Account):
    assert numbers(cast.duty_chief)["unstaffed"] == 3
    _ = cast.grid_worker, cast.far_worker
    assert numbers(cast.duty_chief) == {
        "grids": 3, "unstaffed": 1, "stretched": 0, "away": 0, "ending": 0, "unconnected": 0,
    }  # fmt: skip
    lines = Coverage(cast.duty_chief, day(0)).lines("unstaffed")
    assert [line.area for line in lines] == ["乙网格"]


def test_a_stand_in_covers_the_grid_and_the_absence_is_counted(cast: Cast, lead: Account, security: Account):
    record_absence(
        cast.grid_worker,
        stand_in=cast.far_worker,
        starts_on=day(0),
        ends_on=day(2),
        by=security,
        at=timezone.now(),
    )
    found = numbers(cast.duty_chief)
    assert (found["unstaffed"], found["away"]) == (1, 1)
    assert "网格员小郑" in Coverage(cast.duty_chief, day(0)).lines("away")[0].what
    Account.objects.filter(pk=cast.far_worker.pk).update(is_active=False)
    assert numbers(cast.duty_chief)["unstaffed"] == 3


def test_too_many_grids_are_own_grids_and_the_reader_says_how_many(cast: Cast):
    for grid in (cast.place.grid_b, cast.place.grid_c):
        cast.grid_worker.posts.create(role=Role.GRID_WORKER, area=grid)
    assert numbers(cast.duty_chief)["stretched"] == 0
    assert numbers(cast.duty_chief, most=2)["stretched"] == 3
    _ = cast.neighbour  # somebody with one grid only works in B
    assert numbers(cast.duty_chief, most=2)["stretched"] == 2


def test_posts_that_end_soon_and_forces_without_account(cast: Cast, lead: Account):
    cast.grid_worker.posts.update(ends_on=day(20))
    cast.neighbour.posts.update(ends_on=day(40))
    add_force(
        cast.place.grid_a,
        force=ForceKind.objects.get(code="police"),
        name="老孔",
        starts_on=day(0),
        by=lead,
        at=timezone.now(),
    )
    found = numbers(cast.duty_chief)
    assert (found["ending"], found["unconnected"]) == (1, 1)


def test_everybody_counts_only_what_they_see(cast: Cast, lead: Account, security: Account):
    assert numbers(lead)["grids"] == 2
    assert [row.area.name for row in Coverage(lead, day(0)).rows() if row.area] == ["一社区"]
    assert numbers(cast.stranger)["grids"] == 0
    assert numbers(security)["grids"] == 3
    assert [row.area.name for row in Coverage(cast.duty_chief, day(0)).rows() if row.area] == ["一街道"]
    inside = Coverage(cast.duty_chief, day(0), cast.place.street)
    assert [row.area.name for row in inside.rows() if row.area] == ["一社区", "二社区"]


def test_each_number_opens_a_list_of_as_many_lines(cast: Cast, lead: Account, signed_in: SignIn):
    client = signed_in(cast.duty_chief)
    page = client.get("/territory/forces/")
    for row in [*page.context["page"], page.context["total"]]:
        for measure, number in row.numbers:
            asked = {"what": measure.name, **({"area": row.area.pk} if row.area else {})}
            listed = client.get("/territory/forces/list/", asked).context["page"]
            assert listed.paginator.count == number
    assert client.get("/territory/forces/list/", {"what": "people"}).status_code == 404


def test_rows_and_lists_are_searched_and_filtered(cast: Cast, lead: Account, signed_in: SignIn):
    _ = cast.grid_worker, cast.far_worker
    client, street = signed_in(cast.duty_chief), {"area": str(cast.place.street.pk)}

    def names(**asked: str) -> list[str]:
        return [row.area.name for row in client.get("/territory/forces/", street | asked).context["page"]]

    assert names() == ["一社区", "二社区"]
    assert names(q="二") == ["二社区"]
    assert names(gaps="unstaffed") == ["一社区"]
    assert names(gaps="nonsense", q="三") == []
    assert client.get("/territory/forces/", street).context["total"] is not None
    assert client.get("/territory/forces/", street | {"q": "二"}).context["total"] is None
    some = client.get("/territory/forces/", street | {"q": "二", "as": "csv"}).content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in some.split("\r\n")[1:] if line] == ["二社区"]
    listed = client.get("/territory/forces/list/", {"what": "unstaffed", "q": "甲"})
    assert listed.context["lines"] == []
    listed = client.get("/territory/forces/list/", {"what": "unstaffed", "q": "乙"})
    assert [line.area for line in listed.context["lines"]] == ["乙网格"]


def test_a_city_costs_as_many_statements_as_a_street(cast: Cast, signed_in: SignIn):
    client = signed_in(cast.duty_chief)

    def asked(address: str, **more: str) -> int:
        client.get(address, more)  # whatever is kept is read
        with CaptureQueriesContext(connection) as told:
            assert client.get(address, more).status_code == 200
        return len(told)

    few = asked("/territory/forces/"), asked("/territory/forces/list/", what="unstaffed")
    many_grids(cast, communities=60, grids=8)
    assert (asked("/territory/forces/"), asked("/territory/forces/list/", what="unstaffed")) == few
    page = client.get("/territory/forces/", {"area": cast.place.street.pk}).context
    assert (len(page["page"]), page["page"].paginator.count) == (50, 62)
    assert {m.name: n for m, n in page["total"].numbers}["away"] == 48
    listed = client.get("/territory/forces/list/", {"what": "grids", "page": "3"}).context
    assert (len(listed["lines"]), listed["page"].paginator.count) == (50, 483)


def many_grids(cast: Cast, communities: int, grids: int) -> None:
    """More of the street: each grid with a worker, every tenth of whom is away."""
    street = cast.place.street
    made = Area.objects.bulk_create(
        Area(code=f"9901010{number:05d}", name=f"社区{number}", level="community", parent=street, path="")
        for number in range(50_000, 50_000 + communities)
    )
    below = Area.objects.bulk_create(
        Area(
            code=f"{one.code}{at:03d}",
            name=f"{one.name}第{at}网格",
            level="grid",
            kind="general",
            parent=one,
            path="",
        )
        for one in made
        for at in range(grids)
    )
    renew_paths()
    people = Account.objects.bulk_create(
        Account(username=f"many{at}", name=f"网格员{at}", password="!") for at in range(len(below))
    )
    Post.objects.bulk_create(
        Post(account=person, role=Role.GRID_WORKER, area=area)
        for person, area in zip(people, below, strict=True)
    )
    Absence.objects.bulk_create(
        Absence(
            account=person,
            stand_in=cast.grid_worker,
            starts_on=day(0),
            ends_on=day(2),
            recorded_by=cast.duty_chief,
            recorded_at=timezone.now(),
        )
        for person in people[::10]
    )


def test_from_a_grid_without_worker_the_security_administrator_comes_to_give_somebody_a_post(
    cast: Cast, lead: Account, signed_in: SignIn
):
    account = administrator(AdminRole.SECURITY, "he", "安全管理员")
    grid, newcomer = cast.place.grid_b, Account.objects.create(username="new", name="新人", password="!")
    client = signed_in(account)
    here = f"/territory/forces/{grid.pk}/"
    onward = f"/territory/posts/?area={grid.code}"
    assert onward in client.get(here).content.decode()
    listed = client.get(onward).content.decode()
    assert here in listed
    assert f"/territory/people/{newcomer.pk}/posts/?q={grid.code}" in listed
    assert onward not in signed_in(lead).get(here).content.decode()


def test_the_report_leaves_as_csv_and_xlsx_and_that_is_written_down(cast: Cast, signed_in: SignIn):
    client = signed_in(cast.duty_chief)
    rows = list(
        csv.reader(io.StringIO(client.get("/territory/forces/", {"as": "csv"}).content.decode("utf-8-sig")))
    )
    assert rows[1][:3] == ["一街道", "3", "3"]
    book = load_workbook(io.BytesIO(client.get("/territory/forces/", {"as": "xlsx"}).content))
    assert [cell.value for cell in book.active[2]][:3] == ["一街道", 3, 3]
    assert AccessEntry.objects.filter(act="forces_exported", account=cast.duty_chief).count() == 2


def test_who_may_look(cast: Cast, security: Account, lead: Account, signed_in: SignIn):
    for person in (cast.duty_chief, cast.overseer, security, lead):
        assert signed_in(person).get("/territory/forces/").status_code == 200
    for person in (cast.clerk, cast.grid_worker, cast.acceptor):
        assert signed_in(person).get("/territory/forces/").status_code == 403
        assert signed_in(person).get("/territory/absences/").status_code == 403
    assert Client().get("/territory/forces/").status_code == 302
    assert signed_in(cast.stranger).get(f"/territory/forces/{cast.place.grid_a.pk}/").status_code == 404
    assert signed_in(lead).get(f"/territory/forces/{cast.place.grid_c.pk}/").status_code == 404


@pytest.mark.parametrize("query", ["?area=x", "?area=999999", "?area=٣"])
def test_an_area_that_is_none_is_not_found(cast: Cast, signed_in: SignIn, query: str):
    assert signed_in(cast.duty_chief).get(f"/territory/forces/{query}").status_code == 404


# -- The forces of a grid ----------------------------------------------------------------------------------------


def test_a_force_is_added_and_ended_on_the_page(cast: Cast, lead: Account, signed_in: SignIn):
    client, page = signed_in(lead), f"/territory/forces/{cast.place.grid_a.pk}/"
    typed = {
        "force": "fire",
        "name": "老孔",
        "duty_phone": "0550-119",
        "starts_on": day(0).isoformat(),
        "shown": "on",
    }
    assert client.post(page, typed).status_code == 302
    post = ForcePost.objects.get()
    assert (post.force_id, post.account, post.shown) == ("fire", None, True)
    assert "老孔" in client.get(page).content.decode()
    client.post(f"/territory/forces/posts/{post.pk}/ending/")
    assert ForcePost.objects.get().ends_on == day(0)
    assert client.post(f"/territory/forces/posts/{post.pk}/ending/").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"force": "mayor"}, "force"),
        ({"name": ""}, "name"),
        ({"duty_phone": "call me"}, "duty_phone"),
        ({"username": "nobody"}, "username"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
    ],
)
def test_what_was_typed_wrong_is_said_and_kept(
    cast: Cast, lead: Account, signed_in: SignIn, wrong, field: str
):
    typed = {"force": "fire", "name": "老孔", "starts_on": day(0).isoformat(), **wrong}
    response = signed_in(lead).post(f"/territory/forces/{cast.place.grid_a.pk}/", typed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not ForcePost.objects.exists()


def test_only_whoever_arranges_the_area_writes_there(cast: Cast, lead: Account, security: Account):
    given: dict[str, Any] = {
        "force": ForceKind.objects.get(code="justice"),
        "name": "老孔",
        "starts_on": day(0),
        "at": timezone.now(),
    }
    for person in (cast.overseer, cast.grid_worker, cast.stranger, cast.clerk):
        with pytest.raises(Refused):
            add_force(cast.place.grid_a, **given, by=person)
        with pytest.raises(Refused):
            give_phone(cast.grid_worker.posts.get(), phone="1", by=person, at=timezone.now())
    with pytest.raises(Refused):
        add_force(cast.place.grid_c, **given, by=lead)
    post = add_force(cast.place.grid_c, **given, by=security)
    with pytest.raises(Refused):
        end_force(post, by=lead, at=timezone.now())


def test_the_phone_of_a_post_goes_to_its_stand_in_too(cast: Cast, lead: Account, signed_in: SignIn):
    absence = record_absence(
        cast.grid_worker,
        stand_in=cast.neighbour,
        starts_on=day(0),
        ends_on=day(2),
        by=lead,
        at=timezone.now(),
    )
    own = cast.grid_worker.posts.get()
    signed_in(lead).post(f"/territory/posts/{own.pk}/phone/", {"phone": "0550-7101234"})
    assert absence.posts.get().duty_phone == "0550-7101234"
    signed_in(lead).post(f"/territory/posts/{own.pk}/phone/", {"phone": "<script>"})
    own.refresh_from_db()
    assert own.duty_phone == "0550-7101234"


# -- Absences on pages -------------------------------------------------------------------------------------------


def test_an_absence_is_recorded_and_ended_on_the_pages(cast: Cast, lead: Account, signed_in: SignIn):
    client, page = signed_in(lead), f"/territory/people/{cast.grid_worker.pk}/absence/"
    offered = [person.name for person in client.get(page).context["form"].fields["stand_in"].queryset]
    assert "网格员小赵" not in offered
    _ = cast.neighbour
    typed = {"stand_in": cast.neighbour.pk, "starts_on": day(1).isoformat(), "ends_on": day(3).isoformat()}
    assert client.post(page, {**typed, "ends_on": day(1).isoformat()}).status_code == 422
    assert client.post(page, {**typed, "stand_in": ""}).status_code == 422
    assert client.post(page, typed).status_code == 302
    body = client.get("/territory/absences/").content.decode()
    assert "网格员小赵" in body
    assert "网格员小孙" in body
    shown = client.get(f"/territory/forces/{cast.place.grid_a.pk}/").content.decode()
    assert "为网格员小赵代岗" in shown
    absence = Absence.objects.get()
    client.post(f"/territory/absences/{absence.pk}/ending/", {"on": day(0).isoformat()})
    assert "网格员小孙" not in client.get("/territory/absences/").content.decode()


def test_whoever_may_not_arrange_does_not_get_the_form(cast: Cast, lead: Account, signed_in: SignIn):
    assert signed_in(lead).get(f"/territory/people/{cast.far_worker.pk}/absence/").status_code == 403
    assert signed_in(lead).get(f"/territory/people/{cast.clerk.pk}/absence/").status_code == 403
    assert (
        signed_in(cast.overseer).get(f"/territory/people/{cast.grid_worker.pk}/absence/").status_code == 403
    )


def test_an_absence_elsewhere_is_not_found(cast: Cast, lead: Account, security: Account, signed_in: SignIn):
    absence = record_absence(
        cast.far_worker,
        stand_in=cast.neighbour,
        starts_on=day(0),
        ends_on=day(2),
        by=security,
        at=timezone.now(),
    )
    client = signed_in(lead)
    assert (
        client.post(f"/territory/absences/{absence.pk}/ending/", {"on": day(1).isoformat()}).status_code
        == 404
    )
    assert "网格员小郑" not in client.get("/territory/absences/").content.decode()
