"""What the pages of the portal share within one process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import cast

from fastapi import Request
from sqlalchemy.orm import Session

from applicant_portal.catalogue import queries
from applicant_portal.finder.indexer import Indexer
from applicant_portal.kit.db import Database
from applicant_portal.kit.web import Pages
from applicant_portal.settings import Settings
from search.engine import Engine


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Portal:
    """The parts a page may ask for: `request.app.state.portal`."""

    settings: Settings
    database: Database
    engine: Engine
    indexer: Indexer
    pages: Pages
    today: Callable[[], date] = _today
    _cities: tuple[str, tuple[str, ...]] = ("", ())
    _lock: Lock = field(default_factory=Lock)

    def known_cities(self) -> tuple[str, ...]:
        """Cities of the catalogue, read once for each generation of the index."""
        generation = self.engine.generation()
        with self._lock:
            if self._cities[0] != generation:
                with self.database.read() as session:
                    self._cities = (generation, tuple(queries.cities(session)))
            return self._cities[1]


def portal(request: Request) -> Portal:
    return cast(Portal, request.app.state.portal)


def reading(request: Request) -> Iterator[Session]:
    """Dependency: a session for reading."""
    with portal(request).database.read() as session:
        yield session


def writing(request: Request) -> Iterator[Session]:
    """Dependency, to be used with `scope="function"`: commits before the answer is sent."""
    with portal(request).database.write() as session:
        yield session
