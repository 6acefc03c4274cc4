"""One suite for every engine: a new one is one more parameter of `engine`."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from search.engine import Engine, EngineSettings, open_engine
from search.query import SearchQuery, SearchResult
from search.rebuild import rebuild
from search.schema import Document
from tests.engines.catalogue import catalogue

Ask = Callable[..., SearchResult]


def filled(engine: Engine, documents: Iterable[Document], *, mark: int = 0) -> Engine:
    """The engine, holding these documents and no others."""
    documents = list(documents)
    rebuild(engine, documents, mark=mark, expected=len(documents), force=True)
    return engine


def ids(result: SearchResult) -> list[str]:
    return [hit.id for hit in result.hits]


def ask(engine: Engine, text: str = "", **more: object) -> SearchResult:
    """A search with the whole answer on one page, unless told otherwise."""
    return engine.search(SearchQuery(text=text, **{"per_page": 100, **more}))  # type: ignore[arg-type]


def titles(result: SearchResult) -> Sequence[str]:
    return [hit.payload["title"] for hit in result.hits]


def reopened(engine_settings: EngineSettings) -> Engine:
    """The same index through an engine of its own, as another process sees it."""
    return open_engine(engine_settings)


@pytest.fixture(scope="module", params=["embedded"])
def shared_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> EngineSettings:
    """Where the index lies that the tests of a file only read."""
    return EngineSettings(folder=tmp_path_factory.mktemp("shared") / "index")


@pytest.fixture(scope="module")
def found(shared_settings: EngineSettings) -> Engine:
    """An engine with the whole catalogue, for reading only."""
    return filled(open_engine(shared_settings), catalogue())


@pytest.fixture(params=["embedded"])
def engine_settings(request: pytest.FixtureRequest, tmp_path: Path) -> EngineSettings:
    """Where the index of this test alone lies; nothing is there yet."""
    return EngineSettings(folder=tmp_path / "index")


@pytest.fixture
def engine(engine_settings: EngineSettings) -> Engine:
    """An engine without an index."""
    return open_engine(engine_settings)
