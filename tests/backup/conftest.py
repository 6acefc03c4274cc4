"""Places to save from and restore to: a database of either kind with a data folder of its own."""

import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

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
    ) -> None:
        restoring.restore(self.database, self.uploads, file, now, progress, replace=replace)

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


MakePlace = Callable[[str], Place]


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakePlace]:
    """Makes an empty place on "sqlite" or "postgresql", as many as a test wants."""
    with ExitStack() as after:
        made = 0

        def make(kind: str) -> Place:
            nonlocal made
            made += 1
            folder = tmp_path / f"place-{made}"
            folder.mkdir()
            url = f"sqlite:///{folder / 'portal.sqlite3'}"
            if kind == "postgresql":
                postgres = request.getfixturevalue("postgres")
                url = postgres.new_database()
                after.callback(postgres.drop_database, url)
            database = Database(url)
            after.callback(database.dispose)
            return Place(folder, url, database)

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


@pytest.fixture
def seeded(place: MakePlace, kind: str, seeded_backup: Path) -> Place:
    """The seeded catalogue, on SQLite and on PostgreSQL."""
    made = place(kind)
    made.restore(seeded_backup)
    return made


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
