"""The security administrator's pages: who holds which post where, and what is issued to whom."""

from django.contrib.messages import error, success
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.accounts.access import only, signed_in
from wangge.accounts.actions import appoint_administrator, dismiss_administrator
from wangge.accounts.models import Account, AdminRole
from wangge.accounts.queries import locked_usernames
from wangge.common.forms import refusals_in
from wangge.common.requests import client_address
from wangge.territory import actions, queries
from wangge.territory.forms import EndForm, PostForm
from wangge.territory.models import Area, Post

PER_PAGE = 50


@only(AdminRole.SECURITY)
def posts(request: HttpRequest) -> HttpResponse:
    """List people with their posts; search and state are in the address, and for which area somebody is sought."""
    words, state = request.GET.get("q", ""), request.GET.get("state", "")
    people = queries.people_with_posts(words, state=state, on=timezone.localdate())
    page = {
        "page": Paginator(people, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "state": state,
        "locked": locked_usernames(),
        "area": Area.objects.filter(code=request.GET.get("area", ""), valid_to=None).first(),
    }
    return render(request, "territory/posts.html", page)


@only(AdminRole.SECURITY)
def posts_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person's posts; a form assigns another."""
    person = get_object_or_404(Account.objects.select_related("unit", "admin_post"), pk=pk)
    form = PostForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _assign(request, person, form):
        success(request, _("The post is assigned."))
        return redirect("territory:posts_of", pk)
    return _show(request, person, form)


def _show(request: HttpRequest, person: Account, form: PostForm) -> HttpResponse:
    today, sought = timezone.localdate(), request.POST.get("q") or request.GET.get("q", "")
    page = {
        "person": person,
        "posts": person.posts.select_related("area").order_by("-starts_on", "-pk"),
        "today": today,
        "form": form,
        "sought": sought,
        "found": queries.search_areas(sought),
        "is_locked": person.username in locked_usernames(),
        "admin_roles": AdminRole.choices,
    }
    return render(request, "territory/posts_of.html", page, status=422 if form.errors else 200)


def _assign(request: HttpRequest, person: Account, form: PostForm) -> bool:
    with refusals_in(form):
        actions.assign_post(
            person,
            **form.cleaned_data,
            by=signed_in(request),
            at=timezone.now(),
            address=client_address(request),
        )
    return not form.errors


@only(AdminRole.SECURITY)
@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a post end."""
    post, form = get_object_or_404(Post, pk=pk), EndForm(request.POST)
    if form.is_valid():
        actions.end_post(
            post,
            **form.cleaned_data,
            by=signed_in(request),
            at=timezone.now(),
            address=client_address(request),
        )
        success(request, _("The post ends on that day."))
    else:
        error(request, _("Please give the day on which the post ends."))
    return redirect("territory:posts_of", post.account_id)


@only(AdminRole.SECURITY)
@require_POST
def administrator(request: HttpRequest, pk: int) -> HttpResponse:
    """Appoint an administrator, or take the role away when none is chosen."""
    person, role = get_object_or_404(Account, pk=pk), request.POST.get("role", "")
    if role and role not in AdminRole.values:
        raise Http404  # a role that there is not is no wish to have none
    details = {"by": signed_in(request), "at": timezone.now(), "address": client_address(request)}
    if role in AdminRole.values:
        appoint_administrator(person, role=AdminRole(role), **details)  # type: ignore[arg-type]
    else:
        dismiss_administrator(person, **details)  # type: ignore[arg-type]
    success(request, _("Saved."))
    return redirect("territory:posts_of", pk)
