"""What we tell about ourselves: discovery, the list of services, and the questions of one."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wangge.cases.models import Question
from wangge.intake.channels.open311.catalogue import Catalogue, Service
from wangge.intake.channels.open311.faults import not_found

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
MOST_REQUESTS = 1000
LISTS = (Question.Datatype.SINGLE, Question.Datatype.MULTI)


def discovery(known: Catalogue, endpoint: str) -> dict[str, Any]:
    """Describe this installation; `endpoint` is the address of the interface without a slash at the end."""
    changeset = timezone.localtime(known.changed_at).isoformat(timespec="seconds")
    return {
        "changeset": changeset,
        "contact": settings.OPEN311_CONTACT or _("Ask the grid centre of this installation."),
        "key_service": _(
            "The system administrator of this installation makes keys: wangge apikey create NAME"
        ),
        "max_requests": MOST_REQUESTS,
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": endpoint,
                "changeset": changeset,
                # A demonstration acts upon nothing.
                "type": "test" if settings.DEMO else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def service_list(known: Catalogue) -> list[dict[str, Any]]:
    """Every class in force as a service."""
    return [_service(service) for service in known.services.values()]


def _service(service: Service) -> dict[str, Any]:
    matter = service.matter
    return {
        "service_code": matter.code,
        "service_name": matter.label,
        "description": _description(service),
        "metadata": bool(service.questions),
        "type": "realtime",
        "keywords": _keywords(service),
        "group": str(matter.group) if matter.group else matter.major_label,
    }


def _description(service: Service) -> str:
    hint = service.matter.group.hint_label if service.matter.group else ""
    return hint or service.matter.major_label


def _keywords(service: Service) -> str:
    """Synonyms, comma separated. Ours are Chinese; an English reader gets the major class as one."""
    words = service.matter.keywords.replace(";", ",").strip(",")
    if (get_language() or "").startswith("en"):
        return ",".join(filter(None, [service.matter.major_label, words]))
    return words


def service_of(known: Catalogue, code: str) -> Service:
    """Return the service with this code or say that there is none."""
    service = known.services.get(code)
    if service is None:
        raise not_found(_("There is no service with the code “%(code)s”.") % {"code": code[:40]})
    return service


def definition(service: Service) -> dict[str, Any]:
    """The questions of a service; an empty list for one that asks nothing more."""
    return {
        "service_code": service.matter.code,
        "attributes": [_attribute(question, place) for place, question in enumerate(service.questions, 1)],
    }


def _attribute(question: Question, place: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": True,
        "code": question.code,
        "datatype": question.datatype,
        "required": question.required and question.only_if is None,
        "datatype_description": question.hint_label or str(question.get_datatype_display()),
        "order": place,
        "description": str(question),
    }
    if question.datatype in LISTS:
        told["values"] = [{"key": key, "name": name} for key, name in question.choices]
    if question.only_if:
        # Our extension: to be asked, and then perhaps required, only after one of these answers to that question.
        told["only_if"] = {"code": question.only_if.code, "values": " ".join(question.only_if_answers)}
    return told
