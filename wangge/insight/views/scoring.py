"""The rules of scores: weights, bands and grades, by the system administrator."""

from django.contrib.messages import success
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.common.refusals import Refused
from wangge.insight import actions
from wangge.insight.forms import RuleForm
from wangge.insight.measures.cards import CARD_OF, CARDS
from wangge.insight.models import ScoreRule
from wangge.insight.queries.rules import rule_of
from wangge.insight.scoring.schemes import SHIPPED
from wangge.insight.views.scorecards import terms_of


@only(AdminRole.SYSTEM)
def rules(request: HttpRequest) -> HttpResponse:
    """The rule of each score that holds now."""
    shown = [(card, rule, terms_of(rule)) for card in CARDS if (rule := rule_of(card.code))]
    return render(request, "insight/rules.html", {"rules": shown})


@only(AdminRole.SYSTEM)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Change the rule of one score; the old versions stay below."""
    scheme = rule_of(code) if code in SHIPPED else None
    if scheme is None:
        raise Http404
    form = RuleForm(scheme, [str(term["label"]) for term in terms_of(scheme)], request.POST or None)
    if request.method == "POST" and form.is_valid() and _change(request, code, form):
        success(request, _("The new rule holds from now on; frozen scorecards keep theirs."))
        return redirect("insight:rules")
    versions = ScoreRule.objects.filter(card=code).select_related("made_by").order_by("-version")
    page = {"form": form, "card": CARD_OF[code], "rule": scheme, "versions": versions}
    return render(request, "insight/rule.html", page, status=422 if form.errors else 200)


def _change(request: HttpRequest, code: str, form: RuleForm) -> bool:
    try:
        actions.change_rule(code, form.as_scheme(), by=signed_in(request))
    except Refused as refused:
        form.add_error(form.faults.get(refused.field or ""), str(refused))
        return False
    return True
