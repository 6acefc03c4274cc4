"""A made-up catalogue says so on every page, and is never mixed with the real one."""

import os
import subprocess
from pathlib import Path

import httpx

from tests.importers.test_commands import PORTAL, portal
from tests.servers import LiveServer


def test_every_page_of_a_synthetic_catalogue_says_that_it_is_made_up(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    assert portal(data_dir, "demo", "generate", "--listings", "60").returncode == 0
    with LiveServer(data_dir) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        assert client.get("/api/v1/search").json()["total"] == 60
        url = client.get("/api/v1/search").json()["hits"][0]["url"]
        for address in ("/", "/search", "/universities", "/professions", url, "/nothing"):
            assert "Вигаданий каталог" in client.get(address).text
        assert 'class="banner"' in client.get("/en").text


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PORTAL, "serve"],
        env={**os.environ, "PORTAL_DATA_DIR": str(tmp_path), "PORTAL_WORKERS": "many"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
