"""The seeded catalogue with its indexes filled: on both databases, with both engines."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.models import Listing
from applicant_portal.finder import index
from applicant_portal.finder.index import Index
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from tests.seeded import Templates
from tests.servers import Meilisearch

TODAY = date(2026, 11, 25)


@pytest.fixture(params=["embedded", "meilisearch"])
def settings(request: pytest.FixtureRequest, data_dir: Path, database_url: str) -> Settings:
    if request.param == "embedded":
        return Settings(data_dir=data_dir, database_url=database_url)
    server: Meilisearch = request.getfixturevalue("meilisearch")
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        search_url=server.url,
        search_key=server.key,
    )


@pytest.fixture
def database(settings: Settings, templates: Templates) -> Iterator[Database]:
    """The seeded catalogue with its indexes filled."""
    templates.fill(settings, TODAY)
    opened = Database(settings.database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def opened(settings: Settings, database: Database) -> Index:
    """The index that answers."""
    return index.opened(settings, database)[0]


def rename(database: Database, title: str) -> str:
    """What a room that edits listings does: change and log entry in one transaction; the listing's id."""
    with database.write() as session:
        listing = session.scalar(
            select(Listing).where(Listing.kind == "course").order_by(Listing.id).limit(1)
        )
        assert listing is not None
        listing.title = title
        outbox.publish(session, [listing.id], datetime.now(UTC))
        return listing.id
