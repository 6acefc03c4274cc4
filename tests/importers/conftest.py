"""A database with the newest schema, and the commands as a person runs them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from applicant_portal.importers import offers, registry
from applicant_portal.importers.report import ImportReport
from applicant_portal.kit.db import Database

FIXTURES = Path(__file__).parent / "fixtures"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(empty_catalogue: Database) -> Database:
    return empty_catalogue


@pytest.fixture
def import_institutions(database: Database) -> Callable[..., ImportReport]:
    def run(path: Path, as_of: str | None = None) -> ImportReport:
        table, shape = registry.read(path)
        with database.write() as session:
            return registry.write(session, table, shape, registry.stamp_for(path, shape, as_of), NOW)

    return run


@pytest.fixture
def import_offers(database: Database) -> Callable[[Path], ImportReport]:
    def run(path: Path) -> ImportReport:
        table, shape = offers.read(path)
        with database.write() as session:
            return offers.write(session, table, shape, NOW)

    return run
