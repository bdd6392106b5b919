"""Answers to the questions of a service: taken from the form in every spelling in use, checked against the questions."""

import logging
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from wangge.cases.models import Question
from wangge.intake.channels.open311.catalogue import Service
from wangge.intake.channels.open311.faults import Fault, Faulty
from wangge.intake.channels.open311.fields import Fields
from wangge.intake.channels.open311.moments import parsed, told

log = logging.getLogger(__name__)

# attribute[SIZE], attribute[RISK][], attribute[RISK][0]
SPELLING = re.compile(r"attribute\[([^\[\]]+)\](?:\[\d*\])?")
MOST_CHARACTERS = {Question.Datatype.STRING: 200, Question.Datatype.TEXT: 4000}

Answers = dict[str, str | list[str]]


def answers_of(service: Service, fields: Fields) -> tuple[Answers, list[Fault]]:
    """Return the answers by question code, and what is wrong with them; unknown attributes are left out."""
    given = _given(fields)
    answers: Answers = {}
    faults: list[Fault] = []
    for question in service.questions:
        values = given.pop(question.code, [])
        if not question.is_asked(answers):
            continue  # an answer to what was not asked says nothing
        try:
            if values:
                answers[question.code] = _checked(question, values)
            elif question.required:
                faults.append(Fault(_("attribute[%(code)s] is required: %(question)s") % _named(question)))
        except Faulty as fault:
            faults.extend(fault.faults)
    if given:
        log.info("Left out unknown attributes of service %s: %s", service.matter.code, ", ".join(given)[:200])
    return answers, faults


def _given(fields: Fields) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, values in fields.items():
        if name.startswith("attribute[") and (spelled := SPELLING.fullmatch(name)):
            given.setdefault(spelled[1], []).extend(stripped(values))
    return {code: values for code, values in given.items() if values}


def stripped(values: list[str]) -> Iterator[str]:
    """The values without spaces around them, the empty ones left out."""
    return (value for value in map(str.strip, values) if value)


def _named(question: Question) -> dict[str, str]:
    return {"code": question.code, "question": str(question)}


def _checked(question: Question, values: list[str]) -> str | list[str]:
    if question.datatype == Question.Datatype.MULTI:
        return [_known_key(question, value) for value in dict.fromkeys(values)]
    if len(values) > 1:
        raise Faulty(Fault(_("attribute[%(code)s] takes one value.") % _named(question)))
    [value] = values
    if question.datatype == Question.Datatype.SINGLE:
        return _known_key(question, value)
    if question.datatype == Question.Datatype.NUMBER:
        return _number(question, value)
    if question.datatype == Question.Datatype.DATETIME:
        return told(parsed(value, f"attribute[{question.code}]"))
    return _text(question, value)


def _known_key(question: Question, value: str) -> str:
    keys = [key for key, _name in question.choices]
    if value not in keys:
        words = {**_named(question), "value": value[:40], "keys": ", ".join(keys)}
        raise Faulty(Fault(_("attribute[%(code)s]: “%(value)s” is none of %(keys)s.") % words))
    return value


def _number(question: Question, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(value) > 40 or "_" in value:
        words = {**_named(question), "value": value[:40]}
        raise Faulty(Fault(_("attribute[%(code)s]: “%(value)s” is not a number.") % words))
    return value


def _text(question: Question, value: str) -> str:
    most = MOST_CHARACTERS[Question.Datatype(question.datatype)]
    if len(value) > most:
        words = {**_named(question), "length": len(value), "most": most}
        raise Faulty(
            Fault(_("attribute[%(code)s] has %(length)d characters; at most %(most)d can be kept.") % words)
        )
    return value
