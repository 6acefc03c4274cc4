"""What has to be there before the portal serves: schema, seed, indexes; each made only where it is missing.

Mostly nothing is missing, and the process goes on to serve: what only the making needs is imported for it.
"""

from datetime import UTC, date, datetime

import click

from applicant_portal import migrations
from applicant_portal.catalogue import queries
from applicant_portal.finder import index
from applicant_portal.finder.index import Index
from applicant_portal.kit.db import Database
from applicant_portal.kit.lead import lead, taken
from applicant_portal.settings import Settings
from search.engine import SearchError


def today() -> date:
    return datetime.now(UTC).date()


def prepare(settings: Settings) -> bool:
    """Schema, seed and indexes; True when anything had to be made. Those that start together take turns.

    A search server that does not answer stops nobody: the embedded index answers, and the server's is built
    when it comes. Raises SQLAlchemyError.
    """
    database = Database(settings.database_url)
    try:
        with taken(lead(database, settings.data_folder, "prepare"), wait=True):
            changed = migrations.upgrade(database.engine)
            if changed:
                click.echo("Схему бази даних оновлено.", err=True)
            with database.read() as session:
                empty = not queries.has_listings(session)
            if empty:
                from applicant_portal.importers import seed

                seed.load(database, today())
            filled = [_filled(database, one) for one in reversed(index.opened(settings, database))]
            return changed or empty or any(filled)
    finally:
        database.dispose()


def _filled(database: Database, one: Index) -> bool:
    try:
        if one.engine.ready():
            return False
        fill(database, one, force=True)
    except SearchError as error:
        if one.engine.name == "embedded":
            raise
        click.echo(f"Meilisearch поки не відповідає ({error}): шукає вбудований рушій.", err=True)
        return False
    return True


def fill(database: Database, one: Index, *, force: bool) -> int:
    """Build an index anew, with a bar; how many documents it holds."""
    from applicant_portal.kit.progress import Bar

    with Bar(f"Індекс {one.engine.name}") as bar:
        report = index.fill(database, one, today(), force=force, progress=bar.update)
    return report.documents
