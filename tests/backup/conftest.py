"""Places to save from and restore to: a database of either kind with a data folder of its own."""

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from applicant_portal import migrations
from applicant_portal.backup import restoring, saving
from applicant_portal.backup.manifest import Manifest
from applicant_portal.importers import seed
from applicant_portal.kit.db import Base, Database
from applicant_portal.settings import MIGRATIONS

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("made_later", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO made_later (id) VALUES (7)")
    with op.batch_alter_table("institutions", recreate="auto") as table:
        table.add_column(sa.Column("letter", sa.String(1), nullable=True))
    op.execute("UPDATE institutions SET letter = substr(name, 1, 1)")
    with op.batch_alter_table("institutions") as table:
        table.alter_column("letter", existing_type=sa.String(1), nullable=False)


def downgrade():
    with op.batch_alter_table("institutions") as table:
        table.drop_column("letter")
    op.drop_table("made_later")
"""

Rows = dict[str, list[tuple[object, ...]]]


def silent(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Place:
    """A portal's database and data folder."""

    folder: Path
    url: str
    database: Database

    @property
    def uploads(self) -> Path:
        return self.folder / "uploads"

    def save(self, file: Path, progress: saving.Progress = silent) -> Manifest:
        return saving.save(self.database, self.uploads, file, NOW, progress)[0]

    def restore(
        self,
        file: Path,
        progress: restoring.Progress = silent,
        *,
        replace: bool = False,
        now: datetime = NOW,
    ) -> restoring.Restored:
        return restoring.restore(self.database, self.uploads, file, now, progress, replace=replace)

    def rows(self) -> Rows:
        """Every row of every table that is saved, as the models read it."""
        with self.database.read() as session:
            return {
                table.name: [
                    tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
                if not table.info.get("stays")
            }

    def scalar(self, sql: str) -> object:
        with self.database.read() as session:
            return session.scalar(text(sql))


class MakePlace(Protocol):
    """Makes an empty place on "sqlite" or "postgresql", or a copy of one of that kind."""

    def __call__(self, kind: str, like: Place | None = None) -> Place: ...


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakePlace]:
    """Makes as many places as a test wants."""
    with ExitStack() as after:
        made = 0

        def make(kind: str, like: Place | None = None) -> Place:
            nonlocal made
            made += 1
            folder = tmp_path / f"place-{made}"
            folder.mkdir()
            url = f"sqlite:///{folder / 'portal.sqlite3'}"
            if kind == "postgresql":
                postgres = request.getfixturevalue("postgres")
                url = postgres.new_database(like.url if like else None)
                after.callback(postgres.drop_database, url)
            elif like is not None:
                shutil.copyfile(like.folder / "portal.sqlite3", folder / "portal.sqlite3")
            database = Database(url)
            after.callback(database.dispose)
            made_here = Place(folder, url, database)
            if like is not None:
                shutil.copytree(like.uploads, made_here.uploads)
            return made_here

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Either database."""
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def seeded_backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the seeded catalogue with two uploaded files, taken on SQLite."""
    folder = tmp_path_factory.mktemp("seeded")
    database = Database(f"sqlite:///{folder / 'portal.sqlite3'}")
    migrations.upgrade(database.engine)
    seed.load(database, TODAY)
    place = Place(folder, "", database)
    (place.uploads / "заклад").mkdir(parents=True)
    (place.uploads / "заклад" / "план.csv").write_text("назва;код\n", encoding="utf-8")
    (place.uploads / "empty.txt").touch()
    (place.uploads / "elsewhere").symlink_to("/etc/hostname")
    place.save(folder / "seeded.tar.gz")
    database.dispose()
    return folder / "seeded.tar.gz"


@pytest.fixture(scope="session")
def restored() -> dict[str, Place]:
    """By kind, places where the backup of the seeded catalogue was restored, to be copied."""
    return {}


@pytest.fixture
def seeded(
    request: pytest.FixtureRequest,
    place: MakePlace,
    kind: str,
    seeded_backup: Path,
    restored: dict[str, Place],
    tmp_path_factory: pytest.TempPathFactory,
) -> Place:
    """The seeded catalogue, on SQLite and on PostgreSQL."""
    if kind not in restored:
        folder = tmp_path_factory.mktemp("restored")
        url = f"sqlite:///{folder / 'portal.sqlite3'}"
        if kind == "postgresql":
            url = request.getfixturevalue("postgres").new_database()
        made = Place(folder, url, Database(url))
        made.restore(seeded_backup)
        made.database.dispose()
        restored[kind] = made
    return place(kind, restored[kind])


@pytest.fixture
def next_version(tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """The program as its next version: it knows one more schema. Undo what is given to be this one again."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "next.py").write_text(NEXT.format(head=head()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", folder)
        yield patch


def head() -> str:
    """The newest schema of the program as it is."""
    found = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert found is not None
    return found


def unpacked(file: Path) -> dict[str, bytes]:
    """The members of an archive."""
    with tarfile.open(file) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
