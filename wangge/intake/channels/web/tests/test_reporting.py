"""A resident reports without an account and without scripts, whatever they type."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from wangge.attachments.models import Attachment
from wangge.attachments.tests import samples
from wangge.cases.models import MatterClass, Question, Report
from wangge.cases.tests.cast import FAR_AWAY, IN_GRID_A, Cast
from wangge.intake.channels.web import drafts
from wangge.registry.tests.houses import build
from wangge.territory.coordinates import CRS, from_wgs84, metres_between

pytestmark = pytest.mark.django_db

LON, LAT = (str(degrees) for degrees in IN_GRID_A)


def said(**more: Any) -> dict[str, Any]:
    """What a resident fills in: a lamp is out in grid A."""
    return {"token": uuid4().hex, "lon": LON, "lat": LAT, "group": "lamps", "text": "路灯不亮了", **more}


def photo(name: str = "lamp.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.jpeg() if content is None else content, "image/jpeg")


def the_report() -> Report:
    return Report.objects.get()


def test_three_steps_without_an_account_end_with_a_code(resident: Client, cast: Cast) -> None:
    assert resident.get("/report/").status_code == 200
    answer = resident.post("/report/", said())
    assert answer.status_code == 302
    code = re.fullmatch(r"/m/([0-9A-Z]{10})/received/", answer["Location"])
    assert code is not None
    page = resident.get(answer["Location"]).content.decode()
    assert f"{code[1][:5]} {code[1][5:]}" in page
    assert "<svg" in page
    assert the_report().grid == cast.place.grid_a
    assert the_report().channel == "web"
    assert resident.get(f"/m/{code[1]}/").status_code == 200
    assert resident.get(f"/m/{code[1].lower()}/").status_code == 200


def test_pressing_twice_makes_one_report_with_one_photo(resident: Client, cast: Cast) -> None:
    filled = said()
    first = resident.post("/report/", {**filled, "photos": photo()})
    second = resident.post("/report/", {**filled, "photos": photo()})
    assert first["Location"] == second["Location"]
    assert Attachment.objects.filter(subject_kind="report", subject_id=the_report().pk).count() == 1
    assert Attachment.objects.count() == 1


def test_going_back_and_saying_something_else_is_another_report(resident: Client, cast: Cast) -> None:
    filled = said(same_as="new")
    resident.post("/report/", filled)
    resident.post("/report/", {**filled, "text": "还有一个井盖松了"})
    assert sorted(Report.objects.values_list("text", flat=True)) == sorted(["路灯不亮了", "还有一个井盖松了"])


# -- Bad input, each case on its own --------------------------------------------------------------------


def test_a_place_outside_every_grid_is_kept_and_goes_to_the_nearest_desk(
    resident: Client, cast: Cast
) -> None:
    answer = resident.post("/report/", said(lon=str(FAR_AWAY[0]), lat=str(FAR_AWAY[1])))
    assert answer.status_code == 302
    assert the_report().locating == "nearest"
    assert the_report().grid is None


@pytest.mark.parametrize(("lon", "lat", "field"), [(LON, "", "lat"), ("", LAT, "lon")])
def test_half_a_coordinate_is_refused_at_its_field_and_the_words_stay(
    resident: Client, cast: Cast, lon: str, lat: str, field: str
) -> None:
    answer = resident.post("/report/", said(lon=lon, lat=lat, address="人民路"))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "路灯不亮了" in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(("lon", "lat"), [("abc", LAT), ("200", LAT), (LAT, LON), ("0", "0"), ("nan", "inf")])
def test_impossible_coordinates_are_refused_in_words(
    resident: Client, cast: Cast, lon: str, lat: str
) -> None:
    answer = resident.post("/report/", said(lon=lon, lat=lat))
    assert answer.status_code == 422
    assert answer.context["step"] == "where"
    assert not Report.objects.exists()


@pytest.mark.parametrize("crs", [CRS.GCJ02, CRS.BD09])
def test_coordinates_of_another_map_are_converted_when_the_form_says_so(
    resident: Client, cast: Cast, crs: CRS
) -> None:
    there = from_wgs84(*IN_GRID_A, crs)
    assert metres_between(*IN_GRID_A, *there) > 100
    resident.post("/report/", said(lon=str(there[0]), lat=str(there[1]), crs=crs.value))
    report = the_report()
    assert report.lon is not None
    assert report.lat is not None
    assert metres_between(*IN_GRID_A, report.lon, report.lat) < 1


def test_an_unknown_coordinate_system_is_refused(resident: Client, cast: Cast) -> None:
    assert resident.post("/report/", said(crs="mars")).status_code == 422


def test_100000_characters_are_refused_in_words_and_are_still_there(resident: Client, cast: Cast) -> None:
    text = "路灯坏了很久" * 16667
    answer = resident.post("/report/", said(text=text))
    assert answer.status_code == 422
    assert "text" in answer.context["form"].errors
    assert text in answer.content.decode()
    assert not Report.objects.exists()


def test_4000_characters_with_line_breaks_are_kept(resident: Client, cast: Cast) -> None:
    text = "坏" * 3998 + "\r\n" + "了"
    assert resident.post("/report/", said(text=text)).status_code == 302
    assert the_report().text == text.replace("\r\n", "\n")


def test_emoji_and_rare_characters_are_kept_and_nul_is_taken_out(resident: Client, cast: Cast) -> None:
    resident.post("/report/", said(text="𠮷野家门口\x00的灯坏了 👩‍👩‍👧💡", address="𠮷祥里\x001号"))
    assert the_report().text == "𠮷野家门口的灯坏了 👩‍👩‍👧💡"
    assert the_report().address == "𠮷祥里1号"


def test_markup_in_the_words_is_shown_as_words(resident: Client, cast: Cast) -> None:
    answer = resident.post("/report/", said(text="<script>alert(1)</script>"))
    page = resident.get(answer["Location"].removesuffix("received/")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_of_two_photos_the_broken_one_is_named_and_the_good_one_kept(resident: Client, cast: Cast) -> None:
    broken = photo("broken.jpg", samples.jpeg()[:200])
    answer = resident.post("/report/", said(photos=[photo("good.jpg"), broken]), follow=True)
    assert "broken.jpg" in answer.content.decode()
    assert [a.name for a in Attachment.objects.filter(subject_id=the_report().pk)] == ["good.jpg"]


def test_a_good_photo_waits_while_the_rest_is_mended(resident: Client, cast: Cast) -> None:
    filled = said(text="长" * 5000)
    first = resident.post("/report/", {**filled, "photos": photo("good.jpg")})
    assert first.status_code == 422
    assert "good.jpg" in first.content.decode()
    resident.post("/report/", {**filled, "text": "短"})
    assert [a.name for a in Attachment.objects.filter(subject_id=the_report().pk)] == ["good.jpg"]


def test_a_photo_can_be_taken_out_again(resident: Client, cast: Cast) -> None:
    filled = said(text="长" * 5000)
    resident.post("/report/", {**filled, "photos": photo()})
    [kept] = drafts.photos_of(filled["token"])
    answer = resident.post("/report/", {**filled, "drop": kept.pk.hex})
    assert answer.status_code == 200
    assert not drafts.photos_of(filled["token"])


def test_photos_of_a_draft_nobody_sent_are_gone_after_a_day(resident: Client, cast: Cast) -> None:
    filled = said(text="长" * 5000)
    resident.post("/report/", {**filled, "photos": photo()})
    [kept] = drafts.photos_of(filled["token"])
    assert resident.get(kept.full_url).status_code == 404
    assert drafts.sweep(at=timezone.now()) == 0
    assert drafts.sweep(at=timezone.now() + drafts.KEPT * 1.1) == 1


def test_nine_photos_are_enough_over_several_attempts(resident: Client, cast: Cast) -> None:
    filled = said(text="长" * 5000)
    resident.post(
        "/report/", {**filled, "photos": [photo(f"{n}.jpg", samples.jpeg(40 + n)) for n in range(6)]}
    )
    answer = resident.post(
        "/report/", {**filled, "photos": [photo(f"b{n}.jpg", samples.jpeg(80 + n)) for n in range(6)]}
    )
    assert len(drafts.photos_of(filled["token"])) == 9
    assert [name for name, _why in answer.context["refused"]] == ["b3.jpg", "b4.jpg", "b5.jpg"]


def test_a_class_that_does_not_exist_is_refused_and_the_words_stay(resident: Client, cast: Cast) -> None:
    answer = resident.post("/report/", said(matter="99999"))
    assert answer.status_code == 422
    assert answer.context["step"] == "what"
    assert "路灯不亮了" in answer.content.decode()
    assert resident.post("/report/", said(group="dragons")).status_code == 422


def test_nothing_said_is_asked_for(resident: Client, cast: Cast) -> None:
    answer = resident.post("/report/", {"token": uuid4().hex})
    assert answer.status_code == 422
    assert {"address", "text"} <= set(answer.context["form"].errors)


@pytest.mark.parametrize("token", ["", "x", "../../etc", "z" * 32, "0" * 400])
def test_a_form_without_its_token_still_reports(resident: Client, cast: Cast, token: str) -> None:
    assert resident.post("/report/", said(token=token)).status_code == 302


# -- Ways to say where --------------------------------------------------------------------------------------


def test_an_address_alone_is_enough(resident: Client, cast: Cast) -> None:
    resident.post("/report/", said(lon="", lat="", address="人民路12号"))
    assert the_report().locating == "none"
    assert the_report().address == "人民路12号"


def test_a_place_from_the_list_needs_neither_map_nor_numbers(resident: Client, cast: Cast) -> None:
    resident.post("/report/", said(lon="", lat="", found=f"{LON},{LAT},人民路12号"))
    assert the_report().address == "人民路12号"
    assert the_report().grid == cast.place.grid_a


def test_searching_for_a_place_keeps_what_was_typed_and_sends_nothing(resident: Client, cast: Cast) -> None:
    answer = resident.post("/report/", said(find="1", q="没有的路", lon="", lat=""))
    assert answer.status_code == 200
    assert "路灯不亮了" in answer.content.decode()
    assert not answer.context["form"].errors
    assert not Report.objects.exists()


def test_a_photo_may_say_where_it_was_taken(resident: Client, cast: Cast) -> None:
    notes = samples.camera_notes(lon=(118, 54, 18), lat=(32, 54, 18))
    taken = photo("lamp.jpg", samples.jpeg(exif=notes))
    assert resident.post("/report/", said(lon="", lat="", photos=taken)).status_code == 302
    report = the_report()
    assert (round(report.lon or 0, 3), round(report.lat or 0, 3)) == IN_GRID_A


# -- What it is ----------------------------------------------------------------------------------------------


def test_questions_of_the_class_are_asked_once_and_required_ones_answered(
    resident: Client, cast: Cast
) -> None:
    filled = said(matter=cast.lamp.code)
    required = Question.objects.filter(matters=cast.lamp, required=True).get()
    asked = resident.post("/report/", filled)
    assert asked.status_code == 200
    assert f'name="q_{required.code}"' in asked.content.decode()
    assert "还没有提交" in asked.content.decode()
    assert not Report.objects.exists()
    assert resident.post("/report/", {**filled, "asked": cast.lamp.code}).status_code == 422
    key = required.choices[0][0]
    answer = resident.post("/report/", {**filled, "asked": cast.lamp.code, f"q_{required.code}": key})
    assert answer.status_code == 302
    assert the_report().attributes == {required.code: key}
    assert the_report().matter == cast.lamp


def test_an_answer_that_is_none_of_the_choices_is_refused(resident: Client, cast: Cast) -> None:
    required = Question.objects.filter(matters=cast.lamp, required=True).get()
    filled = said(matter=cast.lamp.code, asked=cast.lamp.code)
    assert resident.post("/report/", {**filled, f"q_{required.code}": "dragon"}).status_code == 422


def test_a_big_choice_alone_is_enough(resident: Client, cast: Cast) -> None:
    resident.post("/report/", said(text=""))
    assert the_report().matter is None
    assert the_report().attributes == {"group": "lamps"}


def test_words_suggest_classes(resident: Client, cast: Cast) -> None:
    found = resident.get("/report/classes.json", {"q": "路灯不亮"}).json()["classes"]
    assert found[0]["group"] == "lamps"
    assert resident.get("/report/classes.json", {"q": "路灯\x00不亮"}).json()["classes"] == found


def test_the_contact_is_sealed(resident: Client, cast: Cast) -> None:
    resident.post("/report/", said(name="张三", phone="13812341234", share_with_unit="on"))
    contact = the_report().contact
    assert (contact.name, contact.phone, contact.share_with_unit) == ("张三", "13812341234", True)
    stored = Report.objects.filter(contact__phone=b"13812341234")
    assert not stored.exists()


@pytest.mark.parametrize("wrong", [{"phone": "call me"}, {"email": "nobody"}])
def test_a_contact_nobody_can_use_is_refused(resident: Client, cast: Cast, wrong: dict[str, str]) -> None:
    assert resident.post("/report/", said(**wrong)).status_code == 422


# -- Perhaps somebody said it already -------------------------------------------------------------------------


def test_something_alike_close_by_is_shown_before_sending(resident: Client, cast: Cast) -> None:
    other = cast.report(at=timezone.now())
    filled = said()
    page = resident.post("/report/", filled)
    assert [m.number for m in page.context["similar"]] == [other.number]
    assert Report.objects.count() == 1
    carried = dict(page.context["carried"])
    assert carried["text"] == filled["text"]
    resident.post("/report/", {**carried, "same_as": str(other.number)})
    mine = Report.objects.exclude(pk=other.pk).get()
    assert mine.attributes["same_as"] == other.number


def test_a_class_that_is_confidential_by_itself_is_pointed_at_nothing(resident: Client, cast: Cast) -> None:
    cast.report(at=timezone.now())
    plain = MatterClass.objects.filter(group=cast.lamp.group, in_force=True, questions=None)[0]
    assert resident.post("/report/", said(matter=plain.code)).context["similar"], "the same group, close by"
    MatterClass.objects.filter(pk=plain.pk).update(confidential=True)
    assert resident.post("/report/", said(matter=plain.code)).status_code == 302
    assert Report.objects.latest("number").confidential


def test_a_report_is_kept_also_when_it_is_another_one(resident: Client, cast: Cast) -> None:
    cast.report(at=timezone.now())
    resident.post("/report/", said(same_as="new"))
    assert Report.objects.count() == 2
    assert (
        "same_as"
        not in Report.objects.get(text="路灯不亮了", channel="web", attributes__group="lamps").attributes
    )


def test_other_kinds_and_far_ones_are_not_asked_about(resident: Client, cast: Cast) -> None:
    cast.report(at=timezone.now(), point=(118.9065, 32.905))  # 140 metres
    assert resident.post("/report/", said()).status_code == 302
    assert resident.post("/report/", said(group="noise")).status_code == 302


def test_a_photo_survives_the_question_about_similar_ones(resident: Client, cast: Cast) -> None:
    cast.report(at=timezone.now())
    page = resident.post("/report/", said(photos=photo("lamp.jpg")))
    resident.post("/report/", {**dict(page.context["carried"]), "same_as": "new"})
    mine = Report.objects.get(attributes__group="lamps")
    assert Attachment.objects.get().subject_id == UUID(str(mine.pk))


# -- The place in words -----------------------------------------------------------------------------------------


def test_an_address_without_a_pin_is_guessed_shown_and_confirmed(resident: Client, cast: Cast) -> None:
    build(cast.place)
    written = said(lon="", lat="", address="人民路十二号阳光小区三号楼旁边")
    asked = resident.post("/report/", written)
    assert not Report.objects.exists()
    [place] = [one for one in asked.context["places"] if one.label.endswith("3幢")]
    assert "选择正确的一个" in asked.content.decode()
    resident.post("/report/", {**written, "found": place.value})
    report = the_report()
    assert (report.address, report.current_grid) == (written["address"], cast.place.grid_a)
    assert report.lon == pytest.approx(118.9018)


def test_a_wrong_guess_is_declined_and_the_words_go_to_the_desk_without_a_pin(
    resident: Client, cast: Cast
) -> None:
    build(cast.place)
    written = said(lon="", lat="", address="仁民路12号")
    assert resident.post("/report/", written).status_code == 200
    resident.post("/report/", {**written, "found": "words"})
    report = the_report()
    assert (report.address, report.lon, report.locating) == ("仁民路12号", None, "none")


def test_a_place_told_in_the_words_is_offered_where_none_was_given(resident: Client, cast: Cast) -> None:
    build(cast.place)
    asked = resident.post("/report/", said(lon="", lat="", address="", text="人民路8号门口的路灯不亮了"))
    assert asked.status_code == 422
    assert [one.label for one in asked.context["places"]] == ["人民路8号"]
