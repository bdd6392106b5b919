"""Jobs that run by the clock; everything else is an event with listeners."""

from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(queue="upkeep", queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Delete sessions that have ended."""
    from django.core.management import call_command

    call_command("clearsessions")
