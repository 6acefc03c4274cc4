"""Accounts speak of this one portal: no backup holds them, and a restore leaves them as they are."""

import tarfile
from pathlib import Path

from sqlalchemy import select

from applicant_portal.accounts import keys, models, reminders, sessions
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.backup import restoring, saving
from applicant_portal.kit.db import Database
from tests.accounts.conftest import NOW, PASSWORD, come

TABLES = (
    models.Person,
    models.Membership,
    models.SignInSession,
    models.Ticket,
    models.AccessRequest,
    models.ApiKey,
    models.Reminder,
    models.AuditEntry,
)


def rows(database: Database) -> list[list[tuple[object, ...]]]:
    with database.read() as session:
        return [
            [
                tuple(row)
                for row in session.execute(select(one.__table__).order_by(*one.__table__.primary_key))
            ]
            for one in TABLES
        ]


def silent(done: int, total: int) -> None:
    """Nobody watches."""


def test_a_restore_leaves_every_account_as_it_is(
    database: Database, passwords: Passwords, data_dir: Path, tmp_path: Path
) -> None:
    come(database, passwords, "owner@knu.example")
    token = sessions.sign_in(
        database, passwords, email="owner@knu.example", password=PASSWORD, agent="", now=NOW
    )
    with database.write() as session:
        reminders.choose(session, 1, wanted=False, now=NOW)
        shown = keys.make_key(session, 2, "сайт", ["read"], by=COMMAND, now=NOW).shown
    before = rows(database)
    file = tmp_path / "copy.tar.gz"
    saving.save(database, data_dir / "uploads", file, NOW, silent)
    with tarfile.open(file) as archive:
        saved = {Path(name).stem for name in archive.getnames()}
    assert not saved & {str(one.__tablename__) for one in TABLES}
    restoring.restore(database, data_dir / "uploads", file, NOW, silent, replace=True)
    assert rows(database) == before
    assert token is not None
    assert sessions.person_of(database, token, NOW) is not None
    with database.read() as session:
        assert keys.key_of(session, shown) is not None
    come(database, passwords, "later@knu.example", role="editor")
