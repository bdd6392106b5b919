"""The pages of files that people bring: the list with its form, the file, and the three presses; the same for every kind.

A kind says in a table (`Pages`) what differs: its words, who may open it, its form, and what is shown of what was found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.messages import error, success
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Account
from wangge.common.forms import refusals_in
from wangge.common.refusals import Refused
from wangge.territory.brought.steps import F, Way

SHOWN = 20  # files of a list

Facts = Sequence[tuple[str | Promise, Any]]


@dataclass(frozen=True)
class Remarks:
    """One kind of remarks about a file: the first ones of `count`, and perhaps how to go on with them."""

    id: str
    title: str
    rows: Sequence[str]
    count: int
    advice: str = ""


@dataclass(frozen=True)
class Shown:
    """What was found in a file, in words."""

    facts: Facts
    groups: Sequence[tuple[str, Facts]] = ()  # further facts under a heading of their own
    remarks: Sequence[Remarks] = ()
    warning: str = ""
    hint: str = ""  # that it seems to be in another coordinate system than it says
    onward: tuple[str, str] | None = None  # address and words of where it goes on
    outlook: str = ""  # where it goes on, for whoever cannot go there
    confirm: str = ""  # the press that takes it over


@dataclass(frozen=True)
class Words:
    """What one kind of file is called."""

    file: Promise
    files: Promise
    bring: Promise
    back: Promise
    none: Promise


@dataclass(frozen=True)
class Pages(Generic[F]):
    """The pages of one kind of file; `templates` is the folder with its `files.html`, which adds the fields of the form."""

    way: Way[F]
    app: str
    noun: str  # of its addresses: noun, nouns, noun_confirmation…
    templates: str
    tabs: str  # the template of the tabs above
    tab: str
    words: Words
    may: Callable[[Account], bool]
    only_for: Callable[[], str]  # what is said to whoever may not
    in_sight: Callable[[Account], QuerySet[F]]
    form: Callable[[HttpRequest, Account], Form]
    bring: Callable[[Any, Account, datetime], F]  # from its form
    shown: Callable[[F, Account], Shown]
    icon: str = "file"

    def urls(self, folder: str = "") -> list[URLPattern]:
        """The addresses of all of them, below `folder`."""
        one, noun = f"{folder}<uuid:pk>/", self.noun
        return [
            path(folder, login_required(self.files), name=f"{noun}s"),
            path(one, login_required(require_safe(self.file)), name=noun),
            *(
                path(f"{one}{press}/", login_required(require_POST(view)), name=f"{noun}_{press}")
                for press, view in self._presses.items()
            ),
        ]

    @property
    def names(self) -> dict[str, str]:
        """The names of these addresses, for templates."""
        noun = f"{self.app}:{self.noun}"
        return {"file": noun, "files": f"{noun}s", **{press: f"{noun}_{press}" for press in self._presses}}

    @property
    def _presses(self) -> dict[str, Callable[[HttpRequest, UUID], HttpResponse]]:
        return {"confirmation": self.confirmation, "looking": self.looking, "dropping": self.dropping}

    # -- The pages -------------------------------------------------------------------------------------------

    def files(self, request: HttpRequest) -> HttpResponse:
        """Bring a file; the last ones are listed."""
        person = self._person(request)
        form = self.form(request, person)
        if request.method == "POST" and form.is_valid():
            with refusals_in(form, otherwise="file"):  # for its size, its ending
                file = self.bring(form, person, timezone.now())
                return redirect(self.names["file"], file.pk)
        page = {"pages": self, "form": form, "files": self.in_sight(person)[:SHOWN]}
        return render(request, f"{self.templates}/files.html", page, status=422 if form.errors else 200)

    def file(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show what was found in a file, or how far reading has come."""
        file = self._file(request, pk)
        page = {
            "pages": self,
            "file": file,
            "shown": self.shown(file, signed_in(request)) if file.found else Shown(()),
            "obstacle": self.way.obstacle(file),
        }
        part = "HX-Request" in request.headers
        return render(request, f"territory/brought/{'_file' if part else 'file'}.html", page)

    def confirmation(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take over what was found."""
        try:
            self.way.confirm(self._file(request, pk), by=signed_in(request), at=timezone.now())
        except Refused as refused:
            error(request, str(refused))
        return redirect(self.names["file"], pk)

    def looking(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Read the file anew, and compare it with what is there now."""
        self.way.look_again(self._file(request, pk), by=signed_in(request), at=timezone.now())
        return redirect(self.names["file"], pk)

    def dropping(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Forget the file."""
        self.way.drop(self._file(request, pk), by=signed_in(request))
        success(request, _("The file is dropped. Nothing was stored."))
        return redirect(self.names["files"])

    def _person(self, request: HttpRequest) -> Account:
        person = signed_in(request)
        if not self.may(person):
            raise PermissionDenied(self.only_for())
        return person

    def _file(self, request: HttpRequest, pk: UUID) -> F:
        return get_object_or_404(self.in_sight(self._person(request)), pk=pk)


def errors_in(found: dict[str, Any], advice: str = "") -> list[Remarks]:
    """The rows with errors, as remarks."""
    if not found.get("errors"):
        return []
    title = _("Errors: nothing can be taken")
    return [Remarks("errors", title, found["errors"], found["error_count"], advice)]


def news_in(found: dict[str, Any], labels: tuple[str, str]) -> Facts:
    """How many rows are new, changed and the same, where no row has an error."""
    if found.get("errors") or "created" not in found:
        return []
    new, changed = labels
    return [
        (new, found["created"]),
        (changed, found["changed"]),
        (_("The same as before"), found["unchanged"]),
    ]
