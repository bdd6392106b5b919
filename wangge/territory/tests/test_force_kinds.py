"""The kinds of forces are the installation's own: added, renamed, put out of use, and never lost from a post."""

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone, translation

from wangge.accounts.models import Account, Role
from wangge.accounts.tests.people import administrator
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused
from wangge.territory.forces import kinds
from wangge.territory.forces.posts import add_force
from wangge.territory.forms import ForceForm
from wangge.territory.models import ForceKind, ForcePost

ADDRESS = "/territory/forces/kinds/"
VET = {"code": "vet", "name": "兽医", "name_en": "Veterinarian", "ordinal": "15", "in_use": "on"}


@pytest.fixture(autouse=True)
def in_english(settings, client: Client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def admin(cast: Cast) -> Account:
    return administrator()


@pytest.fixture
def lead(cast: Cast) -> Account:
    return cast.person("lead", "网格长老吴", Role.GRID_LEAD, cast.place.community)


def test_a_city_adds_a_kind_and_posts_have_it(
    client: Client, admin: Account, lead: Account, cast: Cast
) -> None:
    client.force_login(admin)
    assert "Police officer" in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, VET).status_code == 302
    vet = ForceKind.objects.get(code="vet")
    assert (vet.name, vet.label) == ("兽医", "Veterinarian")
    with translation.override("zh-hans"):
        assert vet.label == "兽医"
    today = timezone.localdate()
    add_force(cast.place.grid_a, force=vet, name="老牛", starts_on=today, by=lead, at=timezone.now())
    assert ForcePost.objects.get().force == vet
    assert AccessEntry.objects.get(act="force_kind_changed").account_id == admin.pk
    listed = client.get(ADDRESS).context["kinds"]
    assert [kind.code for kind in listed][:2] == ["manager", "vet"]
    assert {kind.code: kind.held for kind in listed}["vet"] == 1


def test_one_out_of_use_stays_with_its_posts_and_is_offered_no_more(
    client: Client, admin: Account, lead: Account, cast: Cast
) -> None:
    police, today = ForceKind.objects.get(code="police"), timezone.localdate()
    add_force(cast.place.grid_a, force=police, name="老孔", starts_on=today, by=lead, at=timezone.now())
    client.force_login(admin)
    said = {"name": "社区民警", "name_en": "", "ordinal": "5"}
    assert client.post(f"{ADDRESS}police/", said).status_code == 302
    police.refresh_from_db()
    assert (police.name, police.in_use, police.label) == ("社区民警", False, "社区民警")
    assert "no longer in use" in client.get(ADDRESS).content.decode()
    assert police not in ForceForm().fields["force"].queryset  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="no longer in use"):
        add_force(cast.place.grid_a, force=police, name="老严", starts_on=today, by=lead, at=timezone.now())
    assert ForcePost.objects.get().force.name == "社区民警"
    with pytest.raises(ProtectedError):
        police.delete()


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"code": "police"}, "code", "already exists"),
        ({"code": "no blanks"}, "code", "valid"),
        ({"name": "民警"}, "name", "called so"),
        ({"name": ""}, "name", "fill this in"),
        ({"ordinal": "-1"}, "ordinal", "greater"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(
    client: Client, admin: Account, wrong: dict[str, str], field: str, told: str
) -> None:
    client.force_login(admin)
    answer = client.post(ADDRESS, VET | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert told in str(answer.context["form"].errors[field])
    assert 'value="Veterinarian"' in answer.content.decode()
    assert not ForceKind.objects.filter(code="vet").exists()


def test_shipping_again_leaves_the_own_words_alone(db: None) -> None:
    ForceKind.objects.filter(code="police").update(name="片警")
    ForceKind.objects.filter(code="fire").delete()
    kinds.ship()
    assert ForceKind.objects.get(code="police").name == "片警"
    assert ForceKind.objects.get(code="fire").name == "消防员"
    assert ForceKind.objects.count() == len(kinds.SHIPPED)


def test_nobody_else_keeps_them(client: Client, cast: Cast, lead: Account) -> None:
    for person in (cast.duty_chief, lead):
        client.force_login(person)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, VET).status_code == 403
    with pytest.raises(Refused):
        kinds.store_kind(
            code="vet",
            name="兽医",
            name_en="",
            ordinal=1,
            in_use=True,
            by=lead,
            at=timezone.now(),
            is_new=True,
        )
    assert not ForceKind.objects.filter(code="vet").exists()
