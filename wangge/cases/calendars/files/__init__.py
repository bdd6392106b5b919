"""Marked days from files of other programs (CSV, iCalendar) and to them."""

from wangge.cases.calendars.files.reading import Told, read_file

__all__ = ["Told", "read_file"]
