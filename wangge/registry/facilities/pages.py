"""The pages of files of facilities, by which the register is brought in line."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wangge.accounts.models import Account
from wangge.registry.facilities import bringing, columns, permissions, reading
from wangge.registry.facilities.forms import FacilityFileForm
from wangge.registry.models import FacilityFile
from wangge.territory.brought.pages import Facts, Pages, Remarks, Shown, Words, errors_in, news_in


def _form(request: HttpRequest, person: Account) -> FacilityFileForm:
    return FacilityFileForm(request.POST or None, request.FILES or None)


def _bring(form: FacilityFileForm, person: Account, at: datetime) -> FacilityFile:
    given = form.cleaned_data["file"]
    return bringing.bring(given, given.name, form.reading, by=person, at=at)


def _shown(file: FacilityFile, person: Account) -> Shown:
    found = file.found
    read = _columns(found)
    return Shown(
        _facts(found),
        groups=[(_("How its columns are read"), read)] if read else [],
        remarks=_remarks(found),
        hint=found["hint"],
        confirm=pgettext("file", "Take over"),
    )


def _facts(found: dict[str, Any]) -> Facts:
    news = news_in(found, (pgettext("facilities", "New"), pgettext("facilities", "Changed")))
    outside = [(_("In no grid"), found["outside"])] if news and found["outside"] else []
    return [(_("Coordinate system"), found["system"]), *news, *outside]


def _columns(found: dict[str, Any]) -> Facts:
    """How the columns are read, and those of which nothing is taken, where any is read at all."""
    read = found["columns"]
    named = [(columns.LABELS[name], read[name]) for name in columns.WAYS if name in read]
    left = [(_("Not taken"), ", ".join(found["left_over"]))] if named and found["left_over"] else []
    return [*named, *left]


def _remarks(found: dict[str, Any]) -> list[Remarks]:
    advice = _(
        "The number is the row of the file, the heading being row 1. Correct these rows and bring the file again; "
        "nothing of it is lost, and nothing was stored."
    )
    if found["error_count"] > reading.MOST_ERRORS:
        said = {"count": f"{reading.MOST_ERRORS:,}"}
        advice = _("Reading stopped after %(count)s errors; there may be more.") % said + " " + advice
    news = [
        Remarks("changes", _("What changes"), found["changes"], found["changed"]),
        Remarks("new", _("What is new"), found["new"], found["created"]),
    ]
    return errors_in(found, advice) or [each for each in news if each.rows]


PAGES = Pages(
    bringing.WAY,
    app="registry",
    noun="facility_file",
    templates="registry/facilities",
    tabs="registry/_registers.html",
    tab="facilities",
    words=Words(
        file=gettext_lazy("File of facilities"),
        files=gettext_lazy("Files of facilities"),
        bring=gettext_lazy("Bring facilities in"),
        back=gettext_lazy("To the files"),
        none=gettext_lazy("No file yet"),
    ),
    may=permissions.is_keeper,
    only_for=lambda: str(permissions.KEPT_BY),
    in_sight=permissions.files_in_sight,
    form=_form,
    bring=_bring,
    shown=_shown,
)
