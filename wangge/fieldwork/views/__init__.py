"""The pages of a grid worker: what to do, one task, and a report from the street."""

from wangge.fieldwork.views.report import report
from wangge.fieldwork.views.tasks import result, task, tasks

__all__ = ["report", "result", "task", "tasks"]
