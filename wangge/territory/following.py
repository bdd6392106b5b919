"""Letting everything follow the territory that no single event names: after a file, and where one go would take too long."""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

JOB = "config.jobs.locate_anew"


def locate_anew_soon() -> None:
    """Let the worker locate matters and things anew once this transaction is committed; asked twice, done once."""
    task = app.configure_task(JOB, queue="upkeep", queueing_lock="locate_anew")
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer()
