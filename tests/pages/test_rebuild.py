"""`portal index rebuild` while people search: no error page, no empty catalogue."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.seeded import Templates
from tests.servers import LiveServer


@pytest.mark.slow
def test_searches_go_on_while_the_index_is_rebuilt(tmp_path: Path, templates: Templates) -> None:
    with LiveServer(templates.portal(tmp_path / "data"), arguments=("--workers", "2")) as server:
        wrong: list[str] = []
        asked = 0
        stop = threading.Event()

        def search() -> None:
            nonlocal asked
            with httpx.Client(base_url=server.url, timeout=30) as client:
                while not stop.is_set():
                    answer = client.get("/api/v1/search", params={"q": "кібербезпека"})
                    page = client.get("/search")
                    asked += 1
                    if answer.status_code != 200 or answer.json()["total"] == 0 or page.status_code != 200:
                        wrong.append(answer.text[:200])

        people = [threading.Thread(target=search) for _ in range(3)]
        for person in people:
            person.start()
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", "from applicant_portal.cli import main; main()", "index", "rebuild"],
                env={**os.environ, **server.environment},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        stop.set()
        for person in people:
            person.join()
        assert asked > 10
        assert not wrong
