"""Jobs that run by the clock; everything else is an event with listeners."""

from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(queue="upkeep", queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Delete sessions that have ended."""
    from django.core.management import call_command

    call_command("clearsessions")


@app.task(queue="upkeep", name="config.jobs.verify_log")
def verify_log(account_id: int) -> None:
    """Verify everything for the audit administrator who asked; days that are over are anchored first."""
    from django.utils import timezone

    from wangge.accounts.models import Account
    from wangge.audit.anchors import make_anchors
    from wangge.audit.verification import verify_and_record

    make_anchors(at=timezone.now())
    verify_and_record(by=Account.objects.get(pk=account_id), at=timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(queue="upkeep", queueing_lock="anchor_log")
def anchor_log(timestamp: int) -> None:
    """Anchor the days that are over (after midnight; days missed are caught up), then verify what moved since."""
    from datetime import UTC, datetime

    from wangge.audit.anchors import make_anchors
    from wangge.audit.verification import verify_and_record

    at = datetime.fromtimestamp(timestamp, UTC)
    if make_anchors(at=at):
        verify_and_record(by=None, at=at, full=False)


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="resume_cases")
def resume_cases(timestamp: int) -> None:
    """Let every case go on whose suspension has ended."""
    from datetime import UTC, datetime

    from wangge.cases import actions

    actions.resume_due(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="watch_deadlines")
def watch_deadlines(timestamp: int) -> None:
    """Remind of deadlines, and escalate what is overdue."""
    from django.utils import timezone

    from wangge.cases.escalation.looking import look

    look(timezone.now())


@app.periodic(cron="41 * * * *")
@app.task(queue="upkeep", queueing_lock="sweep_drafts")
def sweep_drafts(timestamp: int) -> None:
    """Erase photos of reports that nobody sent for a day."""
    from datetime import UTC, datetime

    from wangge.intake.channels.web import drafts

    drafts.sweep(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="53 * * * *")
@app.task(queue="upkeep", queueing_lock="sweep_tallies")
def sweep_tallies(timestamp: int) -> None:
    """Forget how often senders without an account came in windows of time that are over."""
    from datetime import UTC, datetime

    from wangge.common import limits

    limits.sweep(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="29 4 * * *")
@app.task(queue="upkeep", queueing_lock="sweep_files")
def sweep_files(timestamp: int) -> None:
    """Delete stored contents that belong to no attachment: rolled back, erased, or never recorded."""
    from datetime import UTC, datetime

    from wangge.attachments import actions

    actions.sweep(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", name="config.jobs.send_notices", queueing_lock="send_notices")
def send_notices(timestamp: int) -> None:
    """Send the notices that are due; whoever queues one wakes this at once, the clock sees to what waits."""
    from django.utils import timezone

    from wangge.notifications import actions

    actions.send_due(at=timezone.now())


@app.periodic(cron="53 3 * * *")
@app.task(queue="upkeep", queueing_lock="sweep_notices")
def sweep_notices(timestamp: int) -> None:
    """Delete notices and deliveries that are past their retention."""
    from datetime import UTC, datetime

    from wangge.notifications import actions

    actions.sweep(at=datetime.fromtimestamp(timestamp, UTC))


@app.task(queue="upkeep", name="config.jobs.count_calendar_change")
def count_calendar_change(change_id: int) -> None:
    """Count what a planned change of a calendar would move, when there is too much of it for a page to wait."""
    from django.utils import timezone

    from wangge.cases.calendars import actions
    from wangge.cases.models import CalendarChange

    change = CalendarChange.objects.filter(pk=change_id, confirmed_at=None).first()
    if change is not None:
        actions.count(change, at=timezone.now())


@app.task(queue="upkeep", name="config.jobs.recompute_calendar")
def recompute_calendar(change_id: int) -> None:
    """Let the running clocks follow a changed calendar for a while, then give other jobs their turn."""
    from django.utils import timezone

    from wangge.cases.calendars import recompute

    recompute.go_on(change_id, clock=timezone.now)


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="resume_calendars")
def resume_calendars(timestamp: int) -> None:
    """Go on with changed calendars whose clocks have not all followed: a worker died, or two waited for each other."""
    from datetime import UTC, datetime

    from django.utils import timezone

    from wangge.cases.calendars import recompute

    for change in recompute.unfinished(datetime.fromtimestamp(timestamp, UTC)):
        recompute.go_on(change.pk, clock=timezone.now)


@app.periodic(cron="23 2 5 * *")
@app.task(queue="upkeep", queueing_lock="freeze_scorecards")
def freeze_scorecards(timestamp: int) -> None:
    """Freeze the scorecards of the month before, once the first days have brought what was late to be written down."""
    from datetime import UTC, datetime

    from wangge.insight.actions import freeze_month

    freeze_month(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(queue="upkeep", queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    """Let drafts of the configuration whose moment has come take effect."""
    from datetime import UTC, datetime

    from wangge.cases.configuration import publishing

    publishing.publish_due(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="fold_map")
def fold_map(timestamp: int) -> None:
    """Take what was noted of cases on the map into its tally; numbers are right before, only slower to count."""
    from wangge.cases.map import tally

    tally.fold()


@app.periodic(cron="11 3 * * *")
@app.task(queue="upkeep", queueing_lock="rebuild_map")
def rebuild_map(timestamp: int) -> None:
    """Count all cases on the map anew each night: classes may have changed their groups."""
    from wangge.cases.map import tally

    tally.rebuild()


@app.periodic(cron="*/5 * * * *")
@app.task(queue="upkeep", queueing_lock="hand_over_tasks")
def hand_over_tasks(timestamp: int) -> None:
    """Let the open tasks of whoever is away go to the stand-in, and from there when the days are over."""
    from django.utils import timezone

    from wangge.fieldwork import standing_in

    standing_in.hand_over_tasks(timezone.now())


@app.task(queue="upkeep", name="config.jobs.work_on_boundary_file")
def work_on_boundary_file(pk: str) -> None:
    """Read a file of boundaries that somebody brought, or store what was found in it."""
    from django.utils import timezone

    from wangge.territory import bringing

    bringing.WAY.go_on(pk, at=timezone.now())


@app.task(queue="upkeep", name="config.jobs.work_on_extract")
def work_on_extract(pk: str) -> None:
    """Read an extract of OpenStreetMap that somebody brought, or store what was found in it."""
    from django.utils import timezone

    from wangge.registry.osm import bringing

    bringing.WAY.go_on(pk, at=timezone.now())


@app.task(queue="upkeep", name="config.jobs.work_on_facility_file")
def work_on_facility_file(pk: str) -> None:
    """Read a file of facilities that somebody brought, or store what was found in it."""
    from django.utils import timezone

    from wangge.registry.facilities import bringing

    bringing.WAY.go_on(pk, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="take_up_left_files")
def take_up_left_files(timestamp: int) -> None:
    """Go on with files that a process left in the middle when it died."""
    from django.utils import timezone

    from wangge.registry.facilities import bringing as facilities
    from wangge.registry.osm import bringing as extracts
    from wangge.territory import bringing as boundaries

    for way in (boundaries.WAY, extracts.WAY, facilities.WAY):
        way.take_up_left(timezone.now())


@app.periodic(cron="11 3 * * *")
@app.task(queue="upkeep", queueing_lock="sweep_boundary_files")
def sweep_boundary_files(timestamp: int) -> None:
    """Drop files of geography about which nobody decided for a week."""
    from datetime import UTC, datetime

    from wangge.registry.facilities import bringing as facilities
    from wangge.registry.osm import bringing as extracts
    from wangge.territory import bringing as boundaries

    for way in (boundaries.WAY, extracts.WAY, facilities.WAY):
        way.sweep(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="apply_territory_changes")
def apply_territory_changes(timestamp: int) -> None:
    """Let approved changes of the territory whose day has come take effect, and matters that came meanwhile follow."""
    from datetime import UTC, datetime

    from wangge.cases import territory
    from wangge.territory.changes import deciding

    at = datetime.fromtimestamp(timestamp, UTC)
    deciding.apply_due(at)
    territory.follow_up(at)


@app.task(queue="upkeep", name="config.jobs.locate_anew", queueing_lock="locate_anew")
def locate_anew() -> None:
    """Let matters and things follow areas that a file has moved or redrawn, or that were too many for one event."""
    from django.utils import timezone

    from wangge.cases import territory as matters
    from wangge.registry import territory as things

    matters.locate_anew(timezone.now())
    things.locate_anew()


@app.task(queue="upkeep", name="config.jobs.design_grids")
def design_grids(pk: str, run: int) -> None:
    """Work out the grids of a design for a while, then give other jobs their turn."""
    from django.utils import timezone

    from wangge.territory.designer import running

    running.go_on(pk, run, clock=timezone.now)


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="notice_dead_designs")
def notice_dead_designs(timestamp: int) -> None:
    """Fail the designs whose worker died in the middle, so that somebody starts them again."""
    from datetime import UTC, datetime

    from wangge.territory.designer import running

    running.notice_dead_workers(datetime.fromtimestamp(timestamp, UTC))
