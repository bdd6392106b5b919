"""Badges and plates: issued, printed, worn, verified; expired and revoked ones are worth nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from wangge.accounts.models import Account, AdminRole, Role
from wangge.accounts.tests.people import administrator
from wangge.attachments.models import Attachment
from wangge.attachments.tests import samples
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.common.ids import READABLE
from wangge.common.refusals import Refused
from wangge.common.typeface import EMBEDDED, NAMED, typeface
from wangge.territory.forces.badges import (
    agree_to_photo,
    issue_badge,
    photo_of,
    revoke_badge,
    verify,
    withdraw_photo,
)
from wangge.territory.models import Badge

SignIn = Callable[[Account], Client]


def today(ahead: int = 0) -> date:
    return timezone.localdate() + timedelta(days=ahead)


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Settings) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def lead(cast: Cast) -> Account:
    return cast.person("lead", "网格长老何", Role.GRID_LEAD, cast.place.community)


@pytest.fixture
def badge(cast: Cast, lead: Account) -> Badge:
    return issue_badge(cast.grid_worker, by=lead, at=timezone.now())


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(person: Account) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def photo(name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.jpeg(), "image/jpeg")


def test_a_serial_number_is_long_random_and_readable(badge: Badge, cast: Cast, lead: Account):
    other = issue_badge(cast.neighbour, by=lead, at=timezone.now())
    assert len(badge.serial) == len(other.serial) == 12
    assert set(badge.serial) <= set(READABLE)
    assert badge.serial != other.serial


def test_it_is_valid_to_the_last_day_in_whatever_form_it_is_typed(badge: Badge, cast: Cast):
    found = verify(f" {badge.spaced.lower()} ", today())
    assert (found.state, found.badge, [post.area for post in found.posts]) == (
        "valid",
        badge,
        [cast.place.grid_a],
    )
    assert verify(badge.serial, badge.expires_on - timedelta(days=1)).state == "valid"
    assert verify(badge.serial, badge.expires_on).state == "expired"
    assert verify("AAAA AAAA AAAA", today()).state == "unknown"


def test_whoever_serves_no_longer_wears_a_revoked_badge(badge: Badge, cast: Cast):
    cast.grid_worker.posts.update(ends_on=today())
    assert verify(badge.serial, today()) == type(verify("", today()))("revoked", badge.serial)
    cast.grid_worker.posts.update(ends_on=None)
    assert verify(badge.serial, today()).state == "valid"
    Account.objects.filter(pk=cast.grid_worker.pk).update(is_active=False)
    assert verify(badge.serial, today()).state == "revoked"


def test_a_new_badge_ends_the_old_one_and_keeps_the_photo(badge: Badge, cast: Cast, lead: Account):
    agree_to_photo(badge, photo(), by=cast.grid_worker, at=timezone.now())
    new = issue_badge(cast.grid_worker, by=lead, at=timezone.now())
    assert verify(badge.serial, today()).state == "revoked"
    assert photo_of(new) is not None
    acts = AccessEntry.objects.filter(subject_id=str(cast.grid_worker.pk)).values_list("act", flat=True)
    assert list(acts.order_by("id")) == ["badge_issued", "photo_agreed", "badge_issued"]


def test_who_may_issue_and_revoke(badge: Badge, cast: Cast, lead: Account):
    at = timezone.now()
    for person in (cast.grid_worker, cast.neighbour, cast.clerk, cast.overseer, cast.stranger):
        with pytest.raises(Refused):
            issue_badge(cast.grid_worker, by=person, at=at)
        with pytest.raises(Refused):
            revoke_badge(badge, by=person, at=at)
    with pytest.raises(Refused):
        issue_badge(cast.far_worker, by=lead, at=at)
    with pytest.raises(Refused):  # no post on the street
        issue_badge(cast.clerk, by=cast.duty_chief, at=at)
    revoke_badge(badge, by=cast.duty_chief, at=at)
    with pytest.raises(Refused):
        revoke_badge(badge, by=cast.duty_chief, at=at)


def test_only_the_wearer_agrees_to_the_photo_and_takes_it_back(badge: Badge, cast: Cast, lead: Account):
    with pytest.raises(Refused):
        agree_to_photo(badge, photo(), by=lead, at=timezone.now())
    agree_to_photo(badge, photo(), by=cast.grid_worker, at=timezone.now())
    assert verify(badge.serial, today()).has_photo
    withdraw_photo(badge, by=cast.grid_worker, at=timezone.now())
    assert not verify(badge.serial, today()).has_photo
    assert not Attachment.objects.exists()
    with pytest.raises(Refused, match="没有照片"):
        withdraw_photo(badge, by=cast.grid_worker, at=timezone.now())


def test_what_is_no_photo_is_refused(badge: Badge, cast: Cast, signed_in: SignIn):
    client = signed_in(cast.grid_worker)
    for bad in (SimpleUploadedFile("a.jpg", b"no photo"), SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF")):
        assert client.post("/territory/my-badge/", {"photo": bad, "agreed": "on"}).status_code == 422
    assert client.post("/territory/my-badge/", {"photo": photo()}).status_code == 422  # without consent
    assert not Attachment.objects.exists()


def test_a_worker_looks_after_the_photo_on_the_page(badge: Badge, cast: Cast, signed_in: SignIn):
    client = signed_in(cast.grid_worker)
    assert client.post("/territory/my-badge/", {"photo": photo(), "agreed": "on"}).status_code == 302
    assert client.get("/territory/my-badge/photo/")["Content-Type"].startswith("image/")
    assert client.post("/territory/my-badge/photo/withdrawal/").status_code == 302
    assert client.get("/territory/my-badge/photo/").status_code == 404
    assert badge.spaced in client.get("/territory/my-badge/").content.decode()
    assert badge.spaced not in signed_in(cast.neighbour).get("/territory/my-badge/").content.decode()


def test_a_lead_issues_and_revokes_on_the_page(cast: Cast, lead: Account, signed_in: SignIn):
    client, page = signed_in(lead), f"/territory/people/{cast.grid_worker.pk}/badges/"
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 302
    issued = Badge.objects.get()
    assert issued.spaced in client.get(page).content.decode()
    assert signed_in(cast.overseer).post(f"/territory/badges/{issued.pk}/revocation/").status_code == 404
    assert client.post(f"/territory/badges/{issued.pk}/revocation/").status_code == 302
    assert verify(issued.serial, today()).state == "revoked"
    assert client.get(f"/territory/people/{cast.far_worker.pk}/badges/").status_code == 404


def test_plates_and_badges_are_printed(badge: Badge, cast: Cast, lead: Account, signed_in: SignIn):
    agree_to_photo(badge, photo(), by=cast.grid_worker, at=timezone.now())
    client, asked = signed_in(lead), {"area": cast.place.community.pk}
    for sheet in ("plates", "badges"):
        response = client.get(f"/territory/forces/{sheet}.pdf", asked)
        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF-")
        assert response.content.count(b"/Type /Page\n") == 1
        assert (b"FontFile2" if typeface() == EMBEDDED else NAMED.encode()) in response.content
    assert signed_in(cast.overseer).get("/territory/forces/badges.pdf", asked).status_code == 403
    assert signed_in(cast.stranger).get("/territory/forces/plates.pdf", asked).status_code == 404


def read_back(pdf: bytes) -> list[str]:
    """What the QR codes of the first page say, read by another hand from the page as a viewer draws it."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil()
    return sorted(found.text for found in zxingcpp.read_barcodes(page))


def test_the_codes_of_plates_and_badges_lead_where_they_should(
    badge: Badge, cast: Cast, lead: Account, signed_in: SignIn, settings: Settings
):
    settings.PUBLIC_URL = "https://city.example"
    client, asked = signed_in(lead), {"area": cast.place.community.pk}
    plates = read_back(client.get("/territory/forces/plates.pdf", asked).content)
    grids = (cast.place.grid_a, cast.place.grid_b)
    assert plates == sorted(f"https://city.example/g/{grid.code}/" for grid in grids)
    badges = read_back(client.get("/territory/forces/badges.pdf", asked).content)
    assert badges == [f"https://city.example/badge/{badge.serial}/"]
    for link in (*plates, *badges):
        assert Client().get(link.removeprefix("https://city.example")).status_code == 200


def test_the_security_administrator_may_all_that(badge: Badge, cast: Cast, signed_in: SignIn):
    account = administrator(AdminRole.SECURITY, "he", "安全管理员")
    client = signed_in(account)
    assert client.get(f"/territory/people/{cast.grid_worker.pk}/badges/").status_code == 200
    assert client.get("/territory/forces/badges.pdf", {"area": cast.place.county.pk}).status_code == 200
