"""From the fields of a POST to a report: who sends it, what it says, where it is; every fault is told at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.cases.actions import Contact, Draft, Received, check_draft
from wangge.cases.models import Report
from wangge.common.ids import uuid7
from wangge.common.refusals import Refused
from wangge.common.words import MOST_WORDS
from wangge.intake import keys
from wangge.intake.channels.open311 import places
from wangge.intake.channels.open311.answers import answers_of
from wangge.intake.channels.open311.catalogue import catalogue
from wangge.intake.channels.open311.faults import FORBIDDEN, Fault, Faulty, bad, not_found
from wangge.intake.channels.open311.fields import Fields, last
from wangge.intake.channels.open311.services import service_of

MOST_CHARACTERS = {
    "description": MOST_WORDS,
    "first_name": 60,
    "last_name": 60,
    "phone": 40,
    "email": 254,
    "media_url": 500,
}
MOST_MEDIA_URLS = 9
YES_OR_NO = {"": False, "false": False, "0": False, "true": True, "1": True}
# What a refusal calls a field, and what it is called on the wire.
WIRE_NAMES = {"lon": "long", "place": "lat, long, address_string, address_id"}


def draft_of(fields: Fields, *, at: datetime) -> Draft:
    """Read a report out of the fields; raises Faulty (403 key, 404 jurisdiction or service, 400 all the rest)."""
    holder = _holder(last(fields, "api_key"))
    check_jurisdiction(last(fields, "jurisdiction_id"))
    code = last(fields, "service_code")
    if not code:
        raise bad(_("service_code is missing."))
    service = service_of(catalogue(), code)
    faults = _Faults()
    attributes: dict[str, Any] = {}
    answers, wrong = answers_of(service, fields)
    faults.extend(wrong)
    attributes.update(answers)
    found = faults.gather(lambda: places.place_of(fields))
    place = found or places.Place()
    if urls := faults.gather(lambda: _media_urls(fields)):
        attributes["media_url"] = urls
    draft = Draft(
        channel=Report.Channel.OPEN311,
        source=holder,
        # Never empty: a batch whose outcome is unknown is sent again, and this keeps it from being stored twice.
        source_key=uuid7().hex,
        text=faults.gather(lambda: _description(fields)) or "",
        at=at,
        lon=place.lon,
        lat=place.lat,
        address=place.address,
        matter=service.matter,
        attributes=attributes,
        street_only=bool(faults.gather(lambda: _yes_or_no(fields, "street_only"))),
        confidential=bool(faults.gather(lambda: _yes_or_no(fields, "confidential"))),
        contact=faults.gather(lambda: _contact(fields)) or Contact(),
    )
    if found is not None:
        faults.gather(lambda: check_draft(draft))
    if faults:
        raise Faulty(*faults)
    return draft


class _Faults(list[Fault]):
    """Collects what is wrong with each part, so that one answer tells all of it."""

    def gather(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Faulty as faulty:
            self.extend(faulty.faults)
        except Refused as refusal:
            name = WIRE_NAMES.get(refusal.field or "", refusal.field)
            self.append(Fault(f"{name}: {refusal}" if name else str(refusal)))
        return None


def _holder(key: str) -> str:
    if not key:
        raise Faulty(Fault(_("api_key is missing."), FORBIDDEN))
    holder = keys.holder_of(key)
    if holder is None:
        raise Faulty(Fault(_("This api_key is not known here, or was revoked."), FORBIDDEN))
    return holder


def check_jurisdiction(given: str) -> None:
    """Raise Faulty for another city's name; an installation without a name of its own takes any."""
    if given and settings.OPEN311_JURISDICTION and given != settings.OPEN311_JURISDICTION:
        raise not_found(_("The jurisdiction “%(name)s” is not served here.") % {"name": given[:80]})


def _description(fields: Fields) -> str:
    return _limited(fields, "description").replace("\r", "\n")


def _limited(fields: Fields, name: str) -> str:
    # A line break may come as two characters and counts as one.
    value, most = last(fields, name).replace("\r\n", "\n"), MOST_CHARACTERS[name]
    if len(value) > most:
        words = {"name": name, "length": len(value), "most": most}
        raise bad(_("%(name)s has %(length)d characters; at most %(most)d can be kept.") % words)
    return value


def _yes_or_no(fields: Fields, name: str) -> bool:
    """Our extensions: the public is to know the street only (`street_only`), or nothing at all (`confidential`)."""
    said = last(fields, name).lower()
    if said not in YES_OR_NO:
        words = {"name": name, "text": said[:20]}
        raise bad(_("%(name)s: “%(text)s” is neither true nor false.") % words)
    return YES_OR_NO[said]


def _contact(fields: Fields) -> Contact:
    first, family = _limited(fields, "first_name"), _limited(fields, "last_name")
    email = _limited(fields, "email")
    if email and ("@" not in email or " " in email):
        raise bad(_("email: “%(text)s” is not an address.") % {"text": email[:40]})
    return Contact(name=full_name(first, family), phone=_limited(fields, "phone"), email=email)


def full_name(first: str, family: str) -> str:
    """Write a name as its bearers do: 张三, but San Zhang."""
    if first and family and not (first + family).isascii():
        return family + first
    return f"{first} {family}".strip()


def _media_urls(fields: Fields) -> list[str]:
    """Addresses of pictures elsewhere: kept as words, never fetched by us."""
    urls = [url for url in map(str.strip, fields.get("media_url", ())) if url]
    if len(urls) > MOST_MEDIA_URLS:
        raise bad(_("There are more than %(most)d media_url fields.") % {"most": MOST_MEDIA_URLS})
    for url in urls:
        if len(url) > MOST_CHARACTERS["media_url"] or not _is_web_address(url):
            raise bad(_("media_url: “%(text)s” is not a web address.") % {"text": url[:80]})
    return urls


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def acknowledged(
    received: Received, refused_files: list[tuple[str, str]] | None = None
) -> list[dict[str, Any]]:
    """What the sender is told: the number, and how the reporter can follow the matter."""
    moment = timezone.localtime(received.due_at).strftime("%Y-%m-%d %H:%M")
    notice = [
        _("Follow it at %(address)s or with the code %(code)s. We look at it by %(moment)s.")
        % {"address": f"{settings.PUBLIC_URL}/m/{received.code}/", "code": received.code, "moment": moment}
    ]
    for name, why in refused_files or []:
        notice.append(_("The file “%(name)s” was not kept: %(why)s") % {"name": name, "why": why})
    return [{"service_request_id": str(received.number), "service_notice": " ".join(notice)}]
