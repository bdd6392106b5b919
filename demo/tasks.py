"""What the worker does for the made-up district; nothing where there is none."""

from django.conf import settings
from procrastinate.contrib.django import app


@app.periodic(cron="37 * * * *")
@app.task(queue="upkeep", queueing_lock="keep_demo_files_waiting")
def keep_files_waiting(timestamp: int) -> None:
    """Let whoever looks around find files that wait for a decision, however long ago the district was made."""
    if not settings.DEMO:
        return
    from datetime import UTC, datetime

    from demo.loading.facility_files import keep_files_waiting

    keep_files_waiting(datetime.fromtimestamp(timestamp, UTC))
