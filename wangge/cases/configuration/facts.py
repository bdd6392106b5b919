"""What the configuration may name but does not decide: units, areas, accounts, kinds of units."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.utils import timezone

from wangge.accounts.models import Account, Unit
from wangge.cases.classes_data import UnitRole, read_unit_roles
from wangge.cases.models import DutyRow, MatterClass
from wangge.territory.models import Area, Level


@dataclass(frozen=True)
class Known:
    """One thing that a row may name by its code."""

    pk: int
    name: str
    alive: bool = True
    people: int = 0
    path: str = ""


class Facts:
    """Looked up once and kept for one request or one command."""

    @cached_property
    def units(self) -> Mapping[str, Known]:
        active = Count("people", filter=Q(people__is_active=True))
        today = timezone.localdate()
        return {
            unit.code: Known(
                unit.pk,
                unit.name,
                unit.closed_on is None or unit.closed_on > today,
                getattr(unit, "active", 0),
            )
            for unit in Unit.objects.annotate(active=active)
        }

    @cached_property
    def areas(self) -> Mapping[str, Known]:
        """Areas in force, down to communities, and every other that the duty list names."""
        upper = ~Q(level__in=(Level.GRID, Level.MICRO)) | Q(duty_rows__isnull=False)
        rows = Area.objects.filter(upper, valid_to=None).order_by("path").distinct()
        return {
            code: Known(pk, name, path=path)
            for pk, code, name, path in rows.values_list("pk", "code", "name", "path")
        }

    def area(self, code: str) -> Known | None:
        """One area of any level; grids are too many to keep."""
        if code in self.areas:
            return self.areas[code]
        row = Area.objects.filter(code=code, valid_to=None).values_list("pk", "name", "path").first()
        return Known(row[0], row[1], path=row[2]) if row else None

    @cached_property
    def class_names(self) -> Mapping[str, str]:
        """What the published classes are called, by code."""
        return {row.code: row.label for row in MatterClass.objects.only("code", "name", "name_en")}

    @cached_property
    def accounts(self) -> Mapping[str, Known]:
        return {
            name: Known(pk, shown, active)
            for pk, name, shown, active in Account.objects.values_list("pk", "username", "name", "is_active")
        }

    @cached_property
    def roles(self) -> Mapping[str, UnitRole]:
        return {role.code: role for role in read_unit_roles()}

    def kinds_of_unit(self, text: str) -> set[str]:
        """The kinds of work that the duty list gives to a unit of this name or code."""
        rows = DutyRow.objects.filter(Q(unit__name=text) | Q(unit__code=text))
        return set(rows.values_list("unit_role", flat=True))
