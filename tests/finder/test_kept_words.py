"""A search that was answered with the words of before is not kept as a page: it would be wrong for good."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from fastapi.testclient import TestClient

from applicant_portal.app import create_app
from applicant_portal.finder import index
from applicant_portal.finder.index import Index
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search.embedded_index import State
from search.kept_words import PATIENCE, Words
from tests.finder.conftest import rename
from tests.seeded import Templates


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """The words of an index take long to read: until this is set."""
    done, read = Event(), State.read_words

    def slowly(state: State) -> Words:
        time.sleep(1.2 * PATIENCE)
        done.wait(30)
        return read(state)

    done.set()
    monkeypatch.setattr(State, "read_words", slowly)
    yield done
    done.set()


def test_an_edit_is_found_once_its_words_have_been_read(
    tmp_path: Path, templates: Templates, reading: Event
) -> None:
    settings = Settings(data_dir=templates.portal(tmp_path / "data"))
    database = Database(settings.database_url)
    app = create_app(settings)
    # Not entered: its own indexer would be in the way.
    client = TestClient(app)
    address = "/api/v1/search?q=кувакакалка"
    assert client.get(address).json()["total"] == 0
    (followed,) = index.opened(settings, database)
    reading.clear()
    rename(database, "Кувакакалка")
    _follow(database, followed)
    # Nobody waits for the words.
    assert [client.get(address).json()["total"] for _ in range(20)] == [0] * 20
    reading.set()
    until = time.monotonic() + 10
    while client.get(address).json()["total"] == 0:
        assert time.monotonic() < until, "the answer with the words of before was kept"
        time.sleep(0.02)
    database.dispose()


def _follow(database: Database, followed: Index) -> None:
    assert followed.lead.take()
    index.follow(database, followed, datetime.now(UTC).date())
    followed.leave()
