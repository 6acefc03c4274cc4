"""Members are reminded by letter of what has aged: rarely, about their own, and never twice."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from applicant_portal.accounts import reminders, service
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.mail import Mailer
from applicant_portal.accounts.models import AuditEntry, Person, Reminder
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.catalogue.models import Listing
from applicant_portal.cli import main
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from applicant_portal.workspace import reminding
from applicant_portal.workspace import service as service_of_listings
from applicant_portal.workspace.reminding import Outcome
from tests.accounts.conftest import CountingHasher, come
from tests.workspace.made_up import NOW, OFFICER, OWN, RIVAL, fill

OWNER, EDITOR, RIVALS = "owner@a.example", "editor@a.example", "owner@b.example"
BASE = "https://vstup.example"


@pytest.fixture
def database(empty_catalogue: Database) -> Database:
    """One listing of institution A, whose facts are of last year; people of A and of B."""
    fill(empty_catalogue)
    cheap = Passwords(CountingHasher())
    come(empty_catalogue, cheap, OWNER, OWN)
    come(empty_catalogue, cheap, EDITOR, OWN, "editor")
    come(empty_catalogue, cheap, RIVALS, RIVAL)
    return empty_catalogue


@pytest.fixture
def mailer(data_dir: Path) -> Mailer:
    return Mailer(Settings(data_dir=data_dir, base_url=BASE))


def letters(data_dir: Path) -> dict[str, EmailMessage]:
    """By address; nobody has two."""
    files = sorted((data_dir / "mail").glob("*.eml"))
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    by_address = {str(one["To"]): one for one in found}
    assert len(by_address) == len(found)
    return by_address


def addresses(database: Database, now: Any = NOW) -> Sequence[str]:
    with database.read() as session:
        return [one.email for one in reminding.letters(session, now)]


def person(database: Database, email: str) -> int:
    with database.read() as session:
        return session.scalars(select(Person.id).where(Person.email == email)).one()


def test_the_people_of_an_institution_are_told_what_has_aged_there(
    database: Database, mailer: Mailer, data_dir: Path
) -> None:
    assert reminding.send(database, mailer, NOW) == Outcome(2, 0, 0)
    found = letters(data_dir)
    assert set(found) == {OWNER, EDITOR}
    body = found[OWNER].get_content()
    assert "УА\n- відомості давно ніхто не підтверджував: 1\n" in body
    assert f"{BASE}/workspace\n" in body
    assert f"{BASE}/account\n" in body
    assert "УБ" not in body


def test_a_letter_is_in_the_language_that_access_was_asked_in(
    database: Database, mailer: Mailer, data_dir: Path
) -> None:
    with database.write() as session:
        for lang in ("uk", "en"):
            service.ask_access(
                session, institution_id=OWN, institution_text="", email=OWNER, message="", lang=lang, now=NOW
            )
    reminding.send(database, mailer, NOW)
    found = letters(data_dir)
    assert "not confirmed by anybody for long: 1" in found[OWNER].get_content()
    assert f"{BASE}/en/workspace\n" in found[OWNER].get_content()
    assert f"{BASE}/workspace\n" in found[EDITOR].get_content()


def test_what_was_confirmed_lately_or_is_not_on_the_site_brings_no_letter(database: Database) -> None:
    assert addresses(database) == [OWNER, EDITOR]
    with database.write() as session:
        ids = session.scalars(select(Listing.id)).all()
        service_of_listings.confirm(
            session, OFFICER, service_of_listings.find_all(session, OFFICER, ids, to_change=True), NOW
        )
    assert addresses(database) == []
    later = NOW + timedelta(days=100)
    assert addresses(database, later) == [OWNER, EDITOR]
    with database.write() as session:
        session.execute(update(Listing).values(visibility="draft"))
    assert addresses(database, later) == []


def test_who_cannot_sign_in_or_does_not_want_letters_gets_none(database: Database) -> None:
    with database.write() as session:
        service.invite(session, "later@a.example", OWN, "editor", by=COMMAND, now=NOW)
        reminders.choose(session, person(database, OWNER), wanted=False, now=NOW)
        service.disable(session, person(database, EDITOR), by=COMMAND, now=NOW)
    assert addresses(database) == []
    with database.write() as session:
        reminders.choose(session, person(database, OWNER), wanted=True, now=NOW)
    assert addresses(database) == [OWNER]


def test_nobody_is_written_to_again_within_thirty_days(database: Database, mailer: Mailer) -> None:
    assert reminding.send(database, mailer, NOW).sent == 2
    assert reminding.send(database, mailer, NOW + timedelta(days=29)).sent == 0
    # Saying no and yes again starts no new month.
    with database.write() as session:
        for wanted in (False, True):
            reminders.choose(session, person(database, OWNER), wanted=wanted, now=NOW)
    assert addresses(database, NOW + timedelta(days=29)) == []
    assert reminding.send(database, mailer, NOW + timedelta(days=30)).sent == 2


def test_whoever_is_killed_while_a_letter_goes_writes_to_nobody_twice(
    database: Database, mailer: Mailer, data_dir: Path
) -> None:
    class Dying(Mailer):
        def reminder(self, *given: Any) -> bool:
            super().reminder(*given)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reminding.send(database, Dying(Settings(data_dir=data_dir, base_url=BASE)), NOW)
    assert set(letters(data_dir)) == {OWNER}
    assert reminding.send(database, mailer, NOW) == Outcome(1, 0, 0)
    assert set(letters(data_dir)) == {OWNER, EDITOR}


def test_two_at_once_write_to_everybody_once(database: Database, mailer: Mailer, data_dir: Path) -> None:
    together = Barrier(2)

    def send(_: int) -> int:
        together.wait()
        return reminding.send(database, mailer, NOW).sent

    with ThreadPoolExecutor(2) as hands:
        assert sum(hands.map(send, range(2))) == 2
    assert set(letters(data_dir)) == {OWNER, EDITOR}
    with database.read() as session:
        said = session.scalars(select(AuditEntry).where(AuditEntry.act == "reminded")).all()
    assert len(said) == 2


def test_a_mail_server_that_takes_nothing_costs_a_few_their_turn_and_not_all(
    database: Database, data_dir: Path
) -> None:
    cheap = Passwords(CountingHasher())
    for number in range(4):
        come(database, cheap, f"more-{number}@a.example", OWN, "editor")
    away = Mailer(Settings(data_dir=data_dir, smtp_url="smtp://127.0.0.1:9"))
    assert reminding.send(database, away, NOW) == Outcome(0, 3, 3)
    assert len(addresses(database)) == 3


def test_the_command_says_how_many_and_a_trial_writes_to_nobody(
    database: Database, database_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATA_DIR", str(data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_url)
    run = CliRunner().invoke
    for _ in range(2):
        assert run(main, ["remind", "--dry-run"]).stdout == "Листів було б: 2.\n"
    assert letters(data_dir) == {}
    done = run(main, ["remind"])
    assert (done.exit_code, done.stdout) == (0, "Надіслано листів: 2.\n")
    assert run(main, ["remind"]).stdout == "Надіслано листів: 0.\n"
    with database.write() as session:
        session.execute(delete(Reminder))
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://127.0.0.1:9")
    failed = run(main, ["remind"])
    assert failed.exit_code == 1
    assert failed.stderr == "Не вдалося надіслати: 2. Перевірте PORTAL_SMTP_URL.\n"
