"""One suite for every engine: a new one is one more parameter of `engine`."""

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from search.engine import Engine, EngineSettings, open_engine
from search.query import SearchQuery, SearchResult
from search.rebuild import rebuild
from search.schema import Document
from tests.engines.catalogue import catalogue
from tests.servers import Meilisearch

ENGINES = ("embedded", "meilisearch")

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


@dataclass(frozen=True)
class Place:
    """Where the index of a test lies, and what may happen to it behind the engine's back."""

    settings: EngineSettings
    server: Meilisearch | None

    def as_argument(self) -> str:
        """For another process: `EngineSettings(**json.loads(…))` after the folder was made a Path."""
        where = self.settings
        return json.dumps(
            {"folder": str(where.folder), "url": where.url, "key": where.key, "namespace": where.namespace}
        )

    def generations(self) -> list[str]:
        """The names of all indexes that lie there."""
        if self.server is not None:
            mine = [uid for uid in self.server.indexes() if uid.startswith(f"{self.settings.namespace}-")]
            return [uid for uid in mine if not uid.endswith("-current")]
        return [one.name for one in self.settings.folder.iterdir() if one.is_dir()]

    def damage(self) -> None:
        """What lies there cannot be read any more."""
        if self.server is not None:
            for uid in self.generations():
                self.server.delete(uid)
            return
        for name in self.generations():
            (self.settings.folder / name / "meta.json").write_text("{ broken")

    def take_away(self) -> None:
        """Nothing is left."""
        if self.server is not None:
            for uid in self.server.indexes():
                if uid.startswith(f"{self.settings.namespace}-"):
                    self.server.delete(uid)
        shutil.rmtree(self.settings.folder, ignore_errors=True)


def place(request: pytest.FixtureRequest, folder: Path) -> Place:
    """A place for the engine that the test asks for; each has a namespace of its own."""
    if request.param == "embedded":
        return Place(EngineSettings(folder=folder), None)
    server: Meilisearch = request.getfixturevalue("meilisearch")
    settings = EngineSettings(folder, server.url, server.key, f"t{uuid4().hex[:12]}")
    return Place(settings, server)


@pytest.fixture(scope="module", params=ENGINES)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine with the whole catalogue, for reading only."""
    where = place(request, tmp_path_factory.mktemp("shared") / "index")
    return filled(open_engine(where.settings), catalogue())


@pytest.fixture(name="place", params=ENGINES)
def own_place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where the index of this test alone lies; nothing is there yet."""
    return place(request, tmp_path / "index")


@pytest.fixture
def engine_settings(place: Place) -> EngineSettings:
    return place.settings


@pytest.fixture
def engine(engine_settings: EngineSettings) -> Engine:
    """An engine without an index."""
    return open_engine(engine_settings)
