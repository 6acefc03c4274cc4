"""People search and choose; the report says what they looked for, and nothing of anybody."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, text

from applicant_portal.app import create_app
from applicant_portal.kit.db import Database
from applicant_portal.preparing import prepare
from applicant_portal.settings import Settings
from tests.pages.test_reports import portal_command
from tests.servers import LiveServer

TIMES = 6


@pytest.fixture
def server(tmp_path: Path, database_url: str) -> Iterator[LiveServer]:
    """A portal of this test alone, in two processes."""
    environment = {"PORTAL_DATABASE_URL": database_url}
    with LiveServer(tmp_path / "own", environment=environment, arguments=("--workers", "2")) as live:
        yield live


def visit(server: LiveServer, path: str, **headers: str) -> str:
    """Open a page on a connection of its own, so that either process may answer."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = httpx.get(server.url + path, headers=sent, timeout=60)
    assert answer.status_code == 200
    return answer.text


def counts(database_url: str) -> list[dict[str, Any]]:
    database = Database(database_url)
    with database.read() as session:
        found = [dict(row) for row in session.execute(text("SELECT * FROM search_counts")).mappings()]
    database.dispose()
    return found


def report(server: LiveServer, *options: str) -> str:
    done = portal_command(server, "search", "report", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_people_search_and_choose_adds_up_over_processes_and_tells_of_nobody(
    server: LiveServer, database_url: str
) -> None:
    asked = "/search?q=кібербезпека"
    first = re.search(r'<h2 id="title-[^"]+"><a href="([^"]+)"', visit(server, asked, hx_request="true"))
    assert first is not None
    came_from = str(httpx.URL(server.url + asked))
    with ThreadPoolExecutor(4) as people:
        pages = [asked, "/en/search?q=Кібербезпека&sort=relevance", "/search?q=щщщщщщщ"] * TIMES
        pages += ["/search?q=рідкісний", "/search?q=ivan@example.com", "/search?q=067+123-45-67"] * (
            TIMES - 2
        )
        list(people.map(lambda page: visit(server, page), pages))
        list(people.map(lambda _: visit(server, first[1], referer=came_from), range(TIMES)))
        visit(server, "/api/v1/search?q=через+API")
        visit(server, asked + "&page=2")
        visit(server, asked, hx_request="true")
        visit(server, asked, cache_control="max-age=0")
    assert server.stop() is not None  # what waits in both processes is written now

    found = {row["query"]: row for row in counts(database_url)}
    assert {query: row["asked"] for query, row in found.items()} == {
        "кібербезпека": 2 * TIMES, "щщщщщщщ": TIMES, "рідкісний": TIMES - 2
    }  # fmt: skip
    known = found["кібербезпека"]
    assert (known["outcome"], known["chosen_1_3"], known["chosen_4_10"]) == ("found", TIMES, 0)
    assert known["hits"] > 20

    told = json.loads(report(server, "--json"))
    assert [row["query"] for row in told["not_found"]] == ["щщщщщщщ"]
    assert told["most_asked"][0]["chosen"] == {"1-3": TIMES, "4-10": 0, "11+": 0, "none": TIMES}
    assert told["rare_queries"] == 1
    for output in (report(server), report(server, "--json"), report(server, "--days", "90")):
        assert "рідкісний" not in output
        assert "щщщщщщщ" in output


def test_a_counted_search_makes_no_statement_on_its_way(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, kept_pages=False)
    prepare(settings)
    client = TestClient(create_app(settings))
    assert client.get("/search?q=python").status_code == 200  # names are read once for each generation
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert "ібербезпек" in client.get("/search?q=кібербезпека").text
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert statements == []


def test_the_privacy_page_says_what_is_counted_and_for_how_long(portal: httpx.Client) -> None:
    assert "90 днів" in portal.get("/privacy").text.replace("\u00a0", " ")
    assert "90 days" in portal.get("/en/privacy").text.replace("\u00a0", " ")


def test_the_report_of_an_empty_log_is_empty(live_server: LiveServer) -> None:
    told = json.loads(report(live_server, "--json", "--days", "1"))
    assert set(told) == {"days", "fewest", "not_found", "not_chosen", "most_asked", "rare_queries"}
    assert portal_command(live_server, "search", "report", "--days", "91").returncode == 2
