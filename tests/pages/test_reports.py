"""A reader reports a mistake, keeps a code, and reads the answer under it."""

import os
import re
import subprocess
import sys

import httpx

from tests.servers import LiveServer


def portal_command(server: LiveServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from applicant_portal.cli import main; main()", *arguments]
    environment = {**os.environ, **server.environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_report_is_kept_listed_answered_and_read(portal: httpx.Client, live_server: LiveServer) -> None:
    sent = portal.post(
        "/report",
        data={"about": "/universities", "topic": "place", "message": "У списку бракує укриття ДБТУ."},
    )
    assert sent.status_code == 303
    status = sent.headers["location"]
    assert "Ще не відповіли" in portal.get(status).text
    code = status.rsplit("/", 1)[1]
    listed = portal_command(live_server, "reports", "list")
    assert code in listed.stdout
    assert "бракує укриття" in listed.stdout
    assert portal_command(live_server, "reports", "answer", code, "Додали з датою.").returncode == 0
    assert "Додали з датою." in portal.get(status).text
    assert code not in portal_command(live_server, "reports", "list").stdout


def test_an_answer_to_an_unknown_code_says_so(live_server: LiveServer) -> None:
    answered = portal_command(live_server, "reports", "answer", "nothing", "x")
    assert answered.returncode == 2
    assert "nothing" in answered.stderr


def test_a_short_report_comes_back_as_typed_with_one_sentence(portal: httpx.Client) -> None:
    page = portal.post("/report", data={"about": "/search", "topic": "price", "message": "ой"})
    assert page.status_code == 422
    assert "<title>Помилка:" in page.text
    assert ">ой</textarea>" in page.text
    assert re.search(r'value="price" checked', page.text)
    assert 'href="#message"' in page.text


def test_only_pages_of_this_site_can_be_reported(portal: httpx.Client) -> None:
    for about in ("https://evil.example", "//evil.example", "javascript:alert(1)"):
        assert about not in portal.get("/report", params={"about": about}).text
