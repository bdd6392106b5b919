"""The API against its own OpenAPI document: made-up calls bring no failure and no undocumented answer."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.test import Client

from wangge.cases.workflow import Stage
from wangge.intake.conftest import Endpoint

pytestmark = pytest.mark.slow

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
TOKEN = "a" * 32


def test_the_document_is_openapi_3_1_and_names_every_refusal(endpoint: Endpoint) -> None:
    with urlopen(f"{endpoint.site}/api/v1/openapi.json") as response:
        document = json.load(response)
    assert document["openapi"].startswith("3.1")
    assert {"401", "403", "404", "409", "422"} <= set(
        document["paths"]["/api/v1/cases/{number}/steps/{verb}"]["post"]["responses"]
    )


@pytest.mark.once
def test_made_up_calls_bring_only_documented_answers(endpoint: Endpoint, tmp_path: Path) -> None:
    for stage in (Stage.FILED, Stage.HANDLING, Stage.CLOSED):
        endpoint.cast.case_at(stage)
    client = Client()
    client.force_login(endpoint.cast.duty_chief)
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"{endpoint.site}/api/v1/openapi.json",
            "--checks", CHECKS, "--max-examples", "10", "--phases", "examples,coverage,fuzzing", "--workers", "1",
            "--generation-database", "none", "--seed", "1", "--no-color",
            "-H", f"Cookie: {cookies}", "-H", f"X-CSRFToken: {TOKEN}", "-H", f"Authorization: Bearer {endpoint.key}",
        ],
        capture_output=True, text=True, check=False, cwd=tmp_path, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
