"""Reading about areas and posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from wangge.accounts.models import Account, Role
from wangge.accounts.queries import search_accounts
from wangge.territory.models import Area, Post


@dataclass(frozen=True)
class Found:
    """An area with where it lies, from the top: ``示范市 / 东区 / 一街道``."""

    area: Area
    within: str


def search_areas(words: str, *, limit: int = 20) -> Sequence[Found]:
    """Find areas in force by the beginning of their code or a part of their name, the larger ones first."""
    words = words.strip()
    if not words:
        return []
    found = Area.objects.filter(valid_to=None).filter(Q(code__startswith=words) | Q(name__icontains=words))
    return _with_place(
        sorted(found.order_by("code")[: limit * 5], key=lambda area: area.path.count("/"))[:limit]
    )


def _with_place(areas: Sequence[Area]) -> Sequence[Found]:
    above = {int(part) for area in areas for part in area.path.strip("/").split("/")}
    names = dict(Area.objects.filter(pk__in=above).values_list("pk", "name"))
    return [Found(area, _place(area.path, names)) for area in areas]


def _place(path: str, names: dict[int, str]) -> str:
    return " / ".join(names[int(part)] for part in path.strip("/").split("/")[:-1])


def in_force(on: date) -> Q:
    """Return the condition of posts that hold on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))


def people_with_posts(words: str = "", *, state: str = "", on: date) -> QuerySet[Account]:
    """Find accounts with their posts in force on a day as `posts_now`."""
    posts = Post.objects.filter(in_force(on)).select_related("area").order_by("pk")
    found = search_accounts(words, state=state)
    if state == "without":
        holders = Post.objects.filter(in_force(on)).values("account_id")
        found = found.filter(is_active=True, admin_post=None).exclude(pk__in=holders)
    return found.prefetch_related(Prefetch("posts", posts, to_attr="posts_now"))


def holds_post(account: Account, roles: Collection[Role], day: date) -> bool:
    """Say whether a post with one of these roles is in force on this day or begins later."""
    posts = Post.objects.filter(account=account, role__in=roles)
    return posts.filter(Q(ends_on=None) | Q(ends_on__gt=day)).exists()
