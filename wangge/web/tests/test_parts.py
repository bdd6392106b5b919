"""The small parts pages share."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from wangge.web.templatetags.icons import FOLDER
from wangge.web.templatetags.times import due, moment, moment_text

THIS_YEAR = timezone.localdate().year


def test_a_moment_is_short_with_the_full_one_on_hover():
    at = datetime(THIS_YEAR, 11, 22, 6, 5, 9, tzinfo=UTC)
    assert moment(at) == (
        f'<time datetime="{THIS_YEAR}-11-22T14:05:09+08:00" title="{THIS_YEAR}-11-22 14:05:09">11-22 14:05</time>'
    )


def test_another_year_is_said():
    assert moment_text(datetime(2019, 12, 31, 16, 30, tzinfo=UTC)) == "2020-01-01 00:30"
    assert moment(None) == moment_text(None) == due(None) == ""


def test_a_due_time_names_the_day_of_the_week():
    at = datetime(2019, 12, 31, 16, 30, tzinfo=UTC)
    assert ">2020-01-01 星期三 00:30<" in due(at)
    with translation.override("en"):
        assert ">2020-01-01 Wed 00:30<" in due(at)


@pytest.mark.parametrize("light", ["green", "amber", "red", "paused", "done", "none"])
def test_a_light_is_never_a_colour_alone(light: str):
    with translation.override("en"):
        drawn = render_to_string("web/_light.html", {"light": light, "due": None})
    assert "<svg" in drawn
    assert any(word in drawn for word in ("in time", "due soon", "late", "paused", "done", "no limit"))


def test_the_shapes_of_lights_differ():
    shapes = {render_to_string("web/_light.html", {"light": light, "word": "x"}).split("</svg>")[0].split(">", 2)[2]
              for light in ("green", "amber", "red")}  # fmt: skip
    assert len(shapes) == 3


def test_an_icon_is_decoration_unless_it_has_a_label():
    draw = lambda text: Template("{% load icons %}" + text).render(Context())  # noqa: E731
    assert 'aria-hidden="true"' in draw('{% icon "map-pin" %}')
    assert 'aria-label="&lt;b&gt;"' in draw('{% icon "map-pin" label="<b>" %}')
    with pytest.raises(TemplateSyntaxError, match="no icon 'nonesuch'"):
        draw('{% icon "nonesuch" %}')


def test_icons_are_drawings_and_nothing_else():
    for path in FOLDER.glob("*.svg"):
        text = path.read_text()
        assert text.startswith("<svg xmlns="), path.name
        assert "<script" not in text, path.name


class Address(forms.Form):
    street = forms.CharField(label="街道", help_text="到路名即可")
    known = forms.BooleanField(label="已核对")


def field(form: forms.Form, name: str) -> str:
    return render_to_string("web/_form_field.html", {"field": form[name]})


def test_a_field_is_tied_to_its_help_and_error():
    drawn = field(Address({"street": ""}), "street")
    assert 'aria-describedby="id_street_error id_street_help"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_street_error"' in drawn
    assert 'for="id_street"' in drawn


def test_what_was_typed_stays_and_nothing_is_tied_where_nothing_is_said():
    drawn = field(Address({"street": "人民路"}), "street")
    assert 'value="人民路"' in drawn
    assert "is-invalid" not in drawn
    assert "form-check-input" in field(Address(), "known")


def test_turning_the_page_keeps_the_filters():
    request = RequestFactory().get("/", {"q": "灯", "page": "2", "stage": "open"})
    page = Paginator(range(100), 10).page(2)
    drawn = render_to_string("web/_pagination.html", {"page": page}, request)
    assert "q=%E7%81%AF&amp;stage=open&amp;page=3" in drawn
    assert "stage=open&amp;page=1" in drawn


def test_one_page_has_nothing_to_turn():
    request = RequestFactory().get("/")
    assert (
        render_to_string("web/_pagination.html", {"page": Paginator([1], 10).page(1)}, request).strip() == ""
    )


def test_nothing_to_show_is_said_kindly():
    drawn = render_to_string("web/_empty.html", {"title": "没有事项", "url": "/x/", "action": "去上报"})
    assert "没有事项" in drawn
    assert 'href="/x/"' in drawn


def test_every_icon_a_template_names_is_there():
    named = {
        name
        for path in Path(settings.BASE_DIR).glob("wangge/**/templates/**/*.html")
        for name in re.findall(r"""(?:{% icon |icon_name=)"([a-z0-9-]+)\"""", path.read_text())
    }
    assert named <= {path.stem for path in FOLDER.glob("*.svg")}
