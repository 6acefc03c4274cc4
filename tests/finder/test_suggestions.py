"""Suggestions follow the generation of the index, and nobody waits for them but the first."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from applicant_portal.catalogue.name_queries import ListingName
from applicant_portal.finder import suggest
from applicant_portal.kit.db import Database
from applicant_portal.kit.i18n import translations
from search.engine import SearchError, Searching
from search.suggest import Entry, Suggestion


@dataclass
class Index:
    """An index whose generation the test sets; it may be away."""

    now: str = "first"
    away: bool = False

    def generation(self) -> str:
        if self.away:
            raise SearchError("away")
        return self.now

    def search(self, query: object) -> Any:
        return SimpleNamespace(facets={"city": {"Харків": 3, "unknown": 1}})


@dataclass
class Catalogue:
    """A catalogue of one title, named after the generation; reading waits for `ready`, and may fail."""

    index: Index
    ready: Event = field(default_factory=Event)
    broken: bool = False
    reads: int = 0

    @contextmanager
    def read(self) -> Iterator[None]:
        self.ready.wait(10)
        self.reads += 1
        if self.broken:
            raise OperationalError("SELECT 1", {}, Exception("away"))
        yield

    def entries(self, session: object, cities: Mapping[str, int], lang: str) -> Iterator[Entry]:
        assert cities == {"Харків": 3}
        yield Entry(Suggestion("listing", f"Курс {self.index.now} {lang}", "", "/"))


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    made = Catalogue(Index())
    made.ready.set()
    monkeypatch.setattr(suggest, "entries", made.entries)
    monkeypatch.setattr(suggest, "REST", 0)
    return made


@pytest.fixture
def suggestions(catalogue: Catalogue) -> suggest.Suggestions:
    return suggest.Suggestions(cast("Database", catalogue), cast("Searching", catalogue.index))


def said(suggestions: suggest.Suggestions) -> str:
    return suggestions.of("uk").suggest("курс")[0].label


def wait_for(suggestions: suggest.Suggestions, label: str) -> None:
    deadline = time.monotonic() + 10
    while said(suggestions) != label:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_each_language_is_read_once_a_generation(
    catalogue: Catalogue, suggestions: suggest.Suggestions
) -> None:
    assert said(suggestions) == said(suggestions) == "Курс first uk"
    assert suggestions.of("en").suggest("курс")[0].label == "Курс first en"
    assert catalogue.reads == 2


def test_the_old_ones_answer_while_the_new_ones_are_built(
    catalogue: Catalogue, suggestions: suggest.Suggestions
) -> None:
    said(suggestions)
    catalogue.ready.clear()
    catalogue.index.now = "second"
    assert {said(suggestions) for _ in range(5)} == {"Курс first uk"}
    catalogue.ready.set()
    wait_for(suggestions, "Курс second uk")
    assert catalogue.reads == 2


def test_a_catalogue_or_an_engine_that_is_away_leaves_the_old_ones_in_place(
    catalogue: Catalogue, suggestions: suggest.Suggestions
) -> None:
    said(suggestions)
    catalogue.broken = True
    catalogue.index.now = "second"
    said(suggestions)
    deadline = time.monotonic() + 10
    while catalogue.reads < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert said(suggestions) == "Курс first uk"
    catalogue.index.away = True
    assert said(suggestions) == "Курс first uk"
    catalogue.broken = catalogue.index.away = False
    wait_for(suggestions, "Курс second uk")


def listing(kind: str, title: str, title_en: str | None = None, state: str = "running") -> ListingName:
    return ListingName(kind, "one", title, title_en, state, "Школа", None)


def titles(*rows: ListingName) -> dict[str, Entry]:
    said = translations("uk")
    entries = suggest._listings(iter(rows), {}, "uk", said.gettext, said.ngettext)
    return {entry.suggestion.label: entry for entry in entries}


def test_a_title_of_one_listing_says_what_it_is_and_where() -> None:
    found = titles(listing("course", "Хмари"), listing("course", "Дані", "Data", "closed"))
    assert found["Хмари"].suggestion == Suggestion("listing", "Хмари", "Курс · Школа", "/courses/one")
    assert found["Дані"].suggestion.detail == "Курс · Школа · закрито"
    assert (found["Дані"].running, found["Хмари"].running) == (False, True)


def test_listings_of_one_title_are_counted_and_every_name_of_theirs_is_kept() -> None:
    found = titles(
        listing("programme", "Хмари", "Clouds", "closed"),
        listing("programme", "Дані", "Data"),
        listing("programme", "ХМАРИ", "Cloud Computing"),
        listing("course", "Дані"),
        listing("programme", "дані"),
    )
    assert {label: entry.suggestion.detail for label, entry in found.items()} == {
        "Хмари": "2 програми з такою назвою",
        "Дані": "3 пропозиції з такою назвою",
    }
    assert set(found["Хмари"].names) == {"Хмари", "ХМАРИ", "Clouds", "Cloud Computing"}
    assert (found["Хмари"].listings, found["Хмари"].running) == (2, True)
    assert found["Дані"].suggestion.url.startswith("/search?q=")
