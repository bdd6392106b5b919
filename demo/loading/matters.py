"""Stories by the real road: every report is received and every step taken by the actions people use, in time order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from demo.loading.book import Book
from demo.loading.photos import Album, Shot, keep, show
from demo.story import Said, Step, Story
from wangge.accounts.models import Account
from wangge.attachments.models import Attachment, Purpose
from wangge.cases import actions
from wangge.cases.actions.moving import Position
from wangge.cases.models import Case, Report

SOURCE = "story"
CLASSED = 0.75  # how many residents find the class themselves
# How often a person who looked finds that the public may see it too.
TEXT_SHOWN, PHOTO_SHOWN, ANSWERED_SHOWN, RESULT_SHOWN = 0.9, 0.85, 0.7, 0.8
WITH_CHECK_PHOTO, WITH_FINDING_PHOTO = 0.45, 0.6
SHARES_CONTACT = 0.5
FORM_CHANNELS = ("web", "open311")  # these ask the extra questions of a class
STAFF_CHANNELS = ("worker", "hotline", "desk")
# Words the desk puts before what it was told on the telephone are not the public's business.
TOLD_BY_PHONE = "市民来电反映："


@dataclass(slots=True)
class Played:
    """A story under way: its reports as far as they have come in, and its case."""

    story: Story
    view: int
    reports: dict[int, Report]
    photos: list[Attachment]
    results: list[Attachment]
    case: Case | None = None

    @property
    def filed(self) -> Case:
        assert self.case is not None, "a story takes no step on a case before it is filed"
        return self.case


class Players:
    """Plays stories day by day; `day` must be called for rising days."""

    def __init__(self, stories: Sequence[Story], book: Book, album: Album, seed: int) -> None:
        self.book, self.album = book, album
        self.rng = random.Random(f"{seed}-playing")
        self.played = [Played(story, number, {}, [], []) for number, story in enumerate(stories)]
        self._said: dict[date, list[tuple[Said, Played, int]]] = defaultdict(list)
        self._steps: dict[date, list[tuple[Step, Played]]] = defaultdict(list)
        for played in self.played:
            self._arrange(played)

    def _arrange(self, played: Played) -> None:
        for number, said in enumerate(played.story.said):
            self._said[timezone.localdate(said.at)].append((said, played, number))
        for step in played.story.steps:
            if step.verb != "receive":
                self._steps[timezone.localdate(step.at)].append((step, played))

    @property
    def days(self) -> list[date]:
        """The days on which anything happens, in order."""
        return sorted({*self._said, *self._steps})

    def play(self, day: date) -> int:
        """Receive the day's reports, then take its steps in time order; return how many things happened."""
        said = sorted(self._said.pop(day, []), key=lambda entry: entry[0].at)
        steps = sorted(self._steps.pop(day, []), key=lambda entry: entry[0].at)
        self._receive(said)
        for step, played in steps:
            TAKE[step.verb](self, played, step)
        return len(said) + len(steps)

    def shots(self) -> Iterator[Shot]:
        """The photos that will be asked for first, in the order of time."""
        said = (
            (said.at, said.scene, played, False) for day in self._said.values() for said, played, _ in day
        )
        done = (
            (step.at, str(step.extra.get("after_scene", "")), played, True)
            for day in self._steps.values()
            for step, played in day
        )
        for at, scene, played, after in sorted([*said, *done], key=lambda shot: shot[0]):
            if scene:
                yield Shot.of(scene, played.view, after=after, at=at)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # -- Reports -------------------------------------------------------------------------------------

    def _receive(self, entries: list[tuple[Said, Played, int]]) -> None:
        drafts = [self._draft(said) for said, _played, _number in entries]
        for draft in drafts:
            actions.check_draft(draft)
        received = actions.receive_reports(drafts) if drafts else []
        rows = Report.objects.in_bulk([receipt.id for receipt in received])
        for (said, played, number), receipt in zip(entries, received, strict=True):
            report = played.reports[number] = rows[receipt.id]
            if said.scene:
                by = self.book.person(said.by)
                played.photos.append(
                    self._photograph(played, report, said.scene, Purpose.REPORT, by, said.at)
                )

    def _draft(self, said: Said) -> actions.Draft:
        knows_class = said.channel in STAFF_CHANNELS or self.chance(CLASSED)
        asked = knows_class and said.channel in FORM_CHANNELS
        return actions.Draft(
            channel=said.channel,
            text=said.text,
            at=said.at,
            lon=said.lon,
            lat=said.lat,
            address=said.address,
            kind=said.kind,
            matter=self.book.matters.get(said.matter_code) if knows_class else None,
            attributes=self.book.answers(said.matter_code, said.text) if asked else {},
            contact=actions.Contact(
                said.contact_name,
                said.contact_phone,
                share_with_unit=bool(said.contact_phone) and self.chance(SHARES_CONTACT),
            ),
            street_only=said.street_only,
            source=SOURCE,
            source_key=said.key,
            by=self.book.person(said.by),
        )

    def verify(self, played: Played, step: Step) -> None:
        report = played.reports[step.report]
        actions.ask_to_verify(report, by=self.by(step), at=step.at, note=step.note)

    def find(self, played: Played, step: Step) -> None:
        report, scene = played.reports[step.report], played.story.said[0].scene
        confirmed = bool(step.extra["confirmed"])
        actions.report_finding(
            report,
            confirmed=confirmed,
            by=self.by(step),
            at=step.at,
            note=step.note,
            position=self.standing_at(report),
            device_at=step.at,
        )
        if scene and self.chance(WITH_FINDING_PHOTO):
            self._photograph(
                played, report, scene, Purpose.EVIDENCE, self.by(step), step.at, after=not confirmed
            )

    def answer(self, played: Played, step: Step) -> None:
        report, desk = played.reports[step.report], self.desk(step)
        actions.answer_report(report, answer=step.note, by=desk, at=step.at)
        if self.chance(ANSWERED_SHOWN):
            actions.publish_report(report, text=public_words(report.text), by=desk, at=step.at)

    def decline(self, played: Played, step: Step) -> None:
        reason = self.book.exclusions[str(step.extra["reason"])]
        report = played.reports[step.report]
        actions.decline_report(report, reason=reason, by=self.by(step), at=step.at, note=step.note)

    def join(self, played: Played, step: Step) -> None:
        report = played.reports[step.report]
        actions.join_report(report, case=played.filed, by=self.by(step), at=step.at, note=step.note)

    def correct_report(self, played: Played, step: Step) -> None:
        report, address = played.reports[step.report], str(step.extra["address"])
        actions.correct_report(report, address=address, by=self.by(step), at=step.at, note=step.note)

    def file(self, played: Played, step: Step) -> None:
        report, chief = played.reports[step.report], self.desk(step)
        condition = self.book.conditions[str(step.extra["matter"]), int(step.extra["condition"])]
        words = public_words(report.text) if self.chance(TEXT_SHOWN) else None
        played.case = actions.file_report(
            report, condition=condition, by=chief, at=step.at, note=step.note, publish_text=words
        )
        if words is not None and self.chance(PHOTO_SHOWN):
            show([photo for photo in played.photos if photo.subject_id == report.pk], by=chief, at=step.at)

    def add(self, played: Played, step: Step) -> None:
        actions.add_to_report(played.reports[step.report], words=step.note, at=step.at)

    def rate(self, played: Played, step: Step) -> None:
        actions.rate_report(
            played.reports[step.report],
            solved=bool(step.extra["solved"]),
            result=int(step.extra["result"]),
            attitude=int(step.extra["attitude"]),
            words=step.note,
            at=step.at,
        )

    # -- Cases ---------------------------------------------------------------------------------------

    def dispatch(self, played: Played, step: Step) -> None:
        case, unit = played.filed, self.book.units[str(step.extra["unit"])]
        why = self.book.why(case, unit)
        actions.dispatch_case(case, to=unit, by=self.by(step), at=step.at, note=step.note, why=why)

    def recall(self, played: Played, step: Step) -> None:
        actions.recall_case(played.filed, note=step.note, by=self.by(step), at=step.at)

    def accept(self, played: Played, step: Step) -> None:
        actions.accept_case(played.filed, by=self.by(step), at=step.at)

    def send_back(self, played: Played, step: Step) -> None:
        reason = self.book.reasons[str(step.extra["reason"])]
        actions.send_back_case(played.filed, reason=reason, note=step.note, by=self.by(step), at=step.at)

    def finish(self, played: Played, step: Step) -> None:
        case, by, scene = played.filed, self.by(step), str(step.extra["after_scene"])
        photo = self._photograph(played, case, scene, Purpose.AFTER, by, step.at, after=True)
        played.results = [photo]
        if case.check_percent < 100:  # the stories of the demo are those in which somebody looked
            Case.objects.filter(pk=case.pk).update(check_percent=100)
        actions.finish_case(case, result=step.note, by=by, at=step.at)

    def pass_check(self, played: Played, step: Step) -> None:
        case = played.filed
        actions.pass_check(
            case,
            by=self.by(step),
            at=step.at,
            note=step.note,
            position=self.standing_at(case),
            device_at=step.at,
        )
        if self.chance(WITH_CHECK_PHOTO):
            self._of_check(played, step, after=True)

    def fail_check(self, played: Played, step: Step) -> None:
        case = played.filed
        self._of_check(played, step, after=False)
        actions.fail_check(
            case,
            by=self.by(step),
            at=step.at,
            note=step.note,
            position=self.standing_at(case),
            device_at=step.at,
        )

    def _of_check(self, played: Played, step: Step, *, after: bool) -> None:
        done = next(s for s in played.story.steps if s.verb == "finish")
        scene = str(done.extra["after_scene"])
        self._photograph(played, played.filed, scene, Purpose.CHECK, self.by(step), step.at, after=after)

    def close(self, played: Played, step: Step) -> None:
        chief = self.desk(step)
        actions.close_case(played.filed, answer=step.note, by=chief, at=step.at)
        if self.chance(RESULT_SHOWN):
            show(played.results, by=chief, at=step.at)

    def reopen(self, played: Played, step: Step) -> None:
        actions.reopen_case(played.filed, note=step.note, by=self.by(step), at=step.at)

    # -- Who and where -------------------------------------------------------------------------------

    def by(self, step: Step) -> Account | None:
        return self.book.person(step.by)

    def desk(self, step: Step) -> Account:
        return self.book.accounts[step.by]

    def standing_at(self, subject: Report | Case) -> Position | None:
        """Where a phone says its owner stands: some metres off (0.00001 degrees are about one metre)."""
        if subject.lon is None or subject.lat is None:
            return None
        off_lon, off_lat = self.rng.gauss(0, 8e-5), self.rng.gauss(0, 7e-5)
        accuracy = round(self.rng.uniform(4, 22), 1)
        return round(subject.lon + off_lon, 6), round(subject.lat + off_lat, 6), accuracy

    def _photograph(
        self,
        played: Played,
        subject: Report | Case,
        scene: str,
        purpose: Purpose,
        by: Account | None,
        at: datetime,
        *,
        after: bool = False,
    ) -> Attachment:
        photo = self.album.photo(scene, played.view, after=after, at=at, lon=subject.lon, lat=subject.lat)
        kind = "report" if isinstance(subject, Report) else "case"
        return keep(photo, subject_kind=kind, subject_id=subject.pk, purpose=purpose, by=by, at=at)


def public_words(text: str) -> str:
    """What the public may read of a report."""
    return text.removeprefix(TOLD_BY_PHONE)


TAKE: dict[str, Callable[[Players, Played, Step], None]] = {
    "verify": Players.verify,
    "find": Players.find,
    "answer": Players.answer,
    "decline": Players.decline,
    "join": Players.join,
    "correct_report": Players.correct_report,
    "file": Players.file,
    "add": Players.add,
    "rate": Players.rate,
    "dispatch": Players.dispatch,
    "recall": Players.recall,
    "accept": Players.accept,
    "send_back": Players.send_back,
    "finish": Players.finish,
    "pass_check": Players.pass_check,
    "fail_check": Players.fail_check,
    "close": Players.close,
    "reopen": Players.reopen,
}
