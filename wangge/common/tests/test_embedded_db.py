"""The embedded database keeps what it acknowledged, whatever is killed, and leaves nothing running."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from wangge.common import embedded_db, postgres_binaries, postgres_cluster
from wangge.common.postgres_binaries import DatabaseUnavailable
from wangge.common.server_account import can_enter

pytestmark = pytest.mark.slow

WRITER = """
import sys
from pathlib import Path
import psycopg
from wangge.common import embedded_db
with embedded_db.using(Path(sys.argv[1])) as place, psycopg.connect(place.url, autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
    for number in range(1_000_000):
        connection.execute("INSERT INTO kept VALUES (%s)", [number])
        print(number, flush=True)
"""
HOLDER = """
import sys, time
from pathlib import Path
from wangge.common import embedded_db
with embedded_db.{how} as place:
    print(place.data_dir, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a server keeps, made once: to make it takes much longer than all that is asked here."""
    kept = tmp_path_factory.mktemp("made") / "postgres"
    with embedded_db.temporary() as place:
        embedded_db.keep(place, kept)
    return kept


@pytest.fixture
def new_dir() -> Iterator[Path]:
    """A data directory in which no server has been."""
    # Not tmp_path: pytest closes its folder to other accounts, and for root the server runs under one.
    directory = Path(tempfile.mkdtemp(prefix="wangge-lifecycle-"))
    directory.chmod(0o711)
    yield directory
    embedded_db.stop(embedded_db.place_of(directory))
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def data_dir(new_dir: Path, made: Path) -> Path:
    """A data directory whose server has run before."""
    postgres_cluster.copy(made, embedded_db.place_of(new_dir).cluster)
    return new_dir


def start(program: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True)


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def end(process: "subprocess.Popen[str]") -> str:
    process.kill()
    output, _ = process.communicate()
    return output


def kill_writer_and_server(data_dir: Path) -> list[int]:
    """Let a writer commit for a moment, kill -9 it and the server, and return the numbers it was promised."""
    writer = start(WRITER, str(data_dir))
    assert writer.stdout is not None
    promised = [int(writer.stdout.readline()) for _ in range(50)]
    os.kill(postmaster(data_dir), signal.SIGKILL)
    return promised + [int(line) for line in end(writer).splitlines()]


def test_no_acknowledged_row_is_lost_when_everything_is_killed(data_dir: Path) -> None:
    promised = kill_writer_and_server(data_dir)

    with embedded_db.using(data_dir) as place, psycopg.connect(place.url) as connection:
        kept = {number for (number,) in connection.execute("SELECT number FROM kept")}

    assert set(promised) <= kept


def test_a_server_left_by_a_killed_supervisor_is_adopted_and_stopped_at_the_end(data_dir: Path) -> None:
    holder = start(HOLDER.format(how="using(Path(sys.argv[1]))"), str(data_dir))
    assert holder.stdout is not None
    holder.stdout.readline()
    orphan = postmaster(data_dir)
    end(holder)
    assert is_alive(orphan)

    with embedded_db.using(data_dir):
        assert postmaster(data_dir) == orphan

    assert eventually(lambda: not is_alive(orphan))
    assert not embedded_db.is_running(data_dir)


def test_the_last_to_leave_stops_the_server(data_dir: Path) -> None:
    with embedded_db.using(data_dir):
        with embedded_db.using(data_dir) as place, psycopg.connect(place.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert embedded_db.is_running(data_dir)
    assert not embedded_db.is_running(data_dir)


def test_a_pid_file_naming_somebody_elses_process_does_not_keep_the_server_down(data_dir: Path) -> None:
    with embedded_db.using(data_dir):
        text = (data_dir / "postgres" / "postmaster.pid").read_text()
    stale = "\n".join([str(os.getppid()), *text.splitlines()[1:]])
    (data_dir / "postgres" / "postmaster.pid").write_text(stale)

    with embedded_db.using(data_dir):
        assert postmaster(data_dir) != os.getppid()


def test_a_dying_server_still_listed_as_ready_is_waited_out_and_started_anew(data_dir: Path) -> None:
    with embedded_db.using(data_dir) as place:
        text = (place.cluster / "postmaster.pid").read_text()
    dying = subprocess.Popen(["sleep", "0.5"], cwd=place.cluster)  # works in the cluster, answers nobody
    listed = [str(dying.pid), *text.splitlines()[1:7], "ready", ""]
    (place.cluster / "postmaster.pid").write_text("\n".join(listed))

    with embedded_db.using(data_dir) as place, psycopg.connect(place.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postmaster(data_dir) != dying.pid
    dying.wait()


def test_half_a_cluster_left_by_a_kill_is_made_anew(new_dir: Path) -> None:
    (new_dir / "postgres.draft").mkdir()
    (new_dir / "postgres.draft" / "PG_VERSION").write_text("18")

    with embedded_db.using(new_dir) as place, psycopg.connect(place.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_chinese_is_ordered_and_folded_the_same_on_every_machine(new_dir: Path) -> None:
    with embedded_db.using(new_dir) as place, psycopg.connect(place.url) as connection:
        found = connection.execute(
            "SELECT current_setting('server_encoding'), lower('É'), '网格员' ~ '^[[:alpha:]]+$', 'B' < 'a'"
        ).fetchone()

    assert found == ("UTF8", "é", True, True)


def test_only_the_owner_can_reach_the_server(data_dir: Path) -> None:
    with embedded_db.using(data_dir) as place, psycopg.connect(place.url) as connection:
        assert place.socket_dir.stat().st_mode & 0o077 == 0
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_socket_folder_made_by_somebody_else_is_refused(new_dir: Path) -> None:
    (new_dir / "socket").mkdir(mode=0o755)

    with pytest.raises(DatabaseUnavailable, match="made by somebody else"), embedded_db.using(new_dir):
        pass


def test_a_path_too_long_for_a_socket_gets_a_short_one_elsewhere(new_dir: Path, made: Path) -> None:
    deep = new_dir.joinpath(*["a-rather-long-folder-name"] * 5)
    deep.mkdir(parents=True)
    postgres_cluster.copy(made, embedded_db.place_of(deep).cluster)

    with embedded_db.using(deep) as place, psycopg.connect(place.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(str(place.socket_dir)) < 100
    shutil.rmtree(place.socket_dir)


def test_settings_of_ours_yield_to_those_of_the_installation(data_dir: Path) -> None:
    with embedded_db.using(data_dir) as place, psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET work_mem = '33MB'")

    with embedded_db.using(data_dir) as place, psycopg.connect(place.url) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("33MB",)


def test_a_temporary_server_dies_with_its_process_and_leaves_no_folder_when_it_ends_well() -> None:
    with embedded_db.temporary() as place:
        assert place.cluster.exists()
    assert not place.data_dir.exists()


def test_a_temporary_server_begins_with_what_another_kept(tmp_path: Path, made: Path) -> None:
    kept = tmp_path / "kept"
    with embedded_db.temporary(like=made) as place:
        with psycopg.connect(place.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE words AS SELECT '网格' AS word")
        embedded_db.keep(place, kept)

    with embedded_db.temporary(like=kept) as place, psycopg.connect(place.url) as connection:
        assert connection.execute("SELECT word FROM words").fetchall() == [("网格",)]
    assert [found.name for found in tmp_path.iterdir()] == ["kept"]


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells children of their parent's death"
)
def test_a_temporary_server_does_not_outlive_a_killed_process(made: Path) -> None:
    holder = start(HOLDER.format(how="temporary(like=Path(sys.argv[1]))"), str(made))
    assert holder.stdout is not None
    directory = Path(holder.stdout.readline().strip())
    server = postmaster(directory)
    end(holder)

    assert eventually(lambda: not is_alive(server))
    shutil.rmtree(directory)


def test_data_of_a_version_that_is_not_installed_is_refused_with_advice() -> None:
    with pytest.raises(DatabaseUnavailable, match="written by PostgreSQL 9"):
        postgres_binaries.find(9)


def test_the_newest_programs_are_found_and_say_their_version() -> None:
    binaries = postgres_binaries.find()

    assert binaries.major >= postgres_binaries.OLDEST
    assert binaries.program("initdb").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
def test_root_runs_the_server_as_nobody_even_from_a_closed_home() -> None:
    closed = Path(tempfile.mkdtemp(prefix="wangge-closed-"))  # 0700, like root's home
    assert not can_enter(closed)
    try:
        with embedded_db.using(closed / "var") as place, psycopg.connect(place.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            assert Path(f"/proc/{postmaster_of(place)}").stat().st_uid != 0
    finally:
        for folder in (closed, place.home, place.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)


def postmaster_of(place: embedded_db.Place) -> int:
    return int((place.cluster / "postmaster.pid").read_text().splitlines()[0])


def test_the_servers_own_log_repeats_no_row_it_refused(made: Path) -> None:
    with embedded_db.temporary(like=made) as place, psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (phone text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('13812341234')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('13812341234')")
        written = place.log.read_text()
    assert "duplicate key value" in written
    assert "13812341234" not in written
