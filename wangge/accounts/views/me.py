"""A person's own account."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from wangge.accounts import actions, queries
from wangge.accounts.access import signed_in
from wangge.accounts.forms import PasswordForm
from wangge.accounts.models import Account
from wangge.common.forms import refusals_in
from wangge.common.requests import client_address


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Show a person what the platform holds about them as a colleague."""
    account = signed_in(request)
    posts = account.posts.select_related("area").order_by("starts_on", "pk")
    sign_ins = queries.recent_sign_ins(account, at=timezone.now())
    return render(request, "accounts/me.html", {"account": account, "posts": posts, "sign_ins": sign_ins})


@sensitive_post_parameters()
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Let a person choose a new password; this session stays, the others end."""
    account, form = signed_in(request), PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _change(request, account, form):
        update_session_auth_hash(request, account)
        success(request, _("Your password is changed. Other devices were signed out."))
        return redirect("web:start")
    page = {"form": form, "forced": account.must_renew_password(timezone.now())}
    return render(request, "accounts/password.html", page, status=422 if form.errors else 200)


def _change(request: HttpRequest, account: Account, form: PasswordForm) -> bool:
    if not account.check_password(form.cleaned_data["old"]):
        form.add_error("old", _("This is not your present password."))
        return False
    with refusals_in(form):
        actions.change_password(
            account, new=form.cleaned_data["new"], at=timezone.now(), address=client_address(request)
        )
    return not form.errors
