"""Who is away and who stands in, the seven forces, and badges: enough of each to be tried out."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import cycle

from django.db.models import Q
from django.utils import timezone

from demo import units
from demo.names import people_names
from wangge.accounts.models import Account, Role
from wangge.territory.forces.absences import record_absence
from wangge.territory.models import Area, Badge, ForcePost, Level, Post

BY = "anquan"  # the security administrator
FIRST_PHONE = 6000
OF_A_COMMUNITY = ("secretary", "police", "justice")
OF_A_STREET = ("manager", "assistant", "supervisor", "fire")
# Days from today: a week that began, a day trip to come, a fortnight ahead.
ABSENCES = ((0, 7), (2, 3), (10, 24))


def store_forces(seed: int, *, at: datetime) -> None:
    """Store forces and badges, and let three workers be away, the deputies of their grids standing in."""
    today = timezone.localdate(at)
    names = (name for name, _account in people_names(random.Random(seed + 1)))
    phones = (units.mobile(number) for number in range(FIRST_PHONE, FIRST_PHONE + 4000))
    served = {Level.STREET: OF_A_STREET, Level.COMMUNITY: OF_A_COMMUNITY, Level.MICRO: ("micro_worker",)}
    areas = Area.objects.filter(level__in=served).defer("boundary").order_by("code")
    posts = [(area, force) for area in areas for force in served[Level(area.level)]]
    ForcePost.objects.bulk_create(
        ForcePost(
            force_id=force, area=area, name=name, duty_phone=phone, shown=force == "police", starts_on=today
        )
        for (area, force), name, phone in zip(posts, names, phones, strict=False)
    )
    _store_badges(at)
    _send_away(at)


def _store_badges(at: datetime) -> None:
    """Every worker and lead wears a badge; the month in which it ends differs."""
    today = timezone.localdate(at)
    wearers = Account.objects.filter(posts__role__in=[Role.GRID_WORKER, Role.GRID_LEAD]).distinct()
    days = cycle(range(20, 360, 37))
    Badge.objects.bulk_create(
        Badge(
            account=account,
            issued_on=today - timedelta(days=5),
            expires_on=today + timedelta(days=next(days)),
        )
        for account in wearers.order_by("username")
    )


def _send_away(at: datetime) -> None:
    """The last grids of the district: those that stories and visitors' first steps do not lead to."""
    today, by = timezone.localdate(at), Account.objects.get(username=BY)
    workers = Post.objects.filter(Q(ends_on=None), role=Role.GRID_WORKER).order_by("-area__code")
    going = iter(workers.select_related("account", "area"))
    busy: set[int] = set()
    for first, back in ABSENCES:
        for post in going:
            deputy = post.area.posts.filter(role=Role.DEPUTY, absence=None).first()
            if deputy is None or {post.account_id, deputy.account_id} & busy:
                continue
            busy |= {post.account_id, deputy.account_id}
            record_absence(
                post.account,
                stand_in=deputy.account,
                starts_on=today + timedelta(days=first),
                ends_on=today + timedelta(days=back),
                by=by,
                at=at,
            )
            break
