"""What people call the acts of the access log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wangge.accounts.models import AdminRole, Role

ACTS = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Sign-in failed"),
    "sign_out": _("Signed out"),
    "password_changed": _("Changed the password"),
    "password_issued": _("Issued a one-time password"),
    "account_created": _("Made an account"),
    "account_edited": _("Corrected an account"),
    "account_deactivated": _("Closed an account"),
    "account_reactivated": _("Opened an account again"),
    "account_unlocked": _("Unlocked an account"),
    "administrator_appointed": _("Appointed an administrator"),
    "administrator_dismissed": _("Took an administrator role away"),
    "unit_created": _("Made a unit"),
    "unit_edited": _("Corrected a unit"),
    "unit_closed": _("Closed a unit"),
    "unit_reopened": _("Opened a unit again"),
    "post_assigned": _("Assigned a post"),
    "post_ended": _("Ended a post"),
    "code_pattern_changed": _("Changed what codes of areas look like"),
    "see_contact": _("Looked at a reporter's contact"),
    "see_confidential": _("Opened a confidential matter"),
    "handlers_named": _("Named the handlers of a confidential matter"),
    "calendar_changed": _("Changed a working calendar"),
    "calendar_made": _("Made a working calendar"),
    "calendar_corrected": _("Corrected a working calendar"),
    "calendar_ended": _("Ended a working calendar"),
    "configuration_drafted": _("Drafted a change of the configuration"),
    "configuration_imported": _("Took a sheet over into the configuration"),
    "configuration_decided": _("Decided when a configuration takes effect"),
    "configuration_undecided": _("Took back when a configuration takes effect"),
    "configuration_published": _("Published a configuration"),
    "configuration_discarded": _("Gave a draft of the configuration up"),
    "configuration_exported": _("Exported the configuration"),
    "roster_changed": _("Changed the duty roster of a desk"),
    "log_exported": _("Exported the access log"),
    "log_verified": _("Verified the logs"),
    "anchor_exported": _("Took a copy of anchors"),
    "words_erased": _("Erased the words of a matter"),
    "texts_searched": _("Looked for a person in what handlers wrote"),
    "calendar_followed": _("Let a working calendar go on where its area ended"),
    "scorecard.frozen": _("Froze a scorecard"),
    "scorecard.exported": _("Exported a scorecard"),
    "score_rule.changed": _("Changed the rules of a score"),
    "forces_exported": _("Exported the forces"),
    "force_kind_changed": _("Changed a kind of forces"),
    "absence_recorded": _("Recorded an absence"),
    "absence_ended": _("Ended an absence"),
    "force_added": _("Added a post of the forces"),
    "force_ended": _("Ended a post of the forces"),
    "duty_phone_given": _("Gave the telephone of a post"),
    "badge_issued": _("Issued a badge"),
    "badge_revoked": _("Revoked a badge"),
    "photo_agreed": _("Put one's own photo on a badge"),
    "photo_withdrawn": _("Took one's own photo off a badge"),
    "scorecard.appealed": _("Appealed against a figure"),
    "scorecard.decided": _("Decided an appeal"),
    "areas.imported": _("Imported areas"),
    "boundaries.imported": _("Imported boundaries"),
    "addresses.imported": _("Imported addresses"),
    "address.added": _("Added an address"),
    "address.corrected": _("Corrected an address"),
    "address.named": _("Gave an address another name"),
    "address.room_added": _("Added a room"),
    "address.merged": _("Merged addresses"),
    "address.retired": _("Retired an address"),
    "facilities.imported": _("Imported facilities"),
    "facilities_exported": _("Exported facilities"),
    "osm.imported": _("Imported map ground"),
}
SUBJECTS = {
    "account": _("account"),
    "unit": _("unit"),
    "report": _("report"),
    "case": _("case"),
    "calendar": _("calendar"),
    "configuration": _("configuration"),
    "scorecard": _("scorecard"),
    "score_rule": _("rules of a score"),
    "territory": _("territory"),
    "address": _("addresses"),
    "facility": _("facilities"),
    "post": _("post"),
    "area": _("area"),
    "forces": _("forces"),
}

# The particulars an entry may carry, and what they are called; what is not listed is shown as it is.
PARTICULARS = {
    "how": _("way"),
    "role": _("role"),
    "area": _("area"),
    "from": _("from"),
    "until": _("until"),
    "fields": _("fields"),
    "rows": _("rows"),
    "text": _("text"),
    "where": _("where"),
    "title": _("title"),
    "version": _("version"),
    "file": _("file"),
    "act": _("act"),
    "who": _("whom"),
    "since": _("from"),
    "faults": _("faults"),
    "after": _("after the anchor of"),
    "day": _("day"),
    "change": _("change"),
    "days": _("days"),
    "marked": _("marked days"),
    "years": _("years"),
    "hours": _("hours changed"),
    "expected": _("matters to move"),
    "handlers": _("handlers"),
    "number": pgettext_lazy("matter", "number"),
    "card": _("scorecard"),
    "period": _("period"),
    "code": _("code"),
    "name": _("name"),
    "name_en": _("name in English"),
    "unit": _("unit"),
    "areas": _("areas"),
    "posts": _("posts"),
    "force": _("post no."),
    "phone": _("telephone"),
    "table": _("table"),
    "as": _("as"),
    "created": _("new"),
    "changed": _("changed"),
    "pattern": _("pattern"),
    "level": _("level"),
    "kind": _("kind"),
    "ordinal": _("place in the list"),
    "in_use": _("in use"),
    "count": _("figure"),
    "wanted": _("should be"),
    "corrected": _("corrected to"),
    "ground": _("roads, water, green and places"),
    "buildings": _("buildings"),
    "room": _("room"),
    "with_parts": _("with parts"),
    "lon": _("longitude"),
    "lat": _("latitude"),
}
# Particulars for the program itself: digests, keys of rows, and a rule whose version says which it is.
UNTOLD = {"first", "anchor", "content", "badge", "stand_in", "row", "into"}
VALUES = {
    "password": _("password"),
    "demo": _("demo"),
    "name": _("name"),
    "phone": _("phone"),
    "unit": _("unit"),
    "kind": _("kind"),
    **dict(Role.choices),
    **dict(AdminRole.choices),
}
# The same code means one thing as a scorecard and another as a post or a level.
VALUES_OF: dict[str, Mapping[str, Promise]] = {
    "card": {
        "department": _("Departments"),
        "area": _("Areas"),
        "levels": _("Where it was solved"),
        "hotline": _("Three rates"),
        "inspector": _("Inspectors"),
        "acceptor": _("Acceptors"),
        "duty_chief": _("Duty chiefs"),
        "dispatcher": _("Dispatchers"),
    },
    "act": {
        "add": _("added a shift"),
        "change": _("changed a shift"),
        "remove": _("removed a shift"),
        "copy": _("copied a week"),
    },
    "level": {
        "province": _("province"),
        "city": _("city"),
        "county": _("county"),
        "street": _("street (town)"),
        "community": _("community (village)"),
        "grid": _("grid"),
        "micro": _("micro-grid"),
        "unit_grid": _("unit grid"),
    },
    "kind": {
        "general": _("general"),
        "dedicated": _("dedicated"),
        "micro": _("micro-grid"),
        "official": _("official name"),
        "alias": _("other name"),
        "former": _("former name"),
    },
    "text": {"place": _("place")},
    "where": {
        "result": _("result of the case"),
        "answer": _("answer"),
        "request reason": _("reason of a request"),
        "request answer": _("answer to a request"),
        "help words": _("words to a helping unit"),
        "help result": _("result of a helping unit"),
        "arbitration reason": _("reason of a ruling"),
        "supervisionorder words": _("words of a supervision order"),
        "supervisionorder reply": _("reply to a supervision order"),
        "attachment name": _("name of a file"),
        "handover watch": _("handover of a shift: what to watch"),
        "handover words": _("handover of a shift: what happened"),
        "handover remark": _("handover of a shift: remark"),
    },
    "marked": {
        "rest": _("rest day"),
        "work": _("working day"),
        "normal": _("as usual"),
    },
}


def act_label(act: str) -> str:
    """Return the act in the reader's language; one that is not in the list speaks for itself."""
    return str(ACTS.get(act, act))


