"""Migrations make just the tables that the models describe, on both databases, and take them back."""

import subprocess
import sys

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from applicant_portal import migrations
from applicant_portal.kit.db import Base, Database
from applicant_portal.settings import MIGRATIONS
from tests.servers import ROOT


def test_models_and_migrations_agree(database_url: str) -> None:
    database = Database(database_url)
    assert migrations.upgrade(database.engine)
    assert migrations.is_current(database.engine)
    assert not migrations.upgrade(database.engine)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.dispose()


def test_a_migration_can_be_taken_back(database_url: str) -> None:
    database = Database(database_url)
    migrations.upgrade(database.engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    database.dispose()


def test_the_files_are_named_in_the_order_they_follow_each_other() -> None:
    """What each start goes by instead of asking Alembic."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    line = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    names = [file.stem.partition("_")[0] for file in sorted((MIGRATIONS / "versions").glob("*.py"))]
    assert names == line[::-1]
    assert all(map(migrations.knows, line))


def test_a_database_that_is_current_is_known_without_alembic(database_url: str) -> None:
    database = Database(database_url)
    migrations.upgrade(database.engine)
    database.dispose()
    program = (
        "import sys; from applicant_portal import migrations; from applicant_portal.kit.db import Database; "
        "print(migrations.upgrade(Database(sys.argv[1]).engine), 'alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, database_url], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
