"""Who may open the pages of this domain."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, AdminRole
from wangge.common.refusals import Refused

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(request: HttpRequest) -> Account:
    """Return who asks; for views behind `login_required`."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user


def only(*roles: AdminRole) -> Callable[[View[P]], View[P]]:
    """Open a view to administrators with one of these roles; others are told whose page it is."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if signed_in(request).admin_role not in roles:
                raise PermissionDenied(told_only(*roles))
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return guard


def demand_role(by: Account, role: AdminRole) -> None:
    """Raise Refused unless the person holds this administrator role."""
    if by.admin_role != role:
        raise Refused(told_only(role))


def told_only(*roles: AdminRole) -> str:
    """The sentence that says whose it is."""
    names = "、".join(str(role.label) for role in roles)
    return _("This is done by: %(roles)s.") % {"roles": names}
