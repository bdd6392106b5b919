"""The duty list at work: which unit a case belongs to, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Unit
from wangge.cases.models import Case, DutyRow
from wangge.cases.returned import Returned, returned
from wangge.common.languages import in_reader_language


@dataclass(frozen=True)
class Proposal:
    """A unit for a case and the sentence that says why."""

    unit: Unit
    why: str
    again: bool = False  # it has sent this very case back, and the duty list names no other


def areas_around(path: str) -> list[int]:
    """The ids of an area and all areas around it, from the root down."""
    return [int(part) for part in path.strip("/").split("/") if part]


def propose_unit(
    case: Case, at: datetime | None = None, sent_back: Sequence[Returned] | None = None
) -> Proposal | None:
    """Find the row of the duty list that fits best at a moment (now unless said).

    The very class comes before its kind of work, then the nearest area, then a row that holds at some times only. A
    unit that has sent this case back comes after all others; `sent_back` spares asking who did.
    """
    if case.condition is None:
        return None
    rows = _rows_that_hold(case, timezone.localtime(at or timezone.now()))
    if not rows:
        return None
    sent_back = returned([case]).get(case.pk, ()) if sent_back is None else sent_back
    best = next((row for row in rows if not _has_sent_it_back(row, sent_back)), rows[0])
    what = case.matter.label if best.matter_id else role_label(best.unit_role)
    why = _("Duty list: %(what)s in %(area)s") % {"what": what, "area": best.area.name}
    return Proposal(best.unit, why, again=_has_sent_it_back(best, sent_back))


def _rows_that_hold(case: Case, moment: datetime) -> list[DutyRow]:
    """The rows of the duty list that fit a case, the best first."""
    assert case.condition is not None
    around = areas_around(case.area_path)
    rows = (
        DutyRow.objects.filter(area_id__in=around)
        .filter(Q(matter_id=case.matter_id) | Q(matter=None, unit_role=case.condition.unit_role))
        .filter(unit__closed_on=None)
        .select_related("unit", "area")
    )
    return sorted(
        (row for row in rows if holds(row, moment)),
        key=lambda row: (row.matter_id is not None, around.index(row.area_id), _is_limited(row)),
        reverse=True,
    )


def _has_sent_it_back(row: DutyRow, sent_back: Sequence[Returned]) -> bool:
    return any(row.unit.code in one.codes for one in sent_back)


def holds(row: DutyRow, moment: datetime) -> bool:
    """Tell whether a row of the duty list holds at a local moment; the dry run says the same in SQL."""
    day = moment.date()
    if (row.valid_from and day < row.valid_from) or (row.valid_to and day >= row.valid_to):
        return False
    in_season = not row.season_from or _between(
        row.season_from, f"{moment:%m-%d}", row.season_to, open_end=False
    )
    start, _to, end = row.hours.partition("-")
    return in_season and (not row.hours or _between(start, f"{moment:%H:%M}", end, open_end=True))


def _between(start: str, now: str, end: str, *, open_end: bool) -> bool:
    """Compare text in which the larger is later; what begins after its end goes over midnight or the new year."""
    before_end = now < end if open_end else now <= end
    return start <= now and before_end if start <= end else start <= now or before_end


def _is_limited(row: DutyRow) -> bool:
    return bool(row.season_from or row.hours or row.valid_from or row.valid_to)


def role_label(code: str) -> str:
    """The kind of work in the reader's language."""
    from wangge.cases.classes_data import read_unit_roles

    row = next((row for row in read_unit_roles() if row.code == code), None)
    return in_reader_language(row.name_zh, row.name_en) if row else code
