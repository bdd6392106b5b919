"""Where and when the person signed in wants to be reached."""

from django.contrib.auth.decorators import login_required
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Account
from wangge.common.forms import refusals_in
from wangge.common.refusals import Refused
from wangge.notifications import actions, channels, queries
from wangge.notifications.channels.push import Push
from wangge.notifications.forms import AddressForm, HabitsForm
from wangge.notifications.models import Address, Preference

HINTS = {
    "email": gettext_lazy("Your e-mail address at work"),
    "sms": gettext_lazy("Your mobile number"),
    "wecom": gettext_lazy("Your account in WeCom"),
    "wechat": gettext_lazy(
        "Your OpenID at the official account; the system administrator can read it there."
    ),
}


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Show the channels in use and keep the quiet hours."""
    account = signed_in(request)
    if request.method != "POST":
        return _page(request, account)
    form = HabitsForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.save_habits(account, **form.cleaned_data)
            success(request, _("Kept."))
            return redirect("notifications:preferences")
    return _page(request, account, form=form, status=422)


@login_required
@require_POST
def address(request: HttpRequest) -> HttpResponse:
    """Keep or remove the address of one channel."""
    account, form = signed_in(request), AddressForm(request.POST)
    channel, value = request.POST.get("channel", ""), request.POST.get("value", "")
    if "remove" in request.POST:
        actions.remove_address(account, channel, request.POST["remove"])
        success(request, _("You are no longer reached this way."))
        return redirect("notifications:preferences")
    try:
        if not form.is_valid():
            raise Refused(_("Please give an address."), field=channel)
        actions.add_address(account, channel, value, at=timezone.now())
    except Refused as refused:
        return _page(
            request, account, wrong={"channel": channel, "value": value, "error": str(refused)}, status=422
        )
    success(request, _("Kept. Urgent notices and those outside your quiet hours come there too."))
    return redirect("notifications:preferences")


@login_required
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send the person a test by one channel."""
    count = actions.send_test(signed_in(request), request.POST.get("channel", ""), at=timezone.now())
    success(request, _("A test is on its way.") if count else _("You have no address for this channel yet."))
    return redirect(
        f"notifications:{'channels' if request.POST.get('back') == 'channels' else 'preferences'}"
    )


@login_required
@require_POST
def browser(request: HttpRequest) -> HttpResponse:
    """Take the subscription of a browser that agreed to show notices."""
    try:
        actions.add_browser(signed_in(request), request.POST.get("subscription", ""), at=timezone.now())
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({})


@require_safe
def worker_script(request: HttpRequest) -> HttpResponse:
    """The service worker that shows pushes; it keeps nothing and answers no page's requests."""
    response = render(request, "notifications/push-worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _page(
    request: HttpRequest,
    account: Account,
    *,
    form: HabitsForm | None = None,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    ways, addresses = channels.usable(), queries.addresses_of(account)
    push = ways.pop("push", None)
    preference = Preference.objects.filter(account=account).first() or Preference(account=account)
    wrong = wrong or {"channel": "", "value": "", "error": ""}
    context = {
        "form": form or HabitsForm.of(preference),
        "ways": [
            {
                "code": code,
                "label": channel.label,
                "hint": HINTS[code],
                "address": next(iter(addresses.get(code, [])), None),
                "value": wrong["value"] if wrong["channel"] == code else _value(account, code, addresses),
                "error": wrong["error"] if wrong["channel"] == code else "",
            }
            for code, channel in ways.items()
        ],
        "push_key": push.public_key() if isinstance(push, Push) else "",
        "browsers": addresses.get("push", []),
    }
    return render(request, "notifications/preferences.html", context, status=status)


def _value(account: Account, code: str, addresses: dict[str, list[Address]]) -> str:
    """What the person gave; a telephone number is proposed from the account."""
    known = next(iter(addresses.get(code, [])), None)
    return known.value if known else account.phone if code == "sms" else ""
