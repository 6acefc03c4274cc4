"""The seeded catalogue with every index filled, as the settings name them."""

from datetime import date

from applicant_portal import migrations
from applicant_portal.finder import index
from applicant_portal.importers import seed
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings


def fill(settings: Settings, today: date) -> None:
    """Schema, seed, indexes."""
    database = Database(settings.database_url)
    migrations.upgrade(database.engine)
    seed.load(database, today)
    for one in index.opened(settings, database):
        index.fill(database, one, today, force=True)
    database.dispose()
