"""A backup outlives the schema it was taken from."""

from pathlib import Path

import pytest
from sqlalchemy import inspect

from applicant_portal import migrations
from applicant_portal.backup import restoring
from applicant_portal.kit.db import BrokenReference, reshaping
from tests.backup.conftest import MakePlace, Place, head


def test_a_backup_of_an_older_schema_is_brought_to_the_newest(
    kind: str, place: MakePlace, seeded_backup: Path, next_version: pytest.MonkeyPatch
) -> None:
    target = place(kind)
    target.restore(seeded_backup)
    assert migrations.is_current(target.database.engine)
    assert target.scalar("SELECT count(*) FROM institutions WHERE letter = substr(name, 1, 1)") == 58
    assert target.scalar("SELECT count(*) FROM institution_aliases") == 102
    assert target.scalar("SELECT id FROM made_later") == 7


def test_a_backup_of_the_first_schema_there_was_is_brought_to_the_newest(
    seeded: Place, place: MakePlace, tmp_path: Path
) -> None:
    before = len(seeded.rows()["listings"])
    with reshaping(seeded.database.engine) as connection:
        migrations.move(connection, "0001")
    assert seeded.save(tmp_path / "old.tar.gz").revision == "0001"
    for target in (place("sqlite"), seeded):
        target.restore(tmp_path / "old.tar.gz", replace=True)
        assert migrations.is_current(target.database.engine)
        assert len(target.rows()["listings"]) == before
        assert target.scalar("SELECT count(*) FROM identity") == 1


def test_it_replaces_the_data_of_a_newer_schema(
    seeded: Place, seeded_backup: Path, next_version: pytest.MonkeyPatch
) -> None:
    migrations.upgrade(seeded.database.engine)
    with seeded.database.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO made_later (id) VALUES (8)")
    seeded.restore(seeded_backup, replace=True)
    assert migrations.is_current(seeded.database.engine)
    assert seeded.scalar("SELECT count(*) FROM institutions WHERE letter = substr(name, 1, 1)") == 58
    assert seeded.scalar("SELECT max(id) FROM made_later") == 7


def test_a_database_is_saved_before_its_schema_is_upgraded(
    seeded: Place, place: MakePlace, tmp_path: Path, next_version: pytest.MonkeyPatch
) -> None:
    manifest = seeded.save(tmp_path / "copy.tar.gz")
    assert manifest.revision == head()
    assert "made_later" not in manifest.tables
    target = place("sqlite")
    target.restore(tmp_path / "copy.tar.gz")
    assert target.scalar("SELECT count(*) FROM institutions") == 58


def test_rows_that_a_migration_wrote_itself_give_way_to_those_of_the_backup(
    kind: str, place: MakePlace, seeded: Place, tmp_path: Path, next_version: pytest.MonkeyPatch
) -> None:
    migrations.upgrade(seeded.database.engine)
    with seeded.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE made_later SET id = 9")
    seeded.save(tmp_path / "copy.tar.gz")
    target = place(kind)
    target.restore(tmp_path / "copy.tar.gz")
    assert target.scalar("SELECT max(id) FROM made_later") == 9
    assert target.scalar("SELECT count(*) FROM made_later") == 1


def test_an_upgrade_that_makes_a_table_anew_keeps_the_rows_that_refer_to_it(
    seeded: Place, next_version: pytest.MonkeyPatch
) -> None:
    """On SQLite a dropped table would take them along, were foreign keys not resting meanwhile."""
    before = {name: len(rows) for name, rows in seeded.rows().items()}
    assert migrations.upgrade(seeded.database.engine)
    assert {name: len(rows) for name, rows in seeded.rows().items()} == before


def test_foreign_keys_are_in_force_again_after_tables_were_reshaped(seeded: Place) -> None:
    engine = seeded.database.engine
    with reshaping(engine) as connection:
        connection.exec_driver_sql("UPDATE institutions SET note_uk = 'x'")
    with pytest.raises(Exception, match=r"(?i)foreign key"), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO courses (listing_id, for_veterans) VALUES ('no', true)")


def test_a_reshaping_that_leaves_a_row_alone_is_undone(place: MakePlace, seeded_backup: Path) -> None:
    target = place("sqlite")
    target.restore(seeded_backup)
    with pytest.raises(BrokenReference):
        _leave_a_row_alone(target)
    assert "made" not in inspect(target.database.engine).get_table_names()


def _leave_a_row_alone(place: Place) -> None:
    with reshaping(place.database.engine) as connection:
        connection.exec_driver_sql("CREATE TABLE made (id INTEGER)")
        connection.exec_driver_sql("INSERT INTO courses (listing_id, for_veterans) VALUES ('no', true)")


def test_a_table_that_stays_has_its_rows_also_when_it_was_made_anew_on_the_way(
    seeded: Place, seeded_backup: Path, next_version: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "staying_tables", lambda: frozenset({"identity", "made_later"}))
    migrations.upgrade(seeded.database.engine)
    with seeded.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE made_later SET id = 9")
    seeded.restore(seeded_backup, replace=True)
    assert seeded.scalar("SELECT min(id) FROM made_later") == 9
    assert seeded.scalar("SELECT count(*) FROM made_later") == 1
