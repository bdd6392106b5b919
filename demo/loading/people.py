"""Units, people in their posts and the duty list of the made-up district."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password

from demo import units as drawn
from demo.people import DEMO_PEOPLE, Person
from wangge.accounts.models import Account, AdminPost, Unit
from wangge.cases.models import DutyRow, Ladder, MatterClass, Rung
from wangge.territory.models import Post, UnitArea

FALLBACK = "lingdao"  # the district's leader


def store_people(people: Sequence[Person], areas: dict[str, int], *, at: datetime) -> None:
    """Store units, accounts without passwords, posts and the duty list."""
    units = _store_units(areas)
    accounts = _store_accounts(people, units, at)
    Post.objects.bulk_create(
        Post(account=accounts[person.account], role=post.role, area_id=areas[post.area_code])
        for person in people
        for post in person.posts
    )
    AdminPost.objects.bulk_create(
        AdminPost(account=accounts[person.account], role=person.admin_role)
        for person in people
        if person.admin_role
    )
    _store_duties(units, areas)


def _store_units(areas: dict[str, int]) -> dict[str, Unit]:
    """Parents come before their children in the list, so each finds its own."""
    stored: dict[str, Unit] = {}
    for unit in drawn.units():
        stored[unit.code] = Unit.objects.create(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            parent=stored[unit.parent] if unit.parent else None,
            phone=unit.phone,
        )
    UnitArea.objects.bulk_create(
        UnitArea(unit=stored[unit.code], area_id=areas[unit.area_code]) for unit in drawn.units()
    )
    return stored


def _store_accounts(people: Sequence[Person], units: dict[str, Unit], at: datetime) -> dict[str, Account]:
    """Those whom the sign-in page offers come first and in its order; nobody has a password."""
    hints = {person.account: (person.try_zh, person.try_en) for person in DEMO_PEOPLE}
    offered = list(hints)
    order = sorted(people, key=lambda p: offered.index(p.account) if p.account in hints else len(offered))
    stored = Account.objects.bulk_create(
        Account(
            username=person.account,
            name=person.name,
            phone=person.phone,
            password=make_password(None),
            unit=units[person.unit_code],
            password_changed_at=at,
            **dict(zip(("demo_hint", "demo_hint_en"), hints.get(person.account, ("", "")), strict=True)),
        )
        for person in order
    )
    return {account.username: account for account in stored}


def _store_duties(units: dict[str, Unit], areas: dict[str, int]) -> None:
    matters = dict(MatterClass.objects.values_list("code", "pk"))
    DutyRow.objects.bulk_create(
        DutyRow(
            area_id=areas[duty.area_code],
            unit_role=duty.unit_role,
            matter_id=matters[duty.matter_code] if duty.matter_code else None,
            unit=units[duty.unit_code],
        )
        for duty in drawn.duties()
    )


def name_fallbacks() -> None:
    """Name who is told at the end of every escalation ladder: the district's leader."""
    leader = Account.objects.get(username=FALLBACK)
    for ladder in Ladder.objects.all():
        top = ladder.rungs.order_by("-ordinal")[:1].get()
        Rung.objects.filter(pk=top.pk).update(fallback_account=leader)
