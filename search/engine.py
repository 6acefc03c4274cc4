"""What every search engine can do, and the only place that picks one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from search.kept_answers import KeptAnswers
from search.lexicon import Lexicon
from search.query import SearchQuery, SearchResult
from search.schema import Document


class SearchError(Exception):
    """The engine cannot answer or write now; the sentence says why."""


class IndexMissing(SearchError):
    """There is no usable index: none was built, or what lies there is damaged. Build one."""


class Away(SearchError):
    """The search server does not answer, or not in time."""


class KeyRefused(SearchError):
    """The search server does not take the key, or the key does not allow what is needed."""


class DocumentRefused(SearchError):
    """The engine works but will not take (one of) these documents; the others can be taken without it."""


class Busy(SearchError):
    """Another process is writing to the same index."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the index should hold of a listing from now on: a document, or nothing."""

    id: str
    document: Document | None


class Shadow(Protocol):
    """A new index that grows beside the one in use."""

    def add(self, documents: Iterable[Document]) -> None:
        """Put documents in; may be called several times."""

    def finish(self) -> int:
        """Make everything added readable; the number of documents held."""

    def swap(self) -> None:
        """Answer from this index from now on, in every process, and forget those before the last."""

    def discard(self) -> None:
        """Throw it away, whatever state it is in."""


class Searching(Protocol):
    """What pages ask. Every method may raise SearchError."""

    @property
    def name(self) -> str:
        """ "embedded" or "meilisearch"."""

    def ready(self) -> bool:
        """Whether there is an index to answer from."""

    def warm_up(self) -> None:
        """Load what the first search would wait for."""

    def generation(self) -> str:
        """Changes with every change of the index: what is kept under it never goes stale."""

    def settled(self) -> str | None:
        """The generation when its words have been read, so that all answers are wholly of it; None while
        those of before still answer."""

    def count(self) -> int:
        """Documents held."""

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer a query; an absurd page is an empty page, an unknown value matches nothing."""


class Engine(Searching, Protocol):
    """Documents in, hits out. Every method may raise SearchError."""

    @property
    def answers(self) -> KeptAnswers:
        """What this process keeps of earlier answers."""

    def version(self) -> str:
        """Name and version of what does the work."""

    def position(self) -> int:
        """How far this index has taken the caller's log of changes; kept with the index."""

    def apply(self, changes: Sequence[Change], position: int) -> None:
        """Take changes and note the position; they can be found when this returns. Taking them twice does
        no harm. Raises DocumentRefused when only single documents are at fault; then none was taken."""

    def rest(self) -> None:
        """Let go of what writing keeps open, so that another process may write."""

    def shadow(self, position: int) -> Shadow:
        """Begin a new index that stands for the log up to `position`."""

    def sweep(self) -> None:
        """Delete what interrupted rebuilds left; what is in use or being filled stays."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Where an index lies. `folder`: files of the embedded engine, and locks of rebuilds. `url` and `key`: a
    Meilisearch server, where the names of our indexes begin with `namespace` (letters and digits).
    `lexicon`: names of one thing, and words that mean a filter."""

    folder: Path
    url: str = ""
    key: str = field(default="", repr=False)
    namespace: str = "listings"
    lexicon: Lexicon = field(default_factory=Lexicon, repr=False)


def open_engine(settings: EngineSettings) -> Engine:
    """The engine these settings name: Meilisearch where there is a `url`. Opening is cheap and asks nobody;
    the words are loaded with the first use."""
    if settings.url:
        from search.meilisearch import MeilisearchEngine
        from search.meilisearch_server import Server

        server = Server(settings.url, settings.key, settings.namespace, settings.folder)
        return MeilisearchEngine(server, settings.lexicon)
    from search.embedded import EmbeddedEngine

    return EmbeddedEngine(settings.folder, settings.lexicon)
