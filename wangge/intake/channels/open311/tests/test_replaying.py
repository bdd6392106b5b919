"""A file is posted at a multiple of its own speed, and the server's answers are told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from wangge.common.refusals import Refused
from wangge.intake.channels.open311.replaying import Answer, Open311Server, Posting, replay

START = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def three_hours() -> Iterator[Posting]:
    return (Posting(START + timedelta(hours=hour), {"service_code": str(hour)}) for hour in range(3))


def test_an_hour_passes_in_a_minute_at_speed_60(three_hours: Iterator[Posting]) -> None:
    pauses: list[float] = []
    posted = list(
        replay(three_hours, lambda fields: Answer(fields["service_code"]), speed=60, sleep=pauses.append)
    )
    assert [answer.number for answer in posted] == ["0", "1", "2"]
    # Nobody really slept, so each pause counts from the start.
    assert [round(pause) for pause in pauses] == [60, 120]


def test_a_server_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(Refused):
        Open311Server("http://127.0.0.1:9/open311/v2", "key").post({})


@pytest.mark.parametrize("address", ["", "ftp://somewhere", "127.0.0.1:8000"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        Open311Server(address, "key")
