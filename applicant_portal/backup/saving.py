"""The database as it is at one moment, and the uploaded files, into one file."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from applicant_portal import migrations
from applicant_portal.backup import uploads
from applicant_portal.backup.manifest import MadeByNewer, Manifest, saved_tables, table_member, upload_member
from applicant_portal.kit import archive, json_rows, tables
from applicant_portal.kit.db import Database

Progress = Callable[[int, int], None]


class NothingToSave(Exception):
    """The database has no tables of the portal."""


def save(
    database: Database, upload_folder: Path, file: Path, now: datetime, progress: Progress
) -> tuple[Manifest, int]:
    """Write a backup to `file`; what it holds and the number of uploaded files. `progress` takes (rows done,
    of how many).

    Raises `FileExistsError`, `OSError`, `NothingToSave`, `MadeByNewer`; then there is no file.
    """
    with archive.written(file) as draft, database.snapshot() as connection:
        manifest = _save_tables(connection, draft, now, progress)
        files = 0
        for name in uploads.files(upload_folder):
            try:
                content = (upload_folder / name).open("rb")
            except FileNotFoundError:
                continue  # deleted since the folder was read
            with content:
                draft.add(upload_member(name), archive.pieces(content))
            files += 1
        draft.facts = manifest.facts()
    return manifest, files


def _save_tables(connection: Connection, draft: archive.Draft, now: datetime, progress: Progress) -> Manifest:
    revision = migrations.revision(connection)
    if revision is None:
        raise NothingToSave
    if not migrations.knows(revision):
        raise MadeByNewer
    found = tables.reflected(connection, saved_tables(revision))
    rows = {table.name: tables.count(connection, table) for table in found}
    step = _Steps(progress, sum(rows.values()))
    for table in found:
        draft.add(table_member(table.name), step.of(json_rows.lines(connection, table)))
    numbers = {table.name: tables.last_number(connection, table) for table in found}
    return Manifest(
        revision=revision,
        made_at=now.isoformat(),
        tables=rows,
        numbers={name: number for name, number in numbers.items() if number is not None},
    )


class _Steps:
    """Tells of rows that pass, a batch at a time."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._done, self._total = progress, 0, total

    def of(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            yield line
            self._done += 1
            if self._done % json_rows.BATCH == 0 or self._done == self._total:
                self._progress(self._done, self._total)
