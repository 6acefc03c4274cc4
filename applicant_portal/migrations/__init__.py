"""Schema versions. `upgrade` brings a database to the newest one."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from applicant_portal.settings import MIGRATIONS


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(engine: Engine) -> bool:
    """Run the missing migrations; True when there were any. Safe when several processes start at once
    on one machine only under the caller's lock."""
    config = _config()
    with engine.connect() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
    if before == ScriptDirectory.from_config(config).get_current_head():
        return False
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config()).get_current_head()
