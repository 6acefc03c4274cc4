"""Keys of institutions' programs."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from applicant_portal.accounts import actor, keys, queries
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.keys import NewKey
from applicant_portal.accounts.models import ApiKey
from applicant_portal.kit.db import Database
from tests.accounts.conftest import NOW, trail


def make(database: Database, institution_id: int = 1, *scopes: str) -> NewKey:
    with database.write() as session:
        return keys.make_key(session, institution_id, "наш сайт", scopes or ("read",), by=COMMAND, now=NOW)


def found(database: Database, bearer: str) -> ApiKey | None:
    with database.read() as session:
        return keys.key_of(session, bearer)


def test_a_key_is_shown_once_and_kept_as_a_hash(database: Database) -> None:
    made = make(database)
    assert re.fullmatch(r"ptl_[a-z0-9]{8}_[\w-]{43}", made.shown)
    with database.read() as session:
        rows = repr(session.execute(select(ApiKey.__table__)).all())
    assert made.shown.split("_", 2)[2] not in rows
    assert made.key.prefix in rows
    assert made.shown not in repr(trail(database))


def test_a_key_is_known_and_nothing_like_it(database: Database) -> None:
    made, other = make(database), make(database, 2)
    known = found(database, made.shown)
    assert known is not None
    assert known.id == made.key.id
    mixed = f"ptl_{made.key.prefix}_{other.shown.split('_', 2)[2]}"
    for wrong in ("", "ptl", "ptl__", made.shown[:-1], made.shown + "x", made.shown.upper(), mixed,
                  made.key.key_hash, f"ptl_{made.key.prefix}_", "x" * 100_000, "ptl_\x00_"):  # fmt: skip
        assert found(database, wrong) is None


def test_a_revoked_key_opens_nothing_and_is_revoked_by_its_institution_only(database: Database) -> None:
    made = make(database)
    with database.write() as session:
        assert not keys.revoke_key(session, 2, made.key.id, by=COMMAND, now=NOW)
    assert found(database, made.shown) is not None
    with database.write() as session:
        assert keys.revoke_key(session, 1, made.key.id, by=COMMAND, now=NOW)
        assert not keys.revoke_key(session, 1, made.key.id, by=COMMAND, now=NOW)
    assert found(database, made.shown) is None
    with database.read() as session:
        assert [one.revoked_at for one in queries.keys(session, 1)] == [NOW]
    assert trail(database)[-1] == ("command", "key_revoked", f"key:{made.key.id}", 1)


def test_the_day_of_its_last_use_is_known_and_each_day_is_a_line(database: Database) -> None:
    made = make(database)
    for hours in (0, 1, 2, 24, 25):
        with database.write() as session:
            keys.note_use(session, made.key.id, NOW + timedelta(hours=hours))
    known = found(database, made.shown)
    assert known is not None
    assert known.used_on == (NOW + timedelta(days=1)).date()
    assert [line[1] for line in trail(database)] == ["key_made", "key_used", "key_used"]


def test_a_key_edits_with_the_scope_and_owns_nothing(database: Database) -> None:
    reads, writes = make(database), make(database, 1, "write", "read")
    assert writes.key.scopes == ["read", "write"]
    assert not actor.of_key(reads.key).edits(1)
    one = actor.of_key(writes.key)
    assert (one.edits(1), one.edits(2), one.owns(1), one.label) == (
        True,
        False,
        False,
        f"key:{writes.key.id}",
    )


@pytest.mark.parametrize("scopes", [["all"], ["read", "admin"]])
def test_a_scope_that_there_is_not_is_refused(database: Database, scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="read, write"):
        make(database, 1, *scopes)
