"""The numbers by which people know reports and cases, for those who keep only their keys."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from uuid import UUID

from wangge.cases.models import Case, Report


def numbers_of_cases(keys: Collection[str]) -> Mapping[str, str]:
    """The numbers of cases by their keys."""
    return _numbers(Case, keys)


def numbers_of_reports(keys: Collection[str]) -> Mapping[str, str]:
    """The numbers of reports by their keys."""
    return _numbers(Report, keys)


def _numbers(model: type[Case] | type[Report], keys: Collection[str]) -> Mapping[str, str]:
    found = model.objects.filter(pk__in=list(_read(keys))).values_list("pk", "number")
    return {str(pk): str(number) for pk, number in found}


def _read(keys: Collection[str]) -> Iterator[UUID]:
    """The keys that are any; an entry may have been written about something without one."""
    for key in keys:
        with suppress(ValueError):
            yield UUID(key)
