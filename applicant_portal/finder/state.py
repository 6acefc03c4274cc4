"""What the pages of the portal share within one process."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import cast

from fastapi import Request
from sqlalchemy.orm import Session

from applicant_portal.catalogue import institution_queries, queries
from applicant_portal.finder import service
from applicant_portal.finder.drawn_cards import DrawnCards
from applicant_portal.finder.drawn_hits import DrawnHits
from applicant_portal.finder.drawn_ticks import DrawnTicks
from applicant_portal.finder.index import Index
from applicant_portal.finder.params import SearchParams
from applicant_portal.finder.search_log import SearchLog
from applicant_portal.finder.suggest import Suggestions
from applicant_portal.kit.db import Database
from applicant_portal.kit.web import Pages
from applicant_portal.settings import Settings
from search.engine import Searching
from search.lexicon import Lexicon


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Portal:
    """The parts a page may ask for: `request.app.state.portal`."""

    settings: Settings
    database: Database
    engine: Searching
    indexes: Sequence[Index]
    pages: Pages
    lexicon: Lexicon
    today: Callable[[], date] = _today
    _kept: "Vocabulary | None" = None
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.cards = DrawnCards(self.pages)
        self.ticks = DrawnTicks(self.pages)
        self.hits = DrawnHits()
        self.suggestions = Suggestions(self.database, self.engine)
        self.search_log = SearchLog(self.database, self.search, lambda: self.today())

    def search(self, asked: SearchParams) -> service.Found:
        """One search, as pages ask it."""
        return service.search(self.engine, asked, self.lexicon, self.vocabulary().cities)

    def vocabulary(self) -> "Vocabulary":
        """Names that searches need, read once for each generation of the index."""
        generation = self.engine.generation()
        with self._lock:
            if self._kept is None or self._kept.generation != generation:
                with self.database.read() as session:
                    names = institution_queries.names_of_listed(session)
                    self._kept = Vocabulary(generation, tuple(queries.cities(session)), names)
            return self._kept


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Cities of the catalogue, and EDEBO id -> short name of its institutions, as read when the index was of
    this generation."""

    generation: str
    cities: tuple[str, ...]
    institutions: Mapping[str, str]


def portal(request: Request) -> Portal:
    return cast("Portal", request.app.state.portal)


def reading(request: Request) -> Iterator[Session]:
    """Dependency: a session for reading."""
    with portal(request).database.read() as session:
        yield session


def writing(request: Request) -> Iterator[Session]:
    """Dependency, to be used with `scope="function"`: commits before the answer is sent."""
    with portal(request).database.write() as session:
        yield session
