"""Only one leads at a time, and a lead outlives nobody."""

from pathlib import Path

from sqlalchemy import text

from applicant_portal.kit.db import Database
from applicant_portal.kit.lead import lead, taken


def test_one_leads_at_a_time_and_another_after_it(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    first, second = (lead(database, tmp_path, "work") for _ in range(2))
    assert first.take()
    assert first.take()
    assert not second.take()
    assert not second.take()
    first.release()
    assert second.take()
    assert second.held()
    assert not first.held()
    second.release()
    database.dispose()


def test_leads_of_other_names_are_apart(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    first, second = lead(database, tmp_path, "one"), lead(database, tmp_path, "other")
    assert first.take()
    assert second.take()
    first.release()
    second.release()
    database.dispose()


def test_a_block_gives_back_what_it_took_and_leaves_what_was_held(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    first, second = (lead(database, tmp_path, "work") for _ in range(2))
    with taken(first) as had:
        assert had
        with taken(second) as also:
            assert not also
    assert not first.held()
    first.take()
    with taken(first) as had:
        assert had
    assert first.held()
    first.release()
    database.dispose()


def test_a_lead_goes_with_its_connection(postgres_url: str, tmp_path: Path) -> None:
    database = Database(postgres_url)
    first, second = (lead(database, tmp_path, "work") for _ in range(2))
    assert first.take()
    with database.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert not first.held()
    assert second.take(wait=True)
    assert not first.take()
    second.release()
    database.dispose()
