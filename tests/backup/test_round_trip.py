"""What was saved is there again after a restore, on the same database or the other one, and can be found."""

import json
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from applicant_portal import migrations
from applicant_portal.catalogue import outbox, page_queries, queries
from applicant_portal.catalogue.models import (
    Course,
    Institution,
    InstitutionAlias,
    Listing,
    MistakeReport,
    OutboxEntry,
)
from applicant_portal.finder import index
from applicant_portal.kit import json_rows, tables
from applicant_portal.kit.db import Base
from applicant_portal.settings import Settings
from search.query import SearchQuery
from tests.backup.conftest import NOW, TODAY, MakePlace, Place, Rows, head, unpacked

LOG = Base.metadata.tables["outbox"]


def positions(place: Place) -> list[int]:
    with place.database.read() as session:
        return list(session.scalars(select(OutboxEntry.position)))


def without_log(rows: Rows) -> Rows:
    return {name: found for name, found in rows.items() if name != "outbox"}


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_every_row_of_every_table_comes_back_on_either_database(
    source: str, kind: str, place: MakePlace, seeded_backup: Path, tmp_path: Path
) -> None:
    first, second = place(source), place(kind)
    first.restore(seeded_backup)
    with first.database.write() as session:
        listing = session.scalars(select(Listing.id).order_by(Listing.id)).first()
        session.add(
            MistakeReport(
                code="К-1", listing_id=listing, page="/", topic="x", message="«Ї»\n\u2028🙂",
                lang="uk", created_at=NOW - timedelta(microseconds=1), answer=None, answered_at=None,
            )
        )  # fmt: skip
    manifest = first.save(tmp_path / "copy.tar.gz")
    second.restore(tmp_path / "copy.tar.gz")
    before, after = first.rows(), second.rows()
    assert without_log(after) == without_log(before)
    assert len(before["listings"]) > 300
    assert all(before[name] for name in ("offers", "offer_subjects", "admission_results", "mistake_reports"))
    assert manifest.tables == {name: len(found) for name, found in before.items()}
    # The log goes on with every listing once more.
    assert after["outbox"][: len(before["outbox"])] == before["outbox"]
    again = [row[1] for row in after["outbox"][len(before["outbox"]) :]]
    assert again == [row[0] for row in before["listings"]]


def test_uploaded_files_come_back_and_links_are_left_out(place: MakePlace, seeded_backup: Path) -> None:
    target = place("sqlite")
    target.uploads.mkdir()
    (target.uploads / "of-before.txt").touch()
    target.restore(seeded_backup)
    found = sorted(path.relative_to(target.uploads) for path in target.uploads.rglob("*"))
    assert found == [Path("empty.txt"), Path("заклад"), Path("заклад/план.csv")]
    assert (target.uploads / "заклад" / "план.csv").read_text(encoding="utf-8") == "назва;код\n"
    assert [path.name for path in target.folder.iterdir() if "sqlite3" not in path.name] == ["uploads"]


def test_a_folder_of_uploads_that_lies_elsewhere_stays_there(place: MakePlace, seeded_backup: Path) -> None:
    target = place("sqlite")
    elsewhere = target.folder.parent / "elsewhere"
    elsewhere.mkdir()
    target.uploads.symlink_to(elsewhere)
    target.restore(seeded_backup)
    assert target.uploads.is_symlink()
    assert (elsewhere / "empty.txt").exists()


def test_a_backup_is_readable_by_its_owner_only_and_says_what_it_holds(seeded: Place, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        seeded.save(tmp_path / "copy.tar.gz")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "copy.tar.gz").stat().st_mode) == 0o600
    held = unpacked(tmp_path / "copy.tar.gz")
    manifest = json.loads(held["manifest.json"])
    assert manifest["kind"] == "applicant-portal-backup"
    assert manifest["revision"] == head()
    assert datetime.fromisoformat(manifest["made_at"]) == NOW
    assert manifest["tables"]["listings"] == held["tables/listings.jsonl"].count(b"\n")
    assert not [name for name in held if "secret" in name or "index" in name]


def test_a_backup_is_of_one_moment_whatever_is_written_meanwhile(
    seeded: Place, place: MakePlace, tmp_path: Path
) -> None:
    before = seeded.rows()
    written = False

    def write_once(done: int, total: int) -> None:
        nonlocal written
        if not written:
            written = True
            with seeded.database.write() as session:
                session.execute(delete(Course))
                session.execute(delete(Listing).where(Listing.kind == "course"))

    seeded.save(tmp_path / "copy.tar.gz", write_once)
    assert not seeded.rows()["courses"]
    target = place("sqlite")
    target.restore(tmp_path / "copy.tar.gz")
    assert without_log(target.rows()) == without_log(before)


