"""What somebody answers stands in the tables of the questionnaire under a hash, and nowhere else at all."""

import re
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, inspect, text

from applicant_portal.advisor import codes
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from tests.pages.test_questionnaire import HOME, Page, Visitor, cards
from tests.pages.test_reports import portal_command
from tests.seeded import Templates
from tests.servers import LiveServer

ROLES = ("electronic-warfare", "sonar")
ANSWERS: dict[str, Sequence[str]] = {
    "who": ["veteran"],
    "roles": ROLES,
    "place": ["Тернопіль"],
    "accessibility": ["hearing", "own_pace"],
    "routes": ["war_disability", "quota_2"],
}
SOUGHT = "перламутровий мавікіст"
TYPED = "zzzz-перлина"
NOT_A_ROLE = "secret-unit-77"
OWN_TABLES = {"questionnaires", "path_events"}

REFUSE = {
    # On SQLite the second reads as a database that is away; on PostgreSQL its error repeats the whole row.
    "sqlite": (
        "CREATE TRIGGER refuse BEFORE UPDATE ON questionnaires BEGIN SELECT RAISE(ABORT, 'refused'); END",
        "CREATE TRIGGER refuse BEFORE UPDATE ON questionnaires BEGIN INSERT INTO nowhere VALUES (1); END",
    ),
    "postgresql": (
        """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
           CREATE TRIGGER refuse BEFORE UPDATE ON questionnaires FOR EACH ROW EXECUTE FUNCTION refuse()""",
        "ALTER TABLE questionnaires ADD CONSTRAINT refused CHECK (passed::text LIKE '%refused%') NOT VALID",
    ),
}


@pytest.fixture
def server(tmp_path: Path, database_url: str, templates: Templates) -> Iterator[LiveServer]:
    """A portal of this test alone."""
    folder = templates.portal(tmp_path / "own", database_url)
    with LiveServer(folder, environment={"PORTAL_DATABASE_URL": database_url}) as live:
        yield live


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    database = Database(database_url)
    yield database.engine
    database.dispose()


def secrets_of(server: LiveServer, code: str) -> list[str]:
    """What must not be found: the code, however written, its hash, words that were typed, answers."""
    owner = codes.hashed(code, Settings(data_dir=server.data_dir).signing_secret)
    said = [value for values in ANSWERS.values() for value in values if value not in ("veteran", "Тернопіль")]
    return [code, codes.shown(code), owner, *SOUGHT.split(), "перлина", NOT_A_ROLE, *said]


def answer_all(one: Visitor) -> list[httpx.Response]:
    """Go through all questions; the answers of the server."""
    sent = []
    while one.at != f"{HOME}/result":
        page = one.page()
        values = ANSWERS.get(page.asked)
        sent.append(one.answer(*values) if values else one.answer(act="skip"))
        assert sent[-1].status_code == 303
        if page.asked == "who":
            sent.append(one.answer("infantry", NOT_A_ROLE))
            assert sent[-1].status_code == 422
            sent.append(one.post(one.at, asked="roles", value=list(ROLES), act="find", words=SOUGHT))
            assert Page(sent[-1].text).typed("words") == SOUGHT
    return sent


def found_in(told: str | bytes, secrets: Sequence[str]) -> list[str]:
    text = told if isinstance(told, str) else told.decode("utf-8", "replace")
    return [secret for secret in secrets if secret in text]


def test_a_whole_walk_leaves_nothing_in_logs_addresses_metrics_other_tables_or_a_backup(
    server: LiveServer, engine: Engine, tmp_path: Path
) -> None:
    one = Visitor(server).begin()
    code = one.code
    assert code is not None
    secrets = secrets_of(server, code)
    sent = answer_all(one)
    sent.append(one.post(f"{HOME}/consent", agree="yes"))
    listing = cards(one.result())[0]
    sent += [
        one.get(f"{HOME}/paths/{listing}"),
        one.get(f"{HOME}/answers"),
        one.post(f"{HOME}/hide", listing=listing),
        one.post(f"{HOME}/2", asked="roles", value=list(ROLES), act="next", changing="true"),
        Visitor(server).post(f"{HOME}/resume", code=code),
        Visitor(server).post(f"{HOME}/resume", code=TYPED),
    ]
    for body in ({"answers": ANSWERS}, {"answers": {"who": "veteran", "roles": [NOT_A_ROLE]}}):
        httpx.post(f"{server.url}/api/v1/recommendations", json=body, timeout=60)

    addresses = [str(answer.request.url) for answer in sent]
    addresses += [answer.headers["location"] for answer in sent if "location" in answer.headers]
    assert found_in("\n".join(addresses), secrets) == []
    assert all(re.fullmatch(r"[\w./:#-]+", address) for address in addresses)

    metrics = httpx.get(f"{server.url}/metrics", timeout=60).text
    assert f'route="{HOME}/{{number}}"' in metrics
    assert found_in(metrics, [*secrets, listing, "veteran"]) == []

    backup = portal_command(server, "backup", str(tmp_path / "copy.tar.gz"))
    assert backup.returncode == 0, backup.stderr
    # The catalogue itself speaks of some doors and needs; nobody's roles, words or code are in it.
    nobodys = [secret for secret in secrets if secret not in (*ANSWERS["accessibility"], *ANSWERS["routes"])]
    assert found_in(backup.stdout + backup.stderr, secrets) == []
    with tarfile.open(tmp_path / "copy.tar.gz") as archive:
        names = [member.name for member in archive.getmembers()]
        assert not [name for name in names for table in OWN_TABLES if table in name]
        for member in archive.getmembers():
            file = archive.extractfile(member)
            if file is not None:
                assert found_in(file.read(), nobodys) == [], member.name

    assert server.stop() is not None  # what waits for the search log is written now
    assert found_in(server.log.read_bytes(), secrets) == []
    with engine.connect() as connection:
        for table in set(inspect(connection).get_table_names()) - OWN_TABLES:
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                assert found_in(repr(dict(row)), nobodys) == [], table
        own = "".join(
            repr(connection.execute(text(f'SELECT * FROM "{table}"')).all()) for table in sorted(OWN_TABLES)
        )
    assert found_in(own, [code, codes.shown(code), *SOUGHT.split(), NOT_A_ROLE]) == []
    assert ROLES[0] in own
    for path in server.data_dir.rglob("*"):
        if path.is_file():
            assert found_in(path.read_bytes(), [code, codes.shown(code), SOUGHT, NOT_A_ROLE]) == [], path


@pytest.mark.parametrize("way", [0, 1])
def test_a_write_that_fails_tells_the_log_nothing_of_the_answers(
    server: LiveServer, engine: Engine, way: int
) -> None:
    one = Visitor(server).begin()
    code = one.code
    assert code is not None
    answer_all(one)
    with engine.begin() as connection:
        connection.execute(text(REFUSE[engine.dialect.name][way].replace(":", r"\:")))
    data: dict[str, Any] = {"asked": "roles", "value": list(ROLES), "act": "next"}
    for path in (f"{HOME}/2", f"{HOME}/consent"):
        sent = {"cookie": f"questionnaire={code}", "connection": "close"}
        failed = httpx.post(server.url + path, data={**data, "agree": "yes"}, headers=sent, timeout=60)
        assert failed.status_code in (500, 503)
        assert found_in(failed.text, secrets_of(server, code)) == []
    server.stop()
    told = server.log.read_text()
    assert "refuse" in told or "nowhere" in told
    assert found_in(told, secrets_of(server, code)) == []
