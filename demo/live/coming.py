"""What residents will say from now on, as Open311 postings in time order, day after day without end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from demo.loading.book import Book
from demo.loading.matters import public_words
from demo.matters import stories
from demo.places import District
from demo.story import Said
from wangge.intake.channels.open311.replaying import Posting

# What the desk and workers put in themselves does not come over Open311.
RESIDENTS = ("web", "hotline", "open311")


def postings(
    district: District, book: Book, *, start: datetime, per_day: float, seed: int
) -> Iterator[Posting]:
    """Reports from `start` (aware, local) on; the first comes at once."""
    first = True
    for number in range(10_000):
        for said in _day(district, start + timedelta(days=number), per_day, seed + number):
            if said.at > start:
                yield Posting(start if first else said.at, _fields(said, book))
                first = False


def _day(district: District, day: datetime, per_day: float, seed: int) -> list[Said]:
    """One day's reports that become cases. Told from two days later: a story's last hours are never typical."""
    midnight = datetime.combine(day.date(), time(), day.tzinfo)
    told = stories(district, until=midnight + timedelta(days=2), days=3, per_day=per_day, seed=seed)
    said = [said for story in told if story.matter_code for said in story.said[:1]]
    return sorted(
        (s for s in said if s.at.date() == day.date() and s.channel in RESIDENTS), key=lambda s: s.at
    )


def _fields(said: Said, book: Book) -> dict[str, str]:
    """The form fields of GeoReport v2."""
    fields = {
        "service_code": said.matter_code,
        "description": public_words(said.text),
        "lat": f"{said.lat:.7f}",
        "long": f"{said.lon:.7f}",
        "address_string": said.address,
        "first_name": said.contact_name,
        "phone": said.contact_phone,
    }
    for code, given in book.answers(said.matter_code, said.text).items():
        if isinstance(given, list):
            fields[f"attribute[{code}][]"] = given[0]
        else:
            fields[f"attribute[{code}]"] = given
    return {name: value for name, value in fields.items() if value}
