"""The pages of extracts of OpenStreetMap: brought, followed while they are read, stored when somebody has seen the summary."""

from datetime import datetime

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.accounts.access import told_only
from wangge.accounts.models import Account, AdminRole
from wangge.registry.models import Extract
from wangge.registry.osm import bringing, telling
from wangge.territory.brought.forms import file_field
from wangge.territory.brought.pages import Pages, Shown, Words


class ExtractForm(forms.Form):
    """An extract."""

    file = file_field(
        gettext_lazy("Extract of OpenStreetMap"),
        gettext_lazy(".osm.pbf or .osm, at most 300 MB: a county or a city, not a country."),
        accept=".pbf,.osm",
    )


def _in_sight(person: Account) -> QuerySet[Extract]:
    return Extract.objects.select_related("made_by", "stored_by")


def _form(request: HttpRequest, person: Account) -> ExtractForm:
    return ExtractForm(request.POST or None, request.FILES or None)


def _bring(form: ExtractForm, person: Account, at: datetime) -> Extract:
    given = form.cleaned_data["file"]
    return bringing.bring(given, given.name, by=person, at=at)


def _shown(extract: Extract, person: Account) -> Shown:
    found = extract.found
    is_elsewhere = 0 < found["buildings"] == found["outside"]
    groups = (
        (_("Repaired or guessed"), telling.repaired(found)),
        (_("Left as it is, or left out"), telling.left(found)),
    )
    return Shown(
        telling.taken(found),
        groups=[(title, facts) for title, facts in groups if facts],
        warning=_("None of the buildings stands in a grid here. Is this the right place?")
        if is_elsewhere
        else "",
        confirm=_("Store it"),
    )


PAGES = Pages(
    bringing.WAY,
    app="registry",
    noun="extract",
    templates="registry/extracts",
    tabs="accounts/_administration.html",
    tab="extracts",
    words=Words(
        file=gettext_lazy("Extract of OpenStreetMap"),
        files=gettext_lazy("Map ground"),
        bring=gettext_lazy("Bring an extract in"),
        back=gettext_lazy("To the extracts"),
        none=gettext_lazy("No extract yet"),
    ),
    may=lambda person: person.admin_role == AdminRole.SYSTEM,
    only_for=lambda: told_only(AdminRole.SYSTEM),
    in_sight=_in_sight,
    form=_form,
    bring=_bring,
    shown=_shown,
    icon="map-2",
)
