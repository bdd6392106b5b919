"""The system administrator's pages about accounts, and what the security administrator does to one."""

from collections.abc import Callable

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wangge.accounts import actions, queries
from wangge.accounts.access import only, signed_in
from wangge.accounts.forms import AccountForm
from wangge.accounts.models import Account, AdminRole
from wangge.common.forms import put_refusal, refusals_in
from wangge.common.refusals import Refused
from wangge.common.requests import client_address, own_page

PER_PAGE = 50
FIRST_PAGES = {
    AdminRole.SYSTEM: "accounts:accounts",
    AdminRole.SECURITY: "territory:posts",
    AdminRole.AUDIT: "audit:log",
}


@only(*AdminRole)
def administration(request: HttpRequest) -> HttpResponse:
    """Send each administrator to the own pages."""
    return redirect(FIRST_PAGES[AdminRole(str(signed_in(request).admin_role))])


@only(AdminRole.SYSTEM)
def accounts(request: HttpRequest) -> HttpResponse:
    """List accounts; search and state are in the address."""
    words, state = request.GET.get("q", ""), request.GET.get("state", "")
    found = Paginator(queries.search_accounts(words, state=state), PER_PAGE).get_page(request.GET.get("page"))
    page = {"page": found, "words": words, "state": state, "locked": queries.locked_usernames()}
    return render(request, "accounts/accounts.html", page)


@only(AdminRole.SYSTEM)
@never_cache
def new_account(request: HttpRequest) -> HttpResponse:
    """Make an account; the one-time password is on the answer to this form and nowhere else."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (issued := _create(request, form)):
        return render(
            request, "accounts/issued.html", {"account": issued.account, "password": issued.password}
        )
    page = {"form": form, "title": _("New account"), "subject": None}
    return render(request, "accounts/account.html", page, status=422 if form.errors else 200)


def _create(request: HttpRequest, form: AccountForm) -> actions.Issued | None:
    try:
        return actions.create_account(
            **form.cleaned_data, by=signed_in(request), at=timezone.now(), address=client_address(request)
        )
    except Refused as refused:
        put_refusal(form, refused)
        return None


@only(AdminRole.SYSTEM)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and correct one account."""
    subject = get_object_or_404(Account.objects.select_related("unit", "admin_post"), pk=pk)
    # The form writes into its instance while it checks; the action compares with what is stored.
    form = AccountForm(request.POST or None, instance=Account.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid() and _edit(request, subject, form):
        success(request, _("Saved."))
        return redirect("accounts:accounts")
    page = {"form": form, "title": subject.name, "subject": subject}
    return render(request, "accounts/account.html", page, status=422 if form.errors else 200)


def _edit(request: HttpRequest, subject: Account, form: AccountForm) -> bool:
    with refusals_in(form):
        actions.edit_account(
            subject,
            **form.cleaned_data,
            by=signed_in(request),
            at=timezone.now(),
            address=client_address(request),
        )
    return not form.errors


@only(AdminRole.SYSTEM)
@require_POST
def deactivation(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account."""
    return _act(request, pk, actions.deactivate_account, _("The account is closed."))


@only(AdminRole.SYSTEM)
@require_POST
def reactivation(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    return _act(request, pk, actions.reactivate_account, _("The account is open again."))


@only(AdminRole.SECURITY)
@require_POST
def unlocking(request: HttpRequest, pk: int) -> HttpResponse:
    """End a lockout."""
    return _act(request, pk, actions.unlock_account, _("The account is unlocked."))


@only(AdminRole.SECURITY)
@require_POST
@never_cache
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a one-time password; it is on the answer to this form and nowhere else."""
    subject = get_object_or_404(Account, pk=pk)
    password = actions.issue_password(
        subject, by=signed_in(request), at=timezone.now(), address=client_address(request)
    )
    return render(request, "accounts/issued.html", {"account": subject, "password": password})


def _act(request: HttpRequest, pk: int, action: Callable[..., None], done: str) -> HttpResponse:
    subject = get_object_or_404(Account, pk=pk)
    action(subject, by=signed_in(request), at=timezone.now(), address=client_address(request))
    success(request, done)
    return redirect(own_page(request, "/administration/"))
