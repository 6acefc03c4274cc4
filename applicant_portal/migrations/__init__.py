"""Schema versions. `upgrade` brings a database to the newest one; `move` to any.

Each start asks whether there is anything to do, and nearly always there is not: so that is answered from file
names and one row, and Alembic (10 MB, 0.1 s) is loaded only to move.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from applicant_portal.kit.db import reshaping
from applicant_portal.settings import MIGRATIONS

HEAD = "head"
NOTED_IN = "alembic_version"


def _newest_first() -> list[str]:
    """Files are named `<revision>_<what>.py` and numbered in the order they follow each other."""
    return sorted(
        (file.stem.partition("_")[0] for file in (MIGRATIONS / "versions").glob("*.py")), reverse=True
    )


def upgrade(engine: Engine) -> bool:
    """Run the missing migrations; True when there were any. Safe when several processes start at once
    on one machine only under the caller's lock."""
    if is_current(engine):
        return False
    with reshaping(engine) as connection:
        move(connection)
    return True


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema."""
    with engine.connect() as connection:
        return revision(connection) == _newest_first()[0]


def revision(connection: Connection) -> str | None:
    """Which schema version the database has; None before the first."""
    if not inspect(connection).has_table(NOTED_IN):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {NOTED_IN}"))  # noqa: S608 (a constant)
    return found


def knows(wanted: str) -> bool:
    """Whether this program has such a schema version; one of a newer program it has not."""
    return wanted in _newest_first()


def move(connection: Connection, wanted: str = HEAD) -> None:
    """Bring the schema to a version that `knows`, older or newer, within the caller's transaction."""
    line = _newest_first()
    target = line[0] if wanted == HEAD else wanted
    here = revision(connection)
    if here == target:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    if here is None or line.index(target) < line.index(here):
        command.upgrade(config, target)
    else:
        command.downgrade(config, target)


def tables(of_revision: str) -> frozenset[str]:
    """Names of the tables that a schema version has, Alembic's own left out."""
    return _tables(of_revision, MIGRATIONS)


@cache
def _tables(of_revision: str, folder: Path) -> frozenset[str]:  # noqa: ARG001 (the versions that are meant)
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        move(connection, of_revision)
        names = inspect(connection).get_table_names()
    engine.dispose()
    return frozenset(names) - {NOTED_IN}
