"""The made-up district in the database, and who is who in it."""

# ruff: noqa
from datetime import date, timedelta
import shapely
from django.utils import timezone
from django.db import connection
from wangge.accounts.models import Account, AdminPost, Unit
from wangge.cases.models import DutyRow, MatterClass
from wangge.cases.seed import seed_configuration
from wangge.registry.models import Building
from wangge.territory import lookup
from wangge.territory.cells import cell
from wangge.territory.models import Area, BaseFeature, Post, UnitArea, UnitGrid


def wkb(g):
    return bytes(shapely.to_wkb(g))


def load_territory() -> None:
    from demo.people import DEMO_PEOPLE, people
    from demo.places import build_district
    from demo import units

    seed_configuration()
    d = build_district()
    by = {}
    for a in d.areas:
        parent = by.get(a.parent_code)
        row = Area.objects.create(
            code=a.code,
            name=a.name,
            level=a.level,
            kind=a.kind if a.kind in ("general", "dedicated", "micro") else "",
            parent=parent,
            path="",
            boundary=wkb(a.geometry) if a.geometry is not None else None,
            centre_lon=a.geometry.centroid.x if a.geometry is not None else None,
            centre_lat=a.geometry.centroid.y if a.geometry is not None else None,
            households=a.households,
        )
        row.path = f"{parent.path if parent else '/'}{row.pk}/"
        row.save(update_fields=["path"])
        by[a.code] = row
    UnitGrid.objects.bulk_create(
        UnitGrid(code=u.code, community=by[u.community_code], boundary=wkb(u.geometry), area_m2=u.area_m2)
        for u in d.unit_grids
    )
    feats = []

    def feat(kind, name, rank, g):
        w, s, e, n = g.bounds
        feats.append(
            BaseFeature(kind=kind, name=name, rank=rank, shape=wkb(g), west=w, south=s, east=e, north=n)
        )

    for r in d.roads:
        feat("road", r.name, ("arterial", "secondary", "branch", "lane").index(r.kind), r.geometry)
    for w in d.water:
        feat("water", w.name, 0, w.geometry)
    for g in d.green:
        feat("green", g.name, 0, g.geometry)
    for b in d.blocks:
        feat("block", b.name, 0, b.geometry)
    for p in d.poi:
        feat("place", p.name, 0, shapely.Point(p.lon, p.lat))
    BaseFeature.objects.bulk_create(feats)
    Building.objects.bulk_create(
        Building(
            name=b.name,
            estate=b.estate,
            address=b.address,
            floors=b.floors,
            entrances=b.entrances,
            households=b.households,
            grid=by.get(b.grid_code),
            footprint=wkb(b.geometry),
            lon=b.lon,
            lat=b.lat,
            cell=cell(b.lon, b.lat),
        )
        for b in d.buildings
    )
    us = {}
    for u in units.units():
        us[u.code] = Unit.objects.create(
            code=u.code, name=u.name, kind=u.kind, parent=us.get(u.parent), phone=u.phone
        )
        UnitArea.objects.create(unit=us[u.code], area=by[u.area_code])
    ms = {m.code: m for m in MatterClass.objects.all()}
    DutyRow.objects.bulk_create(
        DutyRow(
            area=by[x.area_code], unit_role=x.unit_role, matter=ms.get(x.matter_code), unit=us[x.unit_code]
        )
        for x in units.duties()
    )
    hints = {p.account: p for p in DEMO_PEOPLE}
    for p in people(d):
        a = Account.objects.create(
            username=p.account,
            name=p.name,
            unit=us[p.unit_code],
            phone=p.phone,
            password="!",
            demo_hint=hints[p.account].try_zh if p.account in hints else "",
        )
        if p.admin_role:
            AdminPost.objects.create(account=a, role=p.admin_role)
        for post in p.posts:
            Post.objects.create(
                account=a, role=post.role, area=by[post.area_code], starts_on=date(2020, 1, 1)
            )
    lookup.changed()
    lookup.forget()
