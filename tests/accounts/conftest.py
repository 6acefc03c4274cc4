"""Two institutions, people of them, and a hasher that counts and costs nothing."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from applicant_portal.accounts import service
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.models import AuditEntry, Person
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.catalogue.models import Institution
from applicant_portal.kit.db import Database

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PASSWORD = "чотири слова не підряд"
OTHER_PASSWORD = "зовсім інші слова тут"


class CountingHasher(PasswordHasher):
    """The cheapest parameters that there are; `verified`: how many hashes were checked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0
        self.hashed = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override] # noqa: A002
        self.verified += 1
        return super().verify(hash, password)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.hashed += 1
        return super().hash(password, salt=salt)


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def passwords(hasher: CountingHasher) -> Passwords:
    return Passwords(hasher)


@pytest.fixture
def database(empty_catalogue: Database) -> Database:
    """Institutions 1 and 2, on either database."""
    with empty_catalogue.write() as session:
        for number, name in ((1, "Перший"), (2, "Другий")):
            session.add(
                Institution(
                    id=number,
                    edebo_id=str(100 + number),
                    slug=f"i-{number}",
                    name=name,
                    folded_name=name.lower(),
                    name_key=name.lower(),
                    origin="portal",
                )
            )
    return empty_catalogue


def come(
    database: Database, passwords: Passwords, email: str, institution_id: int = 1, role: str = "owner"
) -> Person:
    """Somebody invited who has set `PASSWORD`."""
    with database.write() as session:
        invited = service.invite(session, email, institution_id, role, by=COMMAND, now=NOW)
    if invited.token is not None:
        assert service.accept(database, passwords, token=invited.token, password=PASSWORD, now=NOW)
    with database.read() as session:
        person = session.get(Person, invited.person_id)
    assert person is not None
    return person


def trail(database: Database) -> list[tuple[str, str, str, int | None]]:
    """The audit trail: (actor, act, subject, institution), oldest first."""
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.actor, row.act, row.subject, row.institution_id) for row in rows]
