from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.cases import actions
from wangge.cases.actions.blanking import Text
from wangge.cases.models import Report
from wangge.common.commands import Command as BaseCommand

ALL, NONE = "all", "none"


class Command(BaseCommand):
    help = (
        "Delete for good what a report said: words, address, photos, contact. It stays counted; the log stays whole. "
        "What handlers wrote about the person is shown, and blanked where you choose so."
    )
    example = (
        'wangge erase report 20431 --by security --why "asked for in writing, 2026-11-20" --blank 3f9a1c'
    )

    def add_arguments(self, parser: CommandParser | ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="the number of the report")
        parser.add_argument("--by", required=True, help="account name of the security administrator")
        parser.add_argument(
            "--why", required=True, help="who asked for it and when; goes into the access log"
        )
        parser.add_argument(
            "--look",
            action="store_true",
            help="only show what handlers wrote about the person; erase nothing",
        )
        parser.add_argument(
            "--word",
            action="append",
            default=[],
            help="a name, telephone or address to look for besides what the report knows; may be repeated",
        )
        parser.add_argument(
            "--blank",
            nargs="+",
            metavar="KEY",
            help="the texts to blank, by the keys that are shown; “all” or “none” of them",
        )
        parser.add_argument(
            "--keep-place",
            action="store_true",
            help="the place itself is the matter (a lamp, a hole in the road): keep its exact point, "
            "and the address that the desk put in place of the person's",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report.objects.filter(number=options["number"]).first()
        if report is None:
            raise CommandError(_("There is no report %(number)s.") % {"number": options["number"]})
        by = Account.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(_("There is no open account “%(name)s”.") % {"name": options["by"]})
        hand = {"by": by, "why": options["why"], "at": timezone.now()}
        texts = actions.look_for_texts(report, words=options["word"], **hand)
        self._show(texts)
        if options["look"]:
            return
        chosen = _chosen(texts, options["blank"])
        actions.erase_report(report, blank=chosen, keep_place=options["keep_place"], **hand)
        self.stdout.write(_("What report %(number)s said is erased.") % {"number": report.number})
        if chosen:
            self.stdout.write(_("Texts blanked: %(number)d") % {"number": len(chosen)})

    def _show(self, texts: Sequence[Text]) -> None:
        if not texts:
            self.stdout.write(_("Nothing that handlers wrote names the person."))
        for text in texts:
            self.stdout.write(f"\n{text.key}  {text.words}")
            for place in text.places:
                moment = f"{timezone.localtime(place.at):%Y-%m-%d %H:%M}" if place.at else ""
                who = " ".join(filter(None, (moment, place.who)))
                self.stdout.write(
                    " · ".join(filter(None, (f"        {place.matter.number}", place.label, who)))
                )


def _chosen(texts: Sequence[Text], keys: Sequence[str] | None) -> list[Text]:
    """The texts somebody chose to blank; nobody erases a person and overlooks what was written of them."""
    if keys is None:
        if texts:
            raise CommandError(
                _(
                    "Handlers wrote of this person. Say which texts to blank: --blank KEY …, --blank all or none."
                )
            )
        return []
    by_key = {text.key: text for text in texts}
    if unknown := [key for key in keys if key not in (ALL, NONE, *by_key)]:
        raise CommandError(_("No text has the key %(key)s.") % {"key": unknown[0]})
    return list(texts) if ALL in keys else [by_key[key] for key in keys if key in by_key]
