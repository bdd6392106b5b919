"""Coming and going."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from wangge.accounts.models import Account
from wangge.audit.actions import record_access
from wangge.common.requests import client_address


@transaction.atomic
def sign_in(request: HttpRequest, account: Account, *, at: datetime, how: str = "password") -> None:
    """Begin a session for somebody whose identity was checked; `how` says by what."""
    login(request, account, backend=settings.SIGNED_IN_BACKEND)
    record_access("sign_in", by=account, at=at, address=client_address(request), detail={"how": how})


@transaction.atomic
def record_failed_sign_in(request: HttpRequest, *, username: str, at: datetime) -> None:
    """Write down a failure; what was typed is kept only when it is an account's name (it may be a password)."""
    meant = Account.objects.filter(username=username).values_list("pk", flat=True).first()
    record_access(
        "sign_in_failed",
        by=None,
        at=at,
        subject_kind="account",
        subject_id=meant or "",
        address=client_address(request),
    )


@transaction.atomic
def sign_out(request: HttpRequest, *, at: datetime) -> None:
    """End the session; harmless when there is none."""
    if request.user.is_authenticated:
        record_access("sign_out", by=request.user, at=at, address=client_address(request))
    logout(request)
