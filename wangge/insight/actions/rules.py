"""Changing the rule of a score: a new version, the old ones are kept; frozen scorecards keep theirs."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.insight.models import ScoreRule
from wangge.insight.scoring.schemes import Scheme, Term


@transaction.atomic
def change_rule(card: str, scheme: Scheme, *, by: Account, at: datetime | None = None) -> ScoreRule:
    """Put another rule in place of a card's; raises Refused where weights or bands do not make a score."""
    demand_role(by, AdminRole.SYSTEM)
    _demand_weights(scheme.terms)
    for term in scheme.terms:
        _demand_bands(term)
    _demand_grades(scheme)
    moment = at or timezone.now()
    last = ScoreRule.objects.filter(card=card).aggregate(last=Max("version"))["last"] or 0
    rule = ScoreRule.objects.create(
        card=card, version=last + 1, content=scheme.as_data(), made_at=moment, made_by=by
    )
    record_access(
        "score_rule.changed", by=by, at=moment, subject_kind="score_rule", subject_id=rule.pk,
        detail={"card": card, "version": rule.version, "content": rule.content},
    )  # fmt: skip
    return rule


def _demand_weights(terms: tuple[Term, ...]) -> None:
    if any(term.weight < 0 for term in terms):
        raise Refused(_("A weight is not below zero."), field="weights")
    total = sum(term.weight for term in terms)
    if abs(total - 100) > 0.001:
        raise Refused(
            _("The weights add up to %(total)s, not to 100.") % {"total": f"{total:g}"}, field="weights"
        )


def _demand_bands(term: Term) -> None:
    ends = [upto for upto, _mark in term.bands]
    if term.count and not ends:
        raise Refused(_("A count needs at least one band."), field="bands")
    if ends != sorted(set(ends)):
        raise Refused(_("The bands must rise from line to line."), field="bands")
    if any(not 0 <= mark <= 100 for _upto, mark in (*term.bands, (0, term.beyond))):
        raise Refused(_("A mark lies between 0 and 100."), field="bands")


def _demand_grades(scheme: Scheme) -> None:
    least = [points for points, _name in scheme.grades]
    if not least or least != sorted(set(least), reverse=True) or least[-1] != 0:
        raise Refused(_("The grades must fall from line to line and end at 0."), field="grades")
