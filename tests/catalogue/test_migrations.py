"""Migrations make just the tables that the models describe, on both databases, and take them back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from applicant_portal import migrations
from applicant_portal.kit.db import Base, Database
from applicant_portal.settings import MIGRATIONS


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
