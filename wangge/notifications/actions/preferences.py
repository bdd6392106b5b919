"""What a person wants: where to be reached, and when not."""

import json
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.notifications import channels
from wangge.notifications.actions.outside import mark_of
from wangge.notifications.channels.push import Push
from wangge.notifications.channels.sms import CHINESE_MOBILE
from wangge.notifications.models import Address, Preference

MOST_BROWSERS = 10


def save_habits(
    account: Account, *, quiet_from: time | None, quiet_until: time | None, digest_at: time | None
) -> None:
    """Keep when a person does not want to be disturbed, and whether one summary a day is enough."""
    if (quiet_from is None) != (quiet_until is None):
        raise Refused(_("Quiet hours need a beginning and an end, or neither."), field="quiet_until")
    Preference.objects.update_or_create(
        account=account,
        defaults={"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at},
    )


@transaction.atomic
def add_address(account: Account, channel: str, value: str, *, at: datetime) -> None:
    """Reach a person at this address of a channel from now on; an earlier one of the same channel is forgotten."""
    value = value.strip()
    _check(channel, value)
    others = Address.objects.filter(account=account, channel=channel)
    mark = mark_of(channel, value)
    others.exclude(mark=mark).delete()
    Address.objects.update_or_create(
        account=account,
        mark=mark,
        defaults={"channel": channel, "value": value, "wanted": True, "added_at": at, "refused_at": None},
    )


def _check(channel: str, value: str) -> None:
    if channel == "email":
        try:
            validate_email(value)
        except ValidationError:
            raise Refused(_("This does not look like an e-mail address."), field=channel) from None
    elif channel == "sms" and not CHINESE_MOBILE.match("".join(c for c in value if c not in " ()-")):
        raise Refused(_("This does not look like a mobile number."), field=channel)
    elif not value or len(value) > 64 or not value.isascii():
        raise Refused(_("This does not look like an account there."), field=channel)


def add_browser(account: Account, subscription: str, *, at: datetime) -> None:
    """Send pushes to a browser that has just agreed; raises Refused for what no browser of a known maker sends."""
    push = channels.usable().get("push")
    if not isinstance(push, Push):
        raise Refused(_("Notices to browsers are switched off here."))
    kept = _subscription(subscription)
    if not push.is_known(kept["endpoint"]):
        raise Refused(_("This browser uses a push service that is not allowed here."))
    value = json.dumps(kept, sort_keys=True)
    Address.objects.update_or_create(
        account=account,
        mark=mark_of("push", kept["endpoint"]),
        defaults={"channel": "push", "value": value, "wanted": True, "added_at": at, "refused_at": None},
    )
    newest = Address.objects.filter(account=account, channel="push").order_by("-added_at", "-pk")
    Address.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[MOST_BROWSERS:])).delete()


def _subscription(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text[:4000])
        keys = {name: str(given["keys"][name]) for name in ("p256dh", "auth")}
        return {"endpoint": str(given["endpoint"]), "keys": keys}
    except (ValueError, KeyError, TypeError):
        raise Refused(_("The browser sent something that cannot be read.")) from None


def remove_address(account: Account, channel: str, mark: str = "") -> None:
    """Reach a person by this channel no more (or by this one browser). Raises Refused where nothing reached them so."""
    gone = Address.objects.filter(account=account, channel=channel)
    if not (gone.filter(mark=mark) if mark else gone).delete()[0]:
        raise Refused(_("You have no such address; it may have been removed already."))
