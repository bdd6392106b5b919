"""The pages of one report and one case, the explanation of their deadlines, and search for classes."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from wangge.cases import clocks
from wangge.cases.actions import may_take_next
from wangge.cases.models import Clock, MatterClass
from wangge.cases.queries import matter
from wangge.cases.queries.classes import find_classes
from wangge.cases.queries.clocks import explanation
from wangge.cases.queries.rows import matter_url
from wangge.cases.views.asking import asks_for_part, person_of
from wangge.cases.views.confidence import log_look
from wangge.cases.views.keeping import signed_in
from wangge.common.digits import whole_number


@signed_in
@require_safe
def show(request: HttpRequest, kind: str, number: str | int) -> HttpResponse:
    """Show a report or a case."""
    subject = matter.find(person_of(request), kind, number)
    log_look(request, subject)
    page = matter.page_of(subject, person_of(request), timezone.now())
    template = "cases/_matter.html" if asks_for_part(request) else "cases/matter.html"
    return render(request, template, {"page": page, "may_take_next": may_take_next(person_of(request))})


@login_required
@require_safe
def clock(request: HttpRequest, kind: str, number: str | int, pk: int) -> HttpResponse:
    """Explain a due moment line by line."""
    subject = matter.find(person_of(request), kind, number)
    found = get_object_or_404(Clock, clocks.of(subject), pk=pk)
    template = "cases/_clock.html" if asks_for_part(request) else "cases/clock.html"
    context = {"subject": subject, "matter_url": matter_url(subject), "told": explanation(found)}
    return render(request, template, context)


@login_required
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """Answer a search for classes with a part of a form."""
    words = request.GET.get("q") or request.GET.get("text", "")
    chosen = request.GET.get("matter", "")
    found = [row for row in find_classes(words[:200]) if str(row.pk) != chosen]
    number = whole_number(chosen)
    kept = () if number is None else MatterClass.objects.filter(pk=number)
    context = {"classes": [*kept, *found], "chosen": chosen, "searched": bool(words)}
    return render(request, "cases/steps/_classes.html", context)
