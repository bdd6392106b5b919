from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from wangge.common.commands import Command as BaseCommand
from wangge.common.spreadsheets import read_rows
from wangge.intake.channels.open311.replaying import Open311Server, Posting, replay
from wangge.intake.channels.spreadsheet.mapping import Mapping


class Command(BaseCommand):
    help = "Post the reports of a file to a running server over Open311, at a chosen speed."
    example = (
        "wangge replay 311.csv --mapping boston --url http://127.0.0.1:8000/open311/v2 --key KEY --speed 3600"
    )
    needs_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", default="", help="a .toml file or a shipped name; GeoReport Bulk names if left out"
        )
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000/open311/v2", help="the endpoint, without /requests"
        )
        parser.add_argument("--key", required=True, help="an API key: wangge apikey create NAME")
        parser.add_argument("--speed", type=float, default=60.0, help="60 lets an hour pass in a minute")
        parser.add_argument(
            "--service", default="10990", help="service code of rows whose own code is not known there"
        )
        parser.add_argument("--most", type=int, default=None, help="stop after so many reports")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["speed"] <= 0:
            raise CommandError("--speed is a number above zero.")
        rule = Mapping.load(options["mapping"]) if options["mapping"] else Mapping.from_data({})
        server = Open311Server(options["url"], options["key"])
        postings = islice(self.postings(options["file"], rule, options["service"]), options["most"])
        sent = failed = 0
        for answer in replay(postings, server.post, speed=options["speed"]):
            sent += not answer.error
            failed += bool(answer.error)
            self.stdout.write(answer.error or answer.number)
        self.stdout.write(f"{sent} reports received, {failed} refused.")
        if failed:
            raise CommandError("Some reports were refused; the lines above say why.")

    def postings(self, file: Path, rule: Mapping, service: str) -> Iterator[Posting]:
        """Turn rows into Open311 form fields, in the order of the file."""
        for number, row in read_rows(file):
            if number <= 2:
                rule.check_columns(set(row))
            get = {name: row.get(column, "") for name, column in rule.columns.items()}
            description = " · ".join(filter(None, [get["class"], get["description"]]))
            fields = {
                "service_code": get["class_code"] or service,
                "description": description,
                "lat": get["lat"],
                "long": get["lon"],
                "address_string": get["address"],
            }
            yield Posting(
                rule.moment(get["opened"]), {name: value for name, value in fields.items() if value}
            )
