"""Taking the next matter with one key: the page of what was taken, or the sentence that nothing is left."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from wangge.cases import actions
from wangge.cases.queries.rows import matter_url
from wangge.cases.views.asking import asks_for_part, person_of
from wangge.common.refusals import Refused


@login_required
@require_POST
def next_matter(request: HttpRequest) -> HttpResponse:
    """Take the most urgent matter that nobody has open, and go to it."""
    try:
        taken = actions.take_next(by=person_of(request), at=timezone.now())
    except Refused as refused:
        if asks_for_part(request):
            return render(request, "cases/_nothing_next.html", {"sentence": str(refused)})
        messages.info(request, str(refused))
        return redirect("cases:desk")
    return redirect(matter_url(taken))
