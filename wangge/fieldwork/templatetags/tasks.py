"""The light of a task."""

from datetime import datetime

from django import template

from wangge.cases.deadlines import Light, light
from wangge.fieldwork.models import Task

register = template.Library()


@register.simple_tag
def task_light(task: Task, now: datetime) -> Light | None:
    """The light of the clock that the task has to keep; None where nothing is limited."""
    return light(task.due_at, task.subject.amber_at, now) if task.due_at else None
