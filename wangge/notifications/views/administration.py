"""The system administrator's page: how the channels stand, and what became of each message."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.notifications import queries
from wangge.notifications.channels import label_of
from wangge.notifications.forms import DeliveryFilter
from wangge.notifications.wordings import all_wordings

PER_PAGE = 50


@only(AdminRole.SYSTEM)
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """Show each channel's state and the delivery log; the filters are in the address."""
    form = DeliveryFilter(request.GET)
    page = Paginator(queries.deliveries(form.condition()), PER_PAGE).get_page(request.GET.get("page"))
    mine = queries.addresses_of(signed_in(request))
    context = {
        "health": [(one, one.condition.channel.code in mine) for one in queries.health(timezone.now())],
        "form": form,
        "page": page,
        "lines": [
            (delivery, label_of(delivery.channel), _told(delivery.wording)) for delivery in page.object_list
        ],
        "filtered": any(request.GET.get(name) for name in DeliveryFilter.base_fields),
    }
    return render(request, "notifications/channels.html", context)


def _told(wording: str) -> str:
    """What kind of message it was; the log shows neither its facts nor its link."""
    known = all_wordings().get(wording)
    return str(known.heading) if known and "%" not in str(known.heading) else wording
