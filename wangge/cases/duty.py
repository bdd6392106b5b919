"""The duty list at work: which unit a case belongs to, and why."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from wangge.accounts.models import Unit
from wangge.cases.models import Case, DutyRow


@dataclass(frozen=True)
class Proposal:
    """A unit for a case and the sentence that says why."""

    unit: Unit
    why: str


def areas_around(path: str) -> list[int]:
    """The ids of an area and all areas around it, from the root down."""
    return [int(part) for part in path.strip("/").split("/") if part]


def propose_unit(case: Case) -> Proposal | None:
    """Find the row of the duty list that fits best: the very class before its kind of work, the nearest area first."""
    if case.condition is None:
        return None
    around = areas_around(case.area_path)
    rows = (
        DutyRow.objects.filter(area_id__in=around)
        .filter(Q(matter_id=case.matter_id) | Q(matter=None, unit_role=case.condition.unit_role))
        .filter(unit__closed_on=None)
        .select_related("unit", "area")
    )
    best = max(rows, key=lambda row: (row.matter_id is not None, around.index(row.area_id)), default=None)
    if best is None:
        return None
    what = case.matter.label if best.matter_id else role_label(best.unit_role)
    return Proposal(best.unit, _("Duty list: %(what)s in %(area)s") % {"what": what, "area": best.area.name})


def role_label(code: str) -> str:
    """The kind of work in the reader's language."""
    from wangge.cases.classes_data import read_unit_roles
    from wangge.cases.models.classes import in_reader_language

    row = next((row for row in read_unit_roles() if row.code == code), None)
    return in_reader_language(row.name_zh, row.name_en) if row else code
