"""`portal user create` and `portal key create`."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from applicant_portal.accounts import keys, queries, service
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.cli import main
from applicant_portal.kit.db import Database
from tests.accounts.conftest import NOW, PASSWORD


@pytest.fixture
def portal(
    database: Database, database_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> CliRunner:
    monkeypatch.setenv("PORTAL_DATA_DIR", str(data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_url)
    monkeypatch.setenv("PORTAL_BASE_URL", "https://vstup.example")
    return CliRunner()


def run(portal: CliRunner, *arguments: str) -> Result:
    return portal.invoke(main, arguments)


def test_a_new_person_gets_a_link_that_works_once(
    portal: CliRunner, database: Database, passwords: Passwords
) -> None:
    done = run(portal, "user", "create", " Owner@KNU.example", "--role", "owner", "--institution", "101")
    assert done.exit_code == 0
    assert done.stderr == ""
    link = re.fullmatch(r"https://vstup\.example/ticket/([\w-]{43})\n", done.stdout)
    assert link is not None
    with database.read() as session:
        person = queries.person_by_email(session, "owner@knu.example")
        assert person is not None
        assert queries.roles(session, person.id) == {1: "owner"}
        ticket = queries.ticket(session, link[1], NOW)
    assert ticket is not None
    assert service.accept(database, passwords, token=link[1], password=PASSWORD, now=ticket[0].made_at)

    again = run(portal, "user", "create", "owner@knu.example", "--role", "editor", "--institution", "102")
    assert again.exit_code == 0
    assert again.stdout == ""
    assert "вже має обліковий запис" in again.stderr
    with database.read() as session:
        assert queries.roles(session, person.id) == {1: "owner", 2: "editor"}

    last = run(portal, "user", "create", "owner@knu.example", "--role", "editor", "--institution", "101")
    assert last.exit_code == 2
    assert "єдиний власник" in last.stderr


def test_staff_belong_to_no_institution(portal: CliRunner, database: Database) -> None:
    assert run(portal, "user", "create", "s@p.example", "--role", "staff").exit_code == 0
    with database.read() as session:
        person = queries.person_by_email(session, "s@p.example")
        assert person is not None
        assert person.is_staff


@pytest.mark.parametrize(
    "arguments",
    [
        ("user", "create", "nobody", "--role", "staff"),
        ("user", "create", "a@b.ua", "--role", "owner"),
        ("user", "create", "a@b.ua", "--role", "staff", "--institution", "101"),
        ("user", "create", "a@b.ua", "--role", "owner", "--institution", "999"),
        ("key", "create", "--institution", "999"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_two(
    portal: CliRunner, database: Database, arguments: tuple[str, ...]
) -> None:
    done = run(portal, *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    with database.read() as session:
        assert queries.person_by_email(session, "a@b.ua") is None


def test_a_key_is_printed_alone_and_works(portal: CliRunner, database: Database) -> None:
    done = run(portal, "key", "create", "--institution", "102", "--name", "сайт")
    assert done.exit_code == 0
    assert done.stderr == ""
    with database.read() as session:
        key = keys.key_of(session, done.stdout.removesuffix("\n"))
    assert key is not None
    assert (key.institution_id, key.name, key.scopes, key.made_by) == (2, "сайт", ["read", "write"], None)