def test_keys_and_log_go_on_above_all_that_were_given_on_either_side(
    seeded: Place, place: MakePlace, kind: str, tmp_path: Path
) -> None:
    """The backup's log was pruned to its last position; the target's log has gone further."""
    far = 2_000_000_000
    with seeded.database.write() as session:
        session.execute(delete(OutboxEntry))
        backup_position = tables.last_number(session.connection(), LOG)
    manifest = seeded.save(tmp_path / "copy.tar.gz")
    assert manifest.numbers["outbox"] == backup_position
    assert backup_position
    target = place(kind)
    target.restore(tmp_path / "copy.tar.gz")
    assert min(positions(target)) > backup_position
    with target.database.write() as session:
        tables.number_after(session.connection(), LOG, far)
        session.execute(delete(OutboxEntry))
    target.restore(tmp_path / "copy.tar.gz", replace=True)
    assert min(positions(target)) == far + 1
    with target.database.write() as session:
        highest = max(session.scalars(select(InstitutionAlias.id)))
        house = session.scalars(select(Institution.id)).first()
        session.execute(insert(InstitutionAlias).values(institution_id=house, alias="нова"))
        assert max(session.scalars(select(InstitutionAlias.id))) > highest
        before = outbox.mark(session)
        outbox.publish(session, ["p-1"], NOW)
        assert outbox.mark(session) > before


def filled(place: Place) -> index.Index:
    """The first search index of a place, built from all it has."""
    found = index.opened(Settings(data_dir=place.folder, database_url=place.url), place.database)[0]
    index.fill(place.database, found, TODAY, force=True)
    return found


def test_pages_and_searches_find_the_restored_catalogue(seeded: Place) -> None:
    engine = filled(seeded).engine
    with seeded.database.read() as session:
        listing = session.scalars(select(Listing).where(Listing.kind == "programme")).first()
        assert listing is not None
        assert page_queries.listing_page(session, listing.kind, listing.slug) is not None
        assert engine.count() == queries.count_searchable(session)
    found = engine.search(SearchQuery(listing.title, per_page=100))
    assert listing.id in [hit.id for hit in found.hits]


def test_an_index_that_has_read_a_longer_log_finds_the_restored_catalogue_in_full(
    seeded: Place, tmp_path: Path
) -> None:
    """After the backup the courses are withdrawn and something else comes; then the backup is restored, and
    the index stands where it is."""
    seeded.save(tmp_path / "copy.tar.gz")
    whole = filled(seeded)
    before = whole.engine.count()
    with seeded.database.write() as session:
        courses = session.scalars(select(Listing).where(Listing.kind == "course")).all()
        for course in courses:
            course.visibility = "withdrawn"
        session.add(_later())
        outbox.publish(session, [*(course.id for course in courses), "c-later"], NOW)
    index.catch_up(seeded.database, whole, TODAY)
    assert whole.engine.count() == before - len(courses) + 1
    seeded.restore(tmp_path / "copy.tar.gz", replace=True)
    index.catch_up(seeded.database, whole, TODAY)
    assert whole.engine.count() == before
    assert whole.engine.search(SearchQuery("бджолярство", exact=True)).total == 0


def _later() -> Listing:
    return Listing(
        id="c-later",
        kind="course",
        slug="later",
        natural_key="later",
        title="бджолярство",
        title_key="бджолярство",
        origin="portal",
        created_at=NOW,
        updated_at=NOW,
        course=Course(),
    )


def test_which_catalogue_it_is_stays_through_a_restore(
    seeded: Place, tmp_path: Path, next_version: pytest.MonkeyPatch
) -> None:
    """Its search indexes are named after it: also through an older schema and back."""
    before = seeded.scalar("SELECT id FROM identity")
    manifest = seeded.save(tmp_path / "copy.tar.gz")
    assert "identity" not in manifest.tables
    assert migrations.upgrade(seeded.database.engine)
    seeded.restore(tmp_path / "copy.tar.gz", replace=True)
    assert seeded.scalar("SELECT id FROM identity") == before
    assert seeded.scalar("SELECT count(*) FROM identity") == 1


def test_every_column_of_the_portal_is_of_a_type_that_a_backup_can_keep(seeded: Place) -> None:
    with seeded.database.engine.connect() as connection:
        for table in tables.reflected(connection, migrations.tables(migrations.HEAD)):
            for column in table.columns:
                json_rows.reader(column.type)