def subject_label(kind: str) -> str:
    """Return what kind of thing an act was done to."""
    return str(SUBJECTS.get(kind, kind))


def particulars(detail: Mapping[str, Any]) -> str:
    """Return what an entry says beside who, what and when: ``role: 网格员; area: 990101001001001``."""
    said = {key: value for key, value in detail.items() if value not in (None, "", []) and key not in UNTOLD}
    return "; ".join(f"{PARTICULARS.get(key, key)}: {_value(key, value)}" for key, value in said.items())


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return "、".join("–" if one in (None, "") else _value(key, one) for one in value)
    return _in_words(key, value) if isinstance(value, str) else str(value)


def _in_words(key: str, value: str) -> str:
    """A code in words, alone or beside what it stands by: ``网格员 990101001001001``."""
    known = {**VALUES, **VALUES_OF.get(key, {})}
    if value in known:
        return str(known[value])
    if key == "where" and value.startswith("event "):
        return gettext("no. %(number)s of its timeline") % {"number": value.removeprefix("event ")}
    if key in ("posts", "marked"):
        return " ".join(str(known.get(part, part)) for part in value.split(" "))
    return _moment(value) or value


def _moment(value: str) -> str:
    """A moment as people read it; "" for all else."""
    if "T" not in value:
        return ""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return ""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if timezone.is_aware(at) else ""
