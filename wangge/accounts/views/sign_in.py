"""Signing in and out."""

from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from wangge.accounts import actions, queries
from wangge.accounts.forms import SignInForm
from wangge.accounts.models import Account
from wangge.common import limits
from wangge.common.requests import own_page, remember


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; in a demo one press is enough."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(own_page(request, reverse("web:start")))
    if request.method == "POST" and "demo" in request.POST:
        return _enter_demo(request)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limits.check(request, "sign_in")
        except limits.TooMany as too_many:
            form.add_error(None, str(too_many))
            return _page(request, form, status=429)
        account = authenticate(request, **form.cleaned_data)
        if isinstance(account, Account):
            return _enter(request, account, how="password")
        limits.count(request, "sign_in")
        actions.record_failed_sign_in(request, username=form.cleaned_data["username"], at=timezone.now())
        form.add_error(None, _("The account name or the password is not right."))
    return _page(request, form, status=422 if form.errors else 200)


def _page(request: HttpRequest, form: SignInForm, *, status: int) -> HttpResponse:
    page = {
        "form": form,
        "demo_people": queries.demo_people(),
        "shows_messages": settings.SHOW_MESSAGES,
        "next": own_page(request, ""),
    }
    return render(request, "accounts/sign_in.html", page, status=status)


def _enter(request: HttpRequest, account: Account, *, how: str) -> HttpResponse:
    actions.sign_in(request, account, at=timezone.now(), how=how)
    response = HttpResponseRedirect(own_page(request, reverse("web:start")))
    if account.language:
        remember(response, settings.LANGUAGE_COOKIE_NAME, account.language)
    return response


def _enter_demo(request: HttpRequest) -> HttpResponse:
    person = queries.demo_person(request.POST["demo"])
    return _enter(request, person, how="demo") if person else redirect("accounts:sign_in")


def locked_out(request: HttpRequest, *_details: Any) -> HttpResponse:
    """Say that too many attempts failed and how long to wait."""
    minutes = round(get_cool_off(request).total_seconds() / 60)
    response = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    actions.sign_out(request, at=timezone.now())
    return redirect("accounts:sign_in")
