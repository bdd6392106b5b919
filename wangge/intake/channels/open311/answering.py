"""One way to answer: do the work, write the outcome in the asked form, and never let an error leave as anything else."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.intake.channels.open311.faults import Fault, Faulty
from wangge.intake.channels.open311.fields import too_large
from wangge.intake.channels.open311.notation import CONTENT_TYPES, written

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What goes out: the HTTP status, the body and its type."""

    status: int
    body: bytes
    content_type: str


def answer(form: str, root: str, work: Callable[[], Any]) -> Answer:
    """Do the work and write what it returns under `root`, or its faults as errors; in the active language."""
    try:
        return Answer(200, written(form, root, work()), CONTENT_TYPES[form])
    except Faulty as faulty:
        return refusal(form, faulty)
    except Refused as refused:
        return refusal(form, Faulty(Fault(str(refused))))
    except RequestDataTooBig:
        return refusal(form, too_large())
    except (BadRequest, SuspiciousOperation, MultiPartParserError):
        return refusal(form, Faulty(Fault(_("The request is not a form that can be read."))))
    except Exception:  # the last edge before the caller: bulk clients parse every body
        log.exception("An Open311 call failed")
        words = _("Something failed on our side. Please try again later.")
        return refusal(form, Faulty(Fault(words, code=500)))


def refusal(form: str, faulty: Faulty) -> Answer:
    """Write the faults in the asked form."""
    errors = [{"code": int(fault.code), "description": fault.description} for fault in faulty.faults]
    return Answer(faulty.status, written(form, "errors", errors), CONTENT_TYPES[form])
