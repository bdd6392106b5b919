"""What the import commands say while they work and when they are done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from wangge.territory.bulk import Outcome
from wangge.territory.row_errors import RowError

MOST = 50  # lines; a person corrects the first ones and runs the command again


@contextmanager
def steps(*names: str) -> Iterator[Callable[[], None]]:
    """A progress bar on the terminal over named steps; call what it yields when a step is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(names[0], total=len(names))
        coming = iter(names[1:])

        def done() -> None:
            progress.update(task, advance=1, description=next(coming, names[-1]))

        yield done


def tell_errors(out: OutputWrapper, errors: Sequence[RowError]) -> None:
    """The first errors, one a line, and how many there are beyond."""
    for error in errors[:MOST]:
        out.write(str(error))
    if len(errors) > MOST:
        out.write(_("… and %(count)s more.") % {"count": len(errors) - MOST})


def outcome_in_words(outcome: Outcome, dry_run: bool) -> str:
    """One sentence with the counts; a dry run says that nothing was stored."""
    counts = {"created": outcome.created, "changed": outcome.changed, "unchanged": outcome.unchanged}
    if dry_run:
        return (
            _(
                "Would make %(created)s and change %(changed)s; %(unchanged)s are the same. Nothing was stored."
            )
            % counts
        )
    return _("Made %(created)s, changed %(changed)s; %(unchanged)s were the same.") % counts
