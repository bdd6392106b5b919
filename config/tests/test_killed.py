"""kill -9 in the middle of steps: each leaves the matter before or after, never between, and every listener runs."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections
from django.test import Client

from wangge.attachments.models import Attachment
from wangge.audit.models import Event, Outbox
from wangge.audit.relay import relay_all
from wangge.audit.verification import verify_all
from wangge.cases.models import Case, Clock
from wangge.cases.seed import seed_configuration
from wangge.cases.tests.cast import Cast, assemble
from wangge.cases.workflow import BY_VERB, Stage
from wangge.common import embedded_db
from wangge.common.database import parse
from wangge.common.spare_databases import make_tables
from wangge.fieldwork.models import Task
from wangge.insight.models import StageFact

pytestmark = pytest.mark.slow

HANDS, CASES, STEPS_BEFORE = 4, 24, 30  # who work at once, on how many cases, and when the blow falls
TOKEN = "k" * 32
DAYS = 3

# The steps of one case: who takes it, and what it needs.
ROAD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("dispatch", "dispatcher", {"unit_code": "LAMPS"}),
    ("accept", "clerk", {}),
    ("ask_extension", "clerk", {"note": "等配件", "limit_kind": "working_days", "limit_amount": 1}),
    ("extend", "dispatcher", {}),
    ("ask_suspension", "clerk", {"note": "下雨", "until": "FUTURE"}),
    ("suspend", "duty_chief", {}),
    ("resume", "clerk", {}),
    ("finish", "clerk", {"result": "已更换灯泡"}),
    ("pass_check", "grid_worker", {"note": "亮了"}),
    ("close", "duty_chief", {"answer": "路灯已修好"}),
)


@dataclass
class Work:
    """What hands have been told is done, and what each was doing when nobody answered any more."""

    port: int
    sessions: dict[str, str]
    waiting: deque[str]
    done: list[tuple[str, str]] = field(default_factory=list)
    in_hand: list[tuple[str, str]] = field(default_factory=list)

    def go_on(self) -> None:
        """Lead one case after another along the road until the server is gone."""
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(browser):
            while self.waiting:
                number = self.waiting.popleft()
                for verb, who, given in ROAD:
                    if not self._took(browser, number, verb, who, given):
                        self.in_hand.append((number, verb))
                        return
                    self.done.append((number, verb))

    def _took(
        self, browser: http.client.HTTPConnection, number: str, verb: str, who: str, given: dict[str, Any]
    ) -> bool:
        headers = {
            "Content-Type": "application/json",
            "X-CSRFToken": TOKEN,
            "Cookie": f"sessionid={self.sessions[who]}; csrftoken={TOKEN}",
        }
        until = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.localtime(time.time() + DAYS * 86400))
        body = json.dumps(given).replace("FUTURE", until)
        try:
            browser.request("POST", f"/api/v1/cases/{number}/steps/{verb}", body, headers)
            answer = browser.getresponse()
            words = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        assert answer.status in (200, 500), words.decode()
        return answer.status == 200


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[str]:
    """A server of our own: it is killed, and others' tests run on theirs."""
    folder = tmp_path_factory.mktemp("killed")
    with embedded_db.using(folder) as place, django_db_blocker.unblock():
        others = connections["default"]
        address = embedded_db.address(place.socket_dir, embedded_db.DATABASE)
        connections["default"] = type(others)({**others.settings_dict, **parse(address)}, "default")
        try:
            make_tables()
            seed_configuration()
            yield address
        finally:
            connections["default"].close()
            connections["default"] = others


@pytest.fixture(scope="module")
def cast(database: str) -> Cast:
    return assemble()


def fresh_cases(cast: Cast, count: int = CASES) -> deque[str]:
    """Filed cases, each with the photo that its result will need."""
    cast.lamps  # noqa: B018  # the unit they are dispatched to
    filed = [cast.case_at(Stage.FILED) for _ in range(count)]
    for case in filed:
        photo = cast.after_photo(case, case.filed_at)
        Attachment.objects.filter(pk=photo.pk).update(uploaded_at="2099-01-01T00:00:00Z")
    return deque(case.number for case in filed)


def sessions_of(cast: Cast) -> dict[str, str]:
    sessions = {}
    for name in ("dispatcher", "clerk", "duty_chief", "grid_worker"):
        client = Client()
        client.force_login(getattr(cast, name))
        sessions[name] = client.cookies["sessionid"].value
    return sessions


