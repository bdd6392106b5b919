"""Independent programs that speak GeoReport v2, driven against a running server as their authors meant them."""

import datetime
import itertools
import json
import shutil
import subprocess
import zoneinfo
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from wangge.intake.channels.open311.tests.conftest import PLAIN
from wangge.intake.conftest import Endpoint

# What the clients' own code warns of is not ours to mend.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
COVER = {"attribute[cover_danger]": "yes", "attribute[cover_problem][]": ["cracked", "sunk"]}


def three(endpoint: Endpoint, **more: Any) -> Any:
    itertools.ifilter = filter  # type: ignore[attr-defined]  # three 0.8.0 was written for Python 2
    from three import Three

    return Three(f"{endpoint.url}/", api_key=more.pop("api_key", endpoint.key), format="json", **more)


@pytest.mark.parametrize("notation", ["json", "xml"])
def test_georeport_reads_services_definitions_and_requests(endpoint: Endpoint, notation: str) -> None:
    from georeport import GeoReport

    for _ in range(2):  # its XML reading needs two to see a list
        three(endpoint).post(PLAIN, lat=32.905, long=118.905, description="垃圾没人清")
    client = GeoReport(endpoint.url, output_format=notation, jurisdiction="city.example")
    assert PLAIN in [service["service_code"] for service in client.get_service_list()]
    definition = client.get_service_definition("01001")
    assert "cover_problem" in json.dumps(definition)
    requests = client.get_service_requests(status="open,closed")
    assert len(requests) == 2
    assert client.get_service_request(requests[0]["service_request_id"])["status"] == "open"


def test_three_posts_with_attributes_and_a_photo_and_reads_back(endpoint: Endpoint, tmp_path: Path) -> None:
    from PIL import Image

    client = three(endpoint, jurisdiction="city.example")
    photo = tmp_path / "cover.jpg"
    Image.new("RGB", (40, 30), "grey").save(photo)
    with photo.open("rb") as media:
        [posted] = client.post(
            "01001", lat=32.905, long=118.905, address="人民路12号", name="San Zhang", phone="13800000000",
            description="井盖破损", media=media, **COVER,
        )  # fmt: skip
    number = posted["service_request_id"]
    [request] = client.request(number)
    assert (request["service_code"], request["status"]) == ("01001", "open")
    assert number in [r["service_request_id"] for r in client.requests("01001")]
    assert "San" not in json.dumps(request)
    [service] = [s for s in client.services() if s["service_code"] == "01001"]
    assert service["metadata"] is True
    assert client.services("01001")["attributes"][0]["order"] == 1
    assert client.discovery(f"{endpoint.site}/open311/discovery.json")
    from wangge.attachments.models import Attachment

    assert Attachment.objects.get().name == "cover.jpg"


def test_three_is_told_403_for_a_wrong_key(endpoint: Endpoint) -> None:
    client = three(endpoint, api_key="wrong")
    [error] = client.post(PLAIN, lat=32.905, long=118.905)
    assert client.post_response.status_code == 403
    assert error["code"] == 403


def test_three_follows_the_discovery_and_asks_for_a_token(endpoint: Endpoint) -> None:
    client = three(endpoint, discovery=f"{endpoint.site}/open311/discovery.json")
    [told] = client.discovery()["endpoints"]
    assert told["url"] == endpoint.url
    [posted] = client.post(PLAIN, lat=32.905, long=118.905, description="垃圾")
    code = posted["service_notice"].split("/m/")[1][:10]
    assert client.token(code) == [{"service_request_id": posted["service_request_id"], "token": code}]


def test_chicagorequests_pages_through_a_day(endpoint: Endpoint) -> None:
    import chicagorequests

    posted = {
        three(endpoint).post(PLAIN, lat=32.905, long=118.905, description=f"垃圾{n}")[0]["service_request_id"]
        for n in range(3)
    }
    chicagorequests.Downloader.BASE_URL = f"{endpoint.url}/requests.json"
    today = datetime.datetime.combine(datetime.datetime.now(SHANGHAI).date(), datetime.time.min, SHANGHAI)
    day = (today, today + datetime.timedelta(days=1))
    got = chicagorequests.Downloader(request_type=[PLAIN])(day)
    assert {r["service_request_id"] for r in got} == posted
    changed = chicagorequests.Downloader(
        request_type=[PLAIN], updated_start_date=day[0].isoformat(), updated_end_date=day[1].isoformat()
    )(day)
    assert {r["service_request_id"] for r in changed} == posted


def test_the_node_client_discovers_posts_and_reads(endpoint: Endpoint) -> None:
    node = shutil.which("node")
    if node is None or not (Path(settings.BASE_DIR) / "node_modules" / "open311").exists():
        pytest.skip("The Node client needs node and `npm install` in this folder.")
    script = Path(__file__).parent / "node_client.cjs"
    done = subprocess.run(
        [node, str(script), endpoint.site, endpoint.key],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["endpoint"] == f"{endpoint.url}/"
    assert told["services"] > 200
    assert told["definition"] == ["cover_problem", "cover_danger", "cover_mark"]
    assert told["one"] == told["posted"]
    assert told["several"] == [told["posted"]]
    assert told["closed"] == []
    assert told["token"] == told["posted"]
    assert told["refused"] == 400
