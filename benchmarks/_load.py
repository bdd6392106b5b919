"""Load over HTTP: `wrk` where it is installed, else a small generator in Python, which costs the server more CPU."""

import http.client
import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np


@dataclass(frozen=True)
class Load:
    """What one run of load brought: answers a second, latencies in milliseconds, what went wrong."""

    tool: str
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: int


SCRIPT = """
local bodies = {}
for line in io.lines("%(bodies)s") do bodies[#bodies + 1] = line end
local at = 0
function setup(thread) at = at + 1; thread:set("seed", at) end
local turn
request = function()
  turn = (turn or seed * 7919) + 1
  return wrk.format("POST", nil, nil, bodies[turn %% #bodies + 1])
end
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"requests": %%d, "duration_us": %%d, "p50": %%f, "p95": %%f, "p99": %%f, "errors": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def post_forms(url: str, bodies: Sequence[str], *, connections: int, seconds: float) -> Load:
    """Post the form bodies in turn over so many connections for so many seconds."""
    wrk = shutil.which("wrk")
    if wrk:
        return _with_wrk(wrk, url, bodies, connections, seconds)
    return _with_python(url, bodies, connections, seconds)


def _with_wrk(wrk: str, url: str, bodies: Sequence[str], connections: int, seconds: float) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bodies").write_text("\n".join(bodies) + "\n")
        script = Path(folder) / "post.lua"
        script.write_text(SCRIPT % {"bodies": Path(folder) / "bodies"})
        command = [wrk, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(script), url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    [line] = [line for line in said.splitlines() if line.startswith("RESULT ")]
    told = json.loads(line.removeprefix("RESULT "))
    rate = told["requests"] / told["duration_us"] * 1e6
    return Load("wrk", told["requests"], rate, told["p50"], told["p95"], told["p99"], told["errors"])


def _with_python(url: str, bodies: Sequence[str], connections: int, seconds: float) -> Load:
    taken: list[float] = []
    failures: list[int] = []
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(
            target=_post_until, args=(url, bodies[place::connections] or bodies, until, taken, failures)
        )
        for place in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p50, p95, p99 = (float(value) for value in np.percentile(taken or [0.0], [50, 95, 99]) * 1000)
    return Load("Python threads", len(taken), len(taken) / seconds, p50, p95, p99, len(failures))


def _post_until(
    url: str, bodies: Sequence[str], until: float, taken: list[float], failures: list[int]
) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in cycle(bodies):
        start = time.perf_counter()
        if start > until:
            return
        connection.request("POST", parts.path, body, headers)
        response = connection.getresponse()
        response.read()
        taken.append(time.perf_counter() - start)
        if response.status != 200:
            failures.append(response.status)
