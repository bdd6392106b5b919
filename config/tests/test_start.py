"""What a web process loads before its first page: nothing that only a file or a printed sheet needs."""

import os
import subprocess
import sys

# Each takes longer to load than a page takes to draw; whoever needs one imports it in the function that does.
HEAVY = ("openpyxl", "reportlab", "pyogrio", "osmium", "spopt", "libpysal", "pandas", "scipy", "sklearn")
LOADED = """
import sys
from config import wsgi
from django.urls import get_resolver

get_resolver().url_patterns
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_the_web_starts_without_what_only_files_and_sheets_need() -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOADED, *HEAVY],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert said.stdout.split() == []
