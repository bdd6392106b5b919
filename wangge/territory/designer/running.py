"""Working a design out in the worker: a turn at a time, with progress, until it is done, called off or failed.

Each community and method is kept as soon as it is worked out, so that a worker that dies loses one of them at most.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from wangge.territory.designer import keeping
from wangge.territory.designer.chain import note
from wangge.territory.designer.measures import Measures, measured
from wangge.territory.designer.models import DesignPart, GridDesign, GridProposal
from wangge.territory.designer.proposing import Band, Proposal, propose

log = logging.getLogger(__name__)

FINISH, FAIL = "finish_design", "fail_design"
A_TURN = timedelta(seconds=20)  # after which other jobs have theirs
SILENCE = timedelta(seconds=60)  # after which a worker that says nothing is taken for dead
TELL_EVERY = 0.3  # seconds; a design that is called off stops within this
Stage = GridDesign.Stage
Clock = Callable[[], datetime]


class Stopped(Exception):  # nothing went wrong: somebody called it off, or started it again
    """Nobody waits for this run any more."""


def soon(design: GridDesign) -> None:
    """Let the worker take the next turn on a design once this transaction is committed; asked twice, done once."""
    lock = f"design {design.pk} {design.run}"
    task = app.configure_task("config.jobs.design_grids", queue="upkeep", queueing_lock=lock)
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(pk=str(design.pk), run=design.run)


def go_on(pk: UUID | str, run: int, *, clock: Clock, turn: timedelta = A_TURN) -> None:
    """Work on a design for a turn, and see to it that somebody goes on after that. Harmless twice."""
    if not _take_up(pk, run, clock()):
        return
    try:
        design = GridDesign.objects.get(pk=pk)
        left = _work(design, run, clock, clock() + turn)
        _end_turn(design, run, left, clock())
    except Stopped:
        return
    except Exception as error:
        log.exception("The grid design %s failed", pk)
        # Not its words: they may quote a row, and nothing is taken out of an event again.
        fail(pk, run, type(error).__name__, at=clock())


def _take_up(pk: UUID | str, run: int, at: datetime) -> bool:
    waiting = GridDesign.objects.filter(pk=pk, run=run, stage=Stage.WAITING)
    return bool(waiting.update(stage=Stage.RUNNING, beat_at=at))


def _work(design: GridDesign, run: int, clock: Clock, until: datetime) -> bool:
    """Work out what is missing, one after another; tells whether something is left when the turn is over."""
    whole, missing = design.parts.count() * len(design.methods), list(_missing(design))
    for number, (part, method) in enumerate(missing, start=1):
        _work_out(design, run, part, method, clock, (whole - len(missing) + number - 1, whole))
        if clock() > until and number < len(missing):
            return True
    return False


def _missing(design: GridDesign) -> Iterator[tuple[DesignPart, str]]:
    known = set(GridProposal.objects.filter(part__design=design).values_list("part_id", "method"))
    for part in design.parts.defer("ground", "barriers", "blocks", "shapes"):
        yield from ((part, method) for method in design.methods if (part.pk, method) not in known)


def _work_out(
    design: GridDesign, run: int, part: DesignPart, method: str, clock: Clock, place: tuple[int, int]
) -> None:
    site, band, began = keeping.Site(part), Band(design.low, design.high), time.monotonic()
    beat = _Beat(design.pk, run, clock, place)
    proposal = propose(site.blocks, site.ground, site.barriers, band, method=method, progress=beat)
    row = GridProposal(part=part, method=method, seconds=time.monotonic() - began, saved_at=clock())
    fill(row, proposal, measured(site.blocks, proposal, band))
    with transaction.atomic():
        _demand_wanted(design.pk, run)
        row.save()


def fill(row: GridProposal, proposal: Proposal, measures: Measures) -> None:
    """Put a proposal and what it is worth into its row."""
    row.labels, row.shapes = list(proposal.labels), keeping.together(proposal.parts)
    row.measures = asdict(measures)
    row.remarks = [{"kind": remark.kind, "said": dict(remark.said)} for remark in proposal.remarks]


class _Beat:
    """Hears how far one proposal is, tells the row, and stops the work when nobody waits for it any more."""

    def __init__(self, pk: Any, run: int, clock: Clock, place: tuple[int, int]) -> None:
        self.pk, self.run, self.clock, self.last = pk, run, clock, 0.0
        self.before, self.whole = place

    def __call__(self, done: float) -> None:
        if time.monotonic() - self.last < TELL_EVERY:
            return
        self.last = time.monotonic()
        wanted = GridDesign.objects.filter(pk=self.pk, run=self.run, stage=Stage.RUNNING)
        if not wanted.update(done=min((self.before + done) / self.whole, 1.0), beat_at=self.clock()):
            raise Stopped


def _demand_wanted(pk: Any, run: int) -> None:
    if not GridDesign.objects.select_for_update().filter(pk=pk, run=run, stage=Stage.RUNNING).exists():
        raise Stopped


@transaction.atomic
def _end_turn(design: GridDesign, run: int, left: bool, at: datetime) -> None:
    _demand_wanted(design.pk, run)
    design.refresh_from_db()
    if left:
        GridDesign.objects.filter(pk=design.pk).update(stage=Stage.WAITING, beat_at=at)
        soon(design)
        return
    design.stage, design.done, design.beat_at = Stage.DONE, 1.0, at
    note(design, FINISH, None, at)


# -- When the worker dies ----------------------------------------------------------------------------------


@transaction.atomic
def fail(pk: UUID | str, run: int, why: str, *, at: datetime) -> None:
    """A run came to nothing; `why` names the kind of error, or is empty where its worker died. It can be started again."""
    design = GridDesign.objects.select_for_update().filter(pk=pk, run=run, stage=Stage.RUNNING).first()
    if design is not None:
        design.stage, design.trouble = Stage.FAILED, why
        note(design, FAIL, None, at, why=why)


def is_silent(design: GridDesign, at: datetime) -> bool:
    """Tell whether the worker that had this design has said nothing for so long that it must be dead."""
    return design.stage == Stage.RUNNING and (design.beat_at is None or at - design.beat_at > SILENCE)


def notice_dead_workers(at: datetime) -> int:
    """Fail what a worker left behind when it died, and ask again for what it had not begun yet; returns how many failed."""
    silent = list(GridDesign.objects.filter(stage=Stage.RUNNING, beat_at__lt=at - SILENCE))
    for design in silent:
        fail(design.pk, design.run, "", at=at)
    began = Coalesce("beat_at", "moved_at")
    for design in (
        GridDesign.objects.filter(stage=Stage.WAITING).annotate(at=began).filter(at__lt=at - SILENCE)
    ):
        soon(design)
    return len(silent)
