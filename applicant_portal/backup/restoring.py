"""A backup back into a database, the one it came from or the other kind: all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Table
from sqlalchemy.orm import Session

from applicant_portal import migrations
from applicant_portal.backup import staying, uploads
from applicant_portal.backup.manifest import (
    MadeByNewer,
    Manifest,
    saved_tables,
    staying_tables,
    table_member,
    upload_of,
)
from applicant_portal.backup.staying import Staying
from applicant_portal.catalogue import queries, republishing
from applicant_portal.kit import archive, json_rows, tables
from applicant_portal.kit.db import Database, reshaping

Progress = Callable[[int, int], None]


class NotEmpty(Exception):
    """The database has listings already."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What the backup held, how many uploaded files, and the names of the institutions that it lacks and that
    had members, keys or the like here: those have gone with them."""

    manifest: Manifest
    files: int
    lost: list[str]


def restore(
    database: Database, upload_folder: Path, file: Path, now: datetime, progress: Progress, *, replace: bool
) -> Restored:
    """Put a backup in the place of all rows. `replace` allows it also where listings are. Uploaded files are
    replaced when the backup has any.

    A backup of an older schema is loaded into that schema, and then the schema is upgraded. Raises
    `NotAnArchive`, `Damaged`, `MadeByNewer`, `NotEmpty`, `OSError` and what the database raises; then
    database and files are as they were.
    """
    manifest = Manifest.read(archive.verified(file))
    if not migrations.knows(manifest.revision):
        raise MadeByNewer
    with (
        uploads.replaced(upload_folder) as folder,
        reshaping(database.engine) as connection,
        Session(connection) as session,
    ):
        before = _emptied(session, replace=replace)
        migrations.move(connection, manifest.revision)
        _load(connection, folder, file, manifest, progress)
        migrations.move(connection)
        lost = staying.put_back(connection, before.staying)
        _go_on(session, manifest, before, now)
        folder.swap()
    return Restored(manifest, folder.count, lost)


@dataclass(frozen=True, slots=True)
class _Before:
    """What outlives the rows that were there: ids that an index may hold, numbers that keys were given, and
    the rows that stay."""

    listings: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    staying: Staying = field(default_factory=Staying)


def _emptied(session: Session, *, replace: bool) -> _Before:
    connection = session.connection()
    revision = migrations.revision(connection)
    if revision is None:
        return _Before()
    if not migrations.knows(revision):
        raise MadeByNewer
    if queries.has_listings(session) and not replace:
        raise NotEmpty
    found = tables.reflected(connection, saved_tables(revision))
    numbers = {table.name: tables.last_number(connection, table) or 0 for table in found}
    listings = republishing.mentioned_ids(session)
    kept = staying.read(connection, migrations.tables(revision) & staying_tables())
    tables.clear(connection, found)
    return _Before(listings, numbers, kept)


def _load(
    connection: Connection,
    folder: uploads.NewFolder,
    file: Path,
    manifest: Manifest,
    progress: Progress,
) -> None:
    found = tables.reflected(connection, saved_tables(manifest.revision))
    # A migration may have written rows of its own; the backup has them as they were last.
    tables.clear(connection, found)
    waiting = {table_member(table.name): table for table in found}
    if {table.name for table in found} != set(manifest.tables):
        raise archive.Damaged("the tables are not those of the schema")
    done = 0

    def report(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, manifest.rows)

    with archive.reading():
        for name, content in archive.members(file):
            upload = upload_of(name)
            if upload is not None:
                folder.put(upload, content)
            elif name in waiting:
                table = waiting.pop(name)
                _load_table(connection, table, content, manifest.tables[table.name], report)
            elif name != archive.MANIFEST:
                raise archive.Damaged(f"{name} is no part of a backup")
    if waiting:
        raise archive.Damaged(f"{', '.join(waiting)} is missing")


def _load_table(
    connection: Connection, table: Table, content: IO[bytes], rows: int, report: Callable[[int], None]
) -> None:
    loaded = 0
    try:
        for batch in json_rows.load(connection, table, content):
            loaded += batch
            report(batch)
    except json_rows.BadLine as error:
        raise archive.Damaged(f"{table.name}: {error}") from error
    if loaded != rows:
        raise archive.Damaged(f"{table.name} has {loaded} rows instead of {rows}")


def _go_on(session: Session, manifest: Manifest, before: _Before, now: datetime) -> None:
    """Keys and log continue above everything that was given, here or where the backup comes from."""
    connection = session.connection()
    highest = {
        name: max(manifest.numbers.get(name, 0), before.numbers.get(name, 0))
        for name in {*manifest.numbers, *before.numbers}
    }
    for table in tables.reflected(connection, saved_tables(migrations.HEAD)):
        tables.number_after(connection, table, highest.get(table.name, 0))
    republishing.publish_again(session, before.listings, highest.get(republishing.LOG.name, 0), now)
