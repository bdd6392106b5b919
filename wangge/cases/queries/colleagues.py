"""Who works around a place: candidates to be named as handlers of a confidential matter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.cases.duty import areas_around
from wangge.cases.models import Case, Report
from wangge.territory.models import Post

MOST = 30


def named_handlers(matter: Report | Case) -> QuerySet[Account]:
    """Who is named for a report or case; a filed report is its case's business."""
    if isinstance(matter, Case):
        return Account.objects.filter(named_for__case=matter.pk)
    if matter.case_id is not None:
        return Account.objects.filter(named_for__case=matter.case_id)
    return Account.objects.filter(named_for__report=matter.pk)


def _posts_around(matter: Report | Case) -> QuerySet[Post]:
    today = timezone.localdate()
    in_force = Q(ends_on=None) | Q(ends_on__gt=today)
    return Post.objects.filter(in_force, area__in=areas_around(matter.area_path), starts_on__lte=today)


def colleagues_around(matter: Report | Case) -> QuerySet[Account]:
    """Everybody with a post in force in the place of a matter or around it, and whoever is named already."""
    there = Q(pk__in=_posts_around(matter).values("account"))
    return Account.objects.filter(there | Q(pk__in=named_handlers(matter).values("pk")), is_active=True)


@dataclass(frozen=True)
class Colleague:
    """One candidate as the form shows it."""

    key: str
    name: str
    posts: Sequence[str]
    unit: str
    ticked: bool

    @classmethod
    def list(cls, matter: Report | Case, words: str, ticked: Collection[str]) -> "Sequence[Self]":
        """Those ticked first, then those whose name, unit or post the words name; three statements."""
        around = colleagues_around(matter).select_related("unit")
        chosen = around.filter(pk__in=[key for key in ticked if key.isascii() and key.isdigit()])
        others = around.filter(_named(matter, words)).exclude(pk__in=[one.pk for one in chosen])
        shown = [*chosen.order_by("name"), *others.order_by("unit__name", "name")[:MOST]]
        posts: dict[int, list[str]] = {}
        for post in _posts_around(matter).filter(account__in=shown).order_by("role"):
            posts.setdefault(post.account_id, []).append(post.get_role_display())
        return [
            cls(
                str(one.pk),
                one.name,
                tuple(dict.fromkeys(posts.get(one.pk, []))),
                one.unit.name if one.unit else "",
                str(one.pk) in ticked,
            )
            for one in shown
        ]


def _named(matter: Report | Case, words: str) -> Q:
    if not words:
        return Q()
    roles = [role for role in Role if words in str(role.label)]
    by_post = _posts_around(matter).filter(role__in=roles).values("account")
    return Q(name__icontains=words) | Q(unit__name__icontains=words) | Q(pk__in=by_post)
