"""Whole lives of cases over HTTP, seven requests each, against pgbench replaying the very writes of one such life.

Receive (Open311), file, dispatch, accept, finish, check, close: by a key and four people who are signed in, while the
worker relays the events. No photo is sent: the filing condition is one that asks for none.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlencode

import numpy as np

from benchmarks import _replay
from benchmarks._database import scratch_database
from benchmarks._server import serving

SIZE = 8  # lives at the same time, and clients of pgbench
SECONDS = 30.0
ROUNDS = 3
DRAIN_SECONDS = 300.0
CLASS = "06010"  # exposed rubbish: its questions need no answer
STEPS = ("receive", "file", "dispatch", "accept", "finish", "pass_check", "close")
TOKEN = "t" * 32  # both halves of the check against forged requests are ours

Sent = tuple[int, Any]  # status and what was answered
Send = Callable[[str, str, dict[str, str]], Sent]  # address, body, headers


def run(size: int, seconds: float) -> list[dict[str, Any]]:
    """Lead `size` lives at once and replay them with `size` clients, turn and turn about, `seconds` seconds in all."""
    with scratch_database() as url:
        people = call_together()
        statements, script = _replay.recorded(lambda send: Life(people, send).lead(), STEPS)
        with serving() as port:
            return _measured(size, seconds, url, port, people, statements, script)


@dataclass(frozen=True)
class People:
    """Who takes the steps: a key that reports, and sessions of people signed in."""

    key: str
    unit: str
    sessions: dict[str, str]
    condition: int


def call_together() -> People:
    """Make the small territory of the tests and its people, and sign them in."""
    from django.test import Client
    from django.utils import timezone

    from wangge.cases.models import FilingCondition
    from wangge.cases.tests.cast import Cast, Territory
    from wangge.intake import keys

    cast = Cast(Territory())
    condition = FilingCondition.objects.filter(matter__code=CLASS, matter__in_force=True, in_force=True)[0]
    FilingCondition.objects.filter(pk=condition.pk).update(
        after_photo=False, check_percent=100, auto_close=False
    )
    sessions = {}
    for name in ("duty_chief", "dispatcher", "clerk", "grid_worker"):
        client = Client()
        client.force_login(getattr(cast, name))
        sessions[name] = client.cookies["sessionid"].value
    key = keys.create_key("benchmark", at=timezone.now())
    return People(key, cast.lamps.code, sessions, condition.ordinal)


@dataclass
class Life:
    """One case after another, each from its report to its end; how long each step took, and what failed."""

    people: People
    send: Send
    taken: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    whole: int = 0
    failures: int = 0

    def lead(self) -> None:
        """Lead one case from its report to its end."""
        try:
            self._lead()
            self.whole += 1
        except (OSError, http.client.HTTPException, _Failed) as error:
            self.failures += 1
            print(f"{type(error).__name__}: {error}", file=sys.stderr)

    def _lead(self) -> None:
        [receipt] = self._report()
        filed = self._step(
            "file", "duty_chief", f"reports/{receipt['service_request_id']}", condition=self.people.condition
        )
        case = f"cases/{filed['case_number']}"
        self._step("dispatch", "dispatcher", case, unit_code=self.people.unit)
        self._step("accept", "clerk", case)
        self._step("finish", "clerk", case, result="已清运，路面已冲洗。")
        self._step("pass_check", "grid_worker", case, note="已经干净")
        self._step("close", "duty_chief", case, answer="垃圾已清运，感谢您的反映。")

    def _report(self) -> Any:
        words = {
            "api_key": self.people.key, "service_code": CLASS, "lat": "32.905", "long": "118.905",
            "address_string": "人民路12号", "description": "路边堆着一大堆垃圾，占了半个人行道。",
        }  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._timed("receive", "/open311/v2/requests.json", urlencode(words), headers)

    def _step(self, verb: str, who: str, subject: str, **given: object) -> Any:
        headers = {
            "Content-Type": "application/json", "X-CSRFToken": TOKEN,
            "Cookie": f"sessionid={self.people.sessions[who]}; csrftoken={TOKEN}",
        }  # fmt: skip
        return self._timed(verb, f"/api/v1/{subject}/steps/{verb}", json.dumps(given), headers)

    def _timed(self, step: str, address: str, body: str, headers: dict[str, str]) -> Any:
        start = time.perf_counter()
        status, answer = self.send(address, body, headers)
        if status not in (200, 201):
            raise _Failed(f"{step}: {status} {answer}")
        self.taken[step].append(time.perf_counter() - start)
        return answer


class _Failed(Exception):
    """A step was refused."""


@contextmanager
def _worker() -> Iterator[None]:
    """The worker process beside the web server, as in production."""
    process = subprocess.Popen([sys.executable, "-m", "config.cli", "worker"])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _measured(
    size: int,
    seconds: float,
    url: str,
    port: int,
    people: People,
    statements: _replay.Statements,
    script: str,
) -> list[dict[str, Any]]:
    turn = max(seconds / (2 * ROUNDS), 1.0)
    _led(size, 1.0, port, people)  # the first second pays for connections and for what is kept in memory
    replayed, lives = [], []
    left, relaying = 0, 0.0
    for _ in range(ROUNDS):
        _forget()  # what is replayed has no listeners: each side has the machine to itself
        replayed.append(_replay.pgbench(url, script, clients=size, seconds=turn))
        _forget()
        with _worker():
            _led(size, 0.1, port, people)
            _drained()  # the worker has loaded by now: in production it has run for days
            begun = time.perf_counter()
            led = _led(size, turn, port, people)
            start = time.perf_counter()  # lives begun in time were finished: as long as that took
            lives.append((led, start - begun))
            left += _drained()
            relaying += time.perf_counter() - start
    ours, theirs = median(sum(life.whole for life in led) / lasted for led, lasted in lives), median(replayed)
    every = [life for led, _lasted in lives for life in led]
    whole = {
        "name": "whole lives of cases",
        "size": size,
        "value": round(ours, 1),
        "unit": "lives/s, 7 requests each",
        "yardstick": f"pgbench, the same writes in 7 transactions, prepared: {theirs:,.0f} lives/s",
        "ratio": round(ours / theirs, 3),
        "errors": sum(life.failures for life in every) + left,
        "relayed_after_s": round(relaying, 1),
    }
    return [whole, *(_row_of(step, every, statements[step]) for step in STEPS)]


def _row_of(step: str, lives: list[Life], statements: list[str]) -> dict[str, Any]:
    taken = [seconds for life in lives for seconds in life.taken[step]]
    p50, p95, p99 = (round(float(ms), 2) for ms in np.percentile(taken or [0.0], [50, 95, 99]) * 1000)
    return {
        "name": f"step: {step}", "size": len(taken), "value": len(statements), "unit": "SQL statements", "p50_ms": p50,
        "p95_ms": p95, "p99_ms": p99, "errors": 0 if taken else 1, "sql": statements,
    }  # fmt: skip


def _led(size: int, seconds: float, port: int, people: People) -> list[Life]:
    """Lead lives over `size` connections until the time is over; those begun are finished."""
    lives = [Life(people, _over_http(port)) for _ in range(size)]
    until = time.perf_counter() + seconds

    def lead(life: Life) -> None:
        while time.perf_counter() < until and not life.failures:
            life.lead()

    threads = [threading.Thread(target=lead, args=(life,)) for life in lives]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return lives


def _over_http(port: int) -> Send:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(address: str, body: str, headers: dict[str, str]) -> Sent:
        connection.request("POST", address, body.encode(), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())

    return send


def _forget() -> None:
    """Take what waits out of the outbox."""
    from wangge.audit.models import Outbox

    Outbox.objects.all().delete()


def _drained() -> int:
    """Wait until the worker has relayed all events; returns how many are left when it does not."""
    from wangge.audit.models import Outbox

    until = time.perf_counter() + DRAIN_SECONDS
    while (left := Outbox.objects.count()) and time.perf_counter() < until:
        time.sleep(0.1)
    return left
