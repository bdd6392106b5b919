"""The main navigation as a table: who finds what in the bar, and where a person starts."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.accounts.models import AdminRole, Role
from wangge.insight.permissions import ROLES as LOOKERS
from wangge.registry.addresses.permissions import EDITORS
from wangge.territory.forces.permissions import ONLOOKERS
from wangge.territory.scopes import Person, scope_of

DESK = frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF, Role.DISPATCHER, Role.OVERSEER})
UNIT = frozenset({Role.CLERK, Role.UNIT_LEAD})
FIELD = frozenset({Role.GRID_WORKER, Role.DEPUTY, Role.GRID_LEAD, Role.INFORMANT})
# Whom ladders lead to; everybody else finds what came to them by its notice.
ABOVE = frozenset({Role.UNIT_LEAD, Role.GRID_LEAD, Role.DUTY_CHIEF, Role.OVERSEER, Role.LEADER})
# Who works with the tree of areas; everybody else signed in reaches it from the places that are named on a page.
TERRITORY = frozenset({Role.TERRITORY, Role.OVERSEER, Role.LEADER})
ADMINISTRATORS = frozenset(AdminRole)


@dataclass(frozen=True)
class Entry:
    """One word in the bar and the roles that see it."""

    label: Promise | str
    icon: str
    name: str
    roles: frozenset[Role] = frozenset()
    admin_roles: frozenset[AdminRole] = frozenset()
    also: tuple[str, ...] = ()  # beginnings of other paths that belong to it


ENTRIES = (
    Entry(_("Desk"), "inbox", "cases:desk", DESK, also=("/cases/", "/reports/")),
    Entry(_("Unit's list"), "clipboard-list", "cases:unit", UNIT, also=("/cases/", "/reports/")),
    Entry(_("Tasks"), "walk", "fieldwork:tasks", FIELD),
    Entry(_("Overview"), "chart-bar", "insight:overview", LOOKERS, also=("/scorecards/",)),
    Entry(pgettext_lazy("one map", "Map"), "map-2", "insight:map", DESK | UNIT | FIELD | LOOKERS),
    Entry(_("Scorecards"), "clipboard-check", "insight:cards", frozenset({Role.UNIT_LEAD})),
    Entry(
        pgettext_lazy("navigation", "Addresses"),
        "map-pin",
        "registry:addresses",
        EDITORS,
        also=("/registry/facilities/",),
    ),
    Entry(pgettext_lazy("navigation", "Escalated"), "stairs-up", "cases:escalations", ABOVE),
    Entry(pgettext_lazy("navigation", "Territory"), "map-2", "territory:tree", TERRITORY),
    Entry(
        _("Forces"),
        "users",
        "territory:forces",
        ONLOOKERS,
        frozenset({AdminRole.SECURITY}),
        also=("/territory/absences/",),
    ),
    Entry(
        _("Administration"),
        "settings",
        "accounts:administration",
        admin_roles=ADMINISTRATORS,
        also=(
            "/territory/posts/",
            "/territory/files/",
            "/registry/extracts/",
            "/registry/facilities/",
            "/territory/export/",
            "/territory/codes/",
            "/territory/forces/kinds/",
            "/territory/people/",
            "/calendars/",
            "/escalations/unreached/",
        ),
    ),
)


@dataclass(frozen=True)
class Item:
    """An entry as one person sees it on one page."""

    label: str
    icon: str
    url: str
    is_here: bool


def navigation_of(person: Person, here: str = "") -> list[Item]:
    """Return what this person finds in the bar; `here` is the path of the page that is open."""
    return [
        Item(str(entry.label), entry.icon, url, here.startswith((url, *entry.also)))
        for entry, url in _allowed(person)
    ]


def start_of(person: Person) -> str:
    """Return where a person's work begins: the first thing in the bar, else the own account."""
    return next((url for _entry, url in _allowed(person)), reverse("accounts:me"))


def _allowed(person: Person) -> Iterator[tuple[Entry, str]]:
    scope = scope_of(person)
    admin_role = getattr(person, "admin_role", None)
    for entry in ENTRIES:
        if scope.has(*entry.roles) or admin_role in entry.admin_roles:
            yield entry, reverse(entry.name)
