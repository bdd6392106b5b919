"""Every act that the program writes into the access log has words."""

import re
from pathlib import Path

from django.conf import settings

from wangge.audit.acts import ACTS

WRITTEN = re.compile(r"""record_access\(\s*"([a-z_.]+)"\s*,""")


def test_each_act_that_is_written_has_words() -> None:
    written = {act for path in _sources() for act in WRITTEN.findall(path.read_text(encoding="utf-8"))}
    assert len(written) > 15
    assert written - set(ACTS) == set()


def _sources() -> list[Path]:
    return [path for path in (settings.BASE_DIR / "wangge").rglob("*.py") if "tests" not in path.parts]