@contextlib.contextmanager
def running(address: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command of the machine on this database, in a process group of its own."""
    environment = {k: v for k, v in os.environ.items() if k != "WANGGE_DATABASE_POOL"}
    process = subprocess.Popen(
        [sys.executable, "-m", "config.cli", *words],
        cwd=Path(settings.BASE_DIR), env={**environment, "DATABASE_URL": address}, start_new_session=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def serving(address: str) -> Iterator[tuple[int, int]]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    with running(address, "serve", "--port", str(port), "--workers", "2", "--threads", "4") as process:
        assert eventually(lambda: answers(port), 60), "the server did not come up"
        yield port, process.pid


def answers(port: int) -> bool:
    with (
        contextlib.suppress(OSError, http.client.HTTPException),
        contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as asking,
    ):
        asking.request("GET", "/open311/discovery.json")
        return asking.getresponse().status == 200
    return False


def eventually(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def work_until(blow: Callable[[], None], work: Work) -> None:
    """Let the hands work, strike after some steps, and wait until everybody has noticed."""
    hands = [threading.Thread(target=work.go_on) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    assert eventually(lambda: len(work.done) >= STEPS_BEFORE, 120)
    blow()
    for hand in hands:
        hand.join()


def kill_a_backend() -> None:
    """Kill -9 a process of the database at work: the server drops everybody and recovers from its log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " ORDER BY (state = 'idle'), state_change DESC"
        )
        pid = cursor.fetchone()[0]
    os.kill(pid, signal.SIGKILL)


def goes_on(cast: Cast, work: Work) -> bool:
    """Tell whether the same web server leads a case along the whole road."""
    again = Work(work.port, work.sessions, fresh_cases(cast, 1))
    again.go_on()
    return not again.in_hand


def is_up() -> bool:
    try:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        return False
    return True


def assert_before_or_after(work: Work) -> None:
    """What was acknowledged is there; what was in hand happened whole or not at all; no chain is broken."""
    assert eventually(is_up, 60)
    road = [verb for verb, _who, _given in ROAD]
    for number in {number for number, _verb in [*work.done, *work.in_hand]}:
        case = Case.objects.get(number=number)
        happened = [verb for verb in events_of(case) if verb in road]
        told = [verb for one, verb in work.done if one == number]
        doubtful = [verb for one, verb in work.in_hand if one == number]
        assert happened in (told, [*told, *doubtful])
        assert case.stage == stage_after(happened)
        assert clocks_of(case) == CLOCKS[Stage(case.stage)]
    assert list(verify_all()) == []


def events_of(case: Case) -> list[str]:
    return list(Event.objects.filter(subject_id=case.pk).order_by("seq").values_list("verb", flat=True))


def stage_after(verbs: list[str]) -> str:
    """Where these steps lead by the table; a result asks for its check in the same transaction."""
    stage = Stage.FILED
    for verb in verbs:
        stage = BY_VERB[verb].target or stage
        stage = Stage.CHECKING if stage == Stage.DONE else stage
    return stage


CLOCKS = {
    Stage.FILED: {"dispatch", "whole"},
    Stage.DISPATCHED: {"sign_off", "handle", "whole"},
    Stage.HANDLING: {"handle", "whole"},
    Stage.SUSPENDED: {"handle", "whole"},
    Stage.CHECKING: {"check", "whole"},
    Stage.PASSED: {"whole"},
    Stage.CLOSED: set(),
}


def clocks_of(case: Case) -> set[str]:
    return set(Clock.objects.filter(case=case, stopped_at=None).values_list("kind", flat=True))


def assert_every_listener_runs() -> None:
    """What was never relayed is relayed now; each check asked for has one task, each closed case its facts."""

    def is_empty() -> bool:
        relay_all()
        return not Outbox.objects.exists()

    assert eventually(is_empty, 60)
    asked = Event.objects.filter(verb="request_check").values_list("pk", flat=True)
    assert sorted(Task.objects.filter(kind="check").values_list("event_id", flat=True)) == sorted(asked)
    closed = set(Case.objects.filter(stage=Stage.CLOSED).values_list("pk", flat=True))
    ended = StageFact.objects.filter(kind="whole", ended_at__isnull=False)
    assert set(ended.values_list("case_id", flat=True)) == closed


def test_the_web_server_is_killed(database: str, cast: Cast) -> None:
    with serving(database) as (port, group):
        work = Work(port, sessions_of(cast), fresh_cases(cast))
        work_until(lambda: os.killpg(group, signal.SIGKILL), work)
    assert work.in_hand, "the blow fell while somebody was at work"
    assert_before_or_after(work)
    assert_every_listener_runs()


def test_the_database_is_killed(database: str, cast: Cast) -> None:
    with serving(database) as (port, _group):
        work = Work(port, sessions_of(cast), fresh_cases(cast))
        work_until(kill_a_backend, work)
        assert_before_or_after(work)
        assert eventually(lambda: goes_on(cast, work), 60), (
            "each connection that died costs one request, no more"
        )
    assert_every_listener_runs()


def test_the_worker_is_killed(database: str, cast: Cast) -> None:
    with serving(database) as (port, _group):
        work = Work(port, sessions_of(cast), fresh_cases(cast, 8))
        work.go_on()
    assert not work.in_hand
    waiting = Outbox.objects.count()
    assert waiting >= len(ROAD)
    with running(database, "worker") as worker:
        assert eventually(lambda: Outbox.objects.count() < waiting, 60)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert_before_or_after(work)
    assert_every_listener_runs()
