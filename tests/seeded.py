"""Databases with the newest schema, and whole seeded portals with every index filled, as settings name them.

Making one takes seconds, copying or emptying one takes none: a test process makes one of each kind.
"""

import shutil
from datetime import date
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url, update

from applicant_portal import migrations
from applicant_portal.catalogue.models import Identity
from applicant_portal.finder import index
from applicant_portal.importers import seed
from applicant_portal.kit.db import Database
from applicant_portal.preparing import today
from applicant_portal.settings import Settings
from tests.servers import Postgres, copy_database, create_database


class Templates:
    """What is copied; each is made when the first test asks for it. `folder` is where they lie."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[str, date | None], Settings] = {}

    def schema(self, database_url: str) -> None:
        """Make an SQLite database with the newest schema at this address."""
        made = self._template(database_url, None)
        _copy_database(made.database_url, database_url)
        _rename_index(database_url)

    def portal(self, data_dir: Path, database_url: str = "") -> Path:
        """What the first start of `portal serve` leaves behind, here; the data folder."""
        data_dir.mkdir(parents=True, exist_ok=True)
        self.fill(Settings(data_dir=data_dir, database_url=database_url), today())
        return data_dir

    def fill(self, settings: Settings, day: date) -> None:
        """Schema, seed and indexes. The database that the settings name is an empty one."""
        made = self._template(settings.database_url, day)
        _copy_database(made.database_url, settings.database_url)
        name = _rename_index(settings.database_url)[:12]
        (lying,) = (made.data_folder / "index").iterdir()
        shutil.copytree(lying, settings.data_folder / "index" / name)
        if settings.search_url:
            database = Database(settings.database_url)
            index.fill(database, index.opened(settings, database)[0], day, force=True)
            database.dispose()

    def _template(self, database_url: str, day: date | None) -> Settings:
        """The like of this database: empty without a day, seeded and indexed with one."""
        on_files = database_url.startswith("sqlite")
        key = (make_url(database_url).get_backend_name(), day)
        if key not in self._made:
            folder = self._folder / f"{key[0]}-{day}"
            folder.mkdir()
            own = Settings(data_dir=folder)
            if not on_files:
                own = Settings(data_dir=folder, database_url=create_database(database_url))
            database = Database(own.database_url)
            migrations.upgrade(database.engine)
            if day is not None:
                seed.load(database, day)
                index.fill(database, index.opened(own, database)[0], day, force=True)
            database.dispose()
            self._made[key] = own
        return self._made[key]


_SHAPE = """
SELECT (SELECT sum(oid::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
       (SELECT sum(attnum + attrelid::bigint) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped),
       (SELECT sum(oid::bigint) FROM pg_constraint),
       (SELECT sum(oid::bigint) FROM pg_trigger),
       (SELECT sum(oid::bigint) FROM pg_proc)
"""
_CLEAR = """
DO $$
DECLARE one regclass;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND relname NOT IN ('alembic_version', 'identity')
    LOOP EXECUTE 'DELETE FROM ' || one; END LOOP;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END $$
"""


class ClearedDatabase:
    """A PostgreSQL database with the newest schema that tests use in turn. What they left is deleted, whoever
    is still connected is thrown out; one whose shape was changed is not used again."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._url = ""
        self._shape: object = None

    def emptied(self) -> str:
        """Its address; it has no rows but the catalogue's identity, a new one."""
        if self._url and self._read_shape() == self._shape:
            database = Database(self._url)
            with database.engine.begin() as connection:
                connection.exec_driver_sql(_CLEAR)
            database.dispose()
        else:
            self._url = self._postgres.new_database()
            database = Database(self._url)
            migrations.upgrade(database.engine)
            database.dispose()
            self._shape = self._read_shape()
        _rename_index(self._url)
        return self._url

    def _read_shape(self) -> object:
        database = Database(self._url)
        with database.engine.connect() as connection:
            found = tuple(connection.exec_driver_sql(_SHAPE).one())
        database.dispose()
        return found


def _copy_database(template: str, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        shutil.copyfile(make_url(template).database or "", make_url(database_url).database or "")
    else:
        copy_database(template, database_url)


def _rename_index(database_url: str) -> str:
    """A catalogue of its own has indexes of its own: two copies must not meet on one search server."""
    database, name = Database(database_url), uuid4().hex
    with database.write() as session:
        session.execute(update(Identity).values(id=name))
    database.dispose()
    return name
