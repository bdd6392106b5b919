"""The light of a task."""

from datetime import datetime

from django import template
from django.utils.translation import gettext

from wangge.cases.deadlines import Light, light
from wangge.fieldwork.models import Task

register = template.Library()


@register.simple_tag
def task_light(task: Task, now: datetime) -> Light | None:
    """The light of the clock that the task has to keep; None where nothing is limited."""
    return light(task.due_at, task.subject.amber_at, now) if task.due_at else None


@register.filter
def class_words(task: Task) -> str:
    """What kind of matter the task is about; a report may have no class yet."""
    return task.subject.matter.label if task.subject.matter else gettext("Not yet classed")
