"""The kinds of forces: shipped as the seven forces and the micro-grid worker, then the installation's own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.territory.models import ForceKind

# Source: the "seven forces" of grid services as counties write them; code, name, English name.
SHIPPED = (
    ("manager", "管理员", "Manager"),
    ("assistant", "协管员", "Assistant"),
    ("supervisor", "督导员", "Supervisor"),
    ("secretary", "党支部书记", "Party branch secretary"),
    ("police", "民警", "Police officer"),
    ("justice", "司法工作者", "Judicial worker"),
    ("fire", "消防员", "Firefighter"),
    ("micro_worker", "微网格员", "Micro-grid worker"),
)


def ship() -> None:
    """Add the shipped kinds that are missing; what the installation changed is left alone."""
    known = set(ForceKind.objects.values_list("code", flat=True))
    ForceKind.objects.bulk_create(
        ForceKind(code=code, name=name, name_en=english, ordinal=10 * place)
        for place, (code, name, english) in enumerate(SHIPPED, start=1)
        if code not in known
    )


@transaction.atomic
def store_kind(
    *, code: str, name: str, name_en: str, ordinal: int, in_use: bool, by: Account, at: datetime, is_new: bool
) -> ForceKind:
    """Add a kind, or say one otherwise; its code stays for ever. Raises Refused for a code that is taken."""
    demand_role(by, AdminRole.SYSTEM)
    name, name_en = " ".join(name.split()), " ".join(name_en.split())
    if is_new and ForceKind.objects.filter(code=code).exists():
        raise Refused(_("This code is taken."), field="code")
    if ForceKind.objects.filter(name=name).exclude(code=code).exists():
        raise Refused(_("Another kind is called so."), field="name")
    said = {"name": name, "name_en": name_en, "ordinal": ordinal, "in_use": in_use}
    kind, _made = ForceKind.objects.update_or_create(code=code, defaults=said)
    record_access(
        "force_kind_changed", by=by, at=at, subject_kind="territory", subject_id=code, detail=dict(said)
    )
    return kind
