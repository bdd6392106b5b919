"""The keys of an installation: made once, private, never replaced behind anybody's back."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wangge.common import secrets


def test_the_first_start_makes_two_different_private_keys(tmp_path: Path) -> None:
    keys = secrets.load(tmp_path)

    assert len(keys.sealing_key) == secrets.KEY_BYTES
    assert len(base64.b64decode(keys.secret_key)) == secrets.KEY_BYTES
    assert base64.b64decode(keys.secret_key) != keys.sealing_key
    for name in secrets.NAMES:
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_the_next_start_reads_the_same_keys(tmp_path: Path) -> None:
    assert secrets.load(tmp_path) == secrets.load(tmp_path)


def test_processes_starting_together_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(secrets.load, [tmp_path] * 8))

    assert len(set(keys)) == 1
    assert sorted(path.name for path in (tmp_path / "secrets").iterdir()) == sorted(secrets.NAMES)


def test_production_never_makes_keys_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_PRODUCTION", "1")

    with pytest.raises(secrets.MissingSecrets, match="wangge init"):
        secrets.load(tmp_path)

    secrets.create(tmp_path)  # what `wangge init` does
    assert secrets.load(tmp_path)


def test_a_key_may_live_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "credential"
    elsewhere.write_text(base64.b64encode(b"k" * 32).decode())
    monkeypatch.setenv("WANGGE_SEALING_KEY_FILE", str(elsewhere))

    assert secrets.load(tmp_path / "data").sealing_key == b"k" * 32


@pytest.mark.parametrize("content", ["not base64!", base64.b64encode(b"short").decode(), ""])
def test_a_damaged_key_is_refused_and_kept(content: str, tmp_path: Path) -> None:
    secrets.load(tmp_path)
    (tmp_path / "secrets" / "sealing_key").write_text(content)

    with pytest.raises(secrets.MissingSecrets, match="backup"):
        secrets.load(tmp_path)
    assert (tmp_path / "secrets" / "sealing_key").read_text() == content
