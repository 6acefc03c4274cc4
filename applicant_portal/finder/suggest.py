"""What the portal suggests while somebody types: titles, institutions, professions, cities.

Entries are read from the catalogue once for each generation of the index, a few columns of each row.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock, Thread
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from applicant_portal.catalogue import name_queries, places
from applicant_portal.catalogue.name_queries import ListingName
from applicant_portal.finder import words
from applicant_portal.finder.params import SearchParams
from applicant_portal.kit import typography
from applicant_portal.kit.db import Database
from applicant_portal.kit.i18n import Gettext, Lang, Ngettext, localized, translations
from search.engine import SearchError, Searching
from search.query import SearchQuery
from search.suggest import Entry, Suggester, Suggestion
from search.text import fold

log = logging.getLogger(__name__)

ALIASES_SHOWN = 3
# Building takes a core: a catalogue that changes all the time gives it at most a tenth of its time.
REST = 9


class _House(NamedTuple):
    """An institution: how it is called in the language, what else it is called."""

    slug: str
    label: str
    detail: str
    names: tuple[str, ...]


def entries(session: Session, cities: Mapping[str, int], lang: Lang) -> Iterator[Entry]:
    """All that may be suggested, with words and addresses in one language.

    `cities`: city -> listings the search finds in it. They may be fewer than the catalogue has there: a
    place that nobody has confirmed for long is no place to filter by.
    """
    said = translations(lang)
    houses = dict(_houses(session, lang))
    yield from _listings(name_queries.listings(session), houses, lang, said.gettext, said.ngettext)
    yield from _institutions(houses, name_queries.listings_of_institutions(session), lang)
    yield from _professions(session, lang)
    yield from _cities(cities, lang, said.ngettext)


def _houses(session: Session, lang: Lang) -> Iterator[tuple[int, _House]]:
    aliases: dict[int, list[str]] = defaultdict(list)
    for owner, alias in name_queries.aliases(session):
        aliases[owner].append(alias)
    for row in name_queries.institutions(session):
        label = (row.name_en if lang == "en" else None) or row.short_name or row.name
        # In English the label is the full name; the short one is what people know it by.
        other = (row.short_name or row.name) if lang == "en" else row.name
        city = places.city_name(row.city, lang) if row.city else None
        detail = " · ".join(filter(None, (other if other != label else None, city)))
        names = (row.name, row.short_name, row.name_en, *aliases[row.id])
        yield row.id, _House(row.slug, label, detail, tuple(filter(None, names)))


def _institutions(houses: Mapping[int, _House], taught: Mapping[int, int], lang: Lang) -> Iterator[Entry]:
    for number, house in houses.items():
        url = localized(f"/universities/{house.slug}", lang)
        shown = Suggestion("institution", house.label, house.detail, url)
        yield Entry(shown, house.names, listings=taught.get(number, 0), first=True)


@dataclass(slots=True)
class _Titled:
    """What the listings of one title have in common; address and detail are those of a lone one."""

    title: str
    names: tuple[str, ...]
    kind: str | None
    running: bool
    url: str
    detail: str
    listings: int = 1

    def add(self, row: ListingName) -> None:
        self.names = tuple({*self.names, *_names(row)})
        self.kind = self.kind if row.kind == self.kind else None
        self.running = self.running or row.state != "closed"
        self.url = self.detail = ""
        self.listings += 1


def _listings(
    rows: Iterable[ListingName],
    houses: Mapping[int, _House],
    lang: Lang,
    _: Gettext,
    ngettext: Ngettext,
) -> Iterator[Entry]:
    """One entry a title: of one listing its page, of several the search for them."""
    by_title: dict[str, _Titled] = {}
    # Thousands of listings are told apart by the same few words: each is kept once.
    details: dict[str, str] = {}
    for row in rows:
        title = _title(row, lang)
        key = fold(title)
        if key in by_title:
            by_title[key].add(row)
            continue
        detail = _where(row, houses, _)
        by_title[key] = _Titled(
            title=title,
            names=_names(row),
            kind=row.kind,
            running=row.state != "closed",
            url=localized(f"/{row.kind}s/{row.slug}", lang),
            detail=details.setdefault(detail, detail),
        )
    while by_title:
        # Taken out one by one, so that the memory of those that are read serves what is made of them.
        same = by_title.popitem()[1]
        url, detail = same.url, same.detail
        if same.listings > 1:
            url = SearchParams(text=same.title).address(localized("/search", lang))
            detail = _how_many(same.kind, same.listings, lang, ngettext)
            detail = details.setdefault(detail, detail)
        shown = Suggestion("listing", same.title, detail, url)
        yield Entry(shown, same.names, listings=same.listings, running=same.running)


def _names(row: ListingName) -> tuple[str, ...]:
    return (row.title, row.title_en) if row.title_en else (row.title,)


def _title(row: ListingName, lang: Lang) -> str:
    return (row.title_en if lang == "en" else None) or row.title


def _where(row: ListingName, houses: Mapping[int, _House], _: Gettext) -> str:
    house = houses.get(row.institution_id or 0)
    closed = words.state("closed", _) if row.state == "closed" else None
    held = house.label if house else row.provider
    return " · ".join(filter(None, (words.kind(row.kind, _), held, closed)))


def _how_many(kind: str | None, count: int, lang: Lang, ngettext: Ngettext) -> str:
    """The search behind it may find more than the listings of this very title, so the words say which.

    `kind`: that of all of them, None if there are several.
    """
    if kind == "programme":
        said = ngettext("%(n)s програма з такою назвою", "%(n)s програм з такою назвою", count)
    else:
        said = ngettext("%(n)s пропозиція з такою назвою", "%(n)s пропозицій з такою назвою", count)
    return said % {"n": typography.number(count, lang)}


def _professions(session: Session, lang: Lang) -> Iterator[Entry]:
    for row in name_queries.professions(session):
        label, other = (row.title_en, row.title_uk) if lang == "en" else (row.title_uk, row.title_en)
        detail = "" if lang == "en" else ", ".join(row.aliases[:ALIASES_SHOWN])
        shown = Suggestion("profession", label, detail, localized(f"/professions/{row.key}", lang))
        yield Entry(shown, (other,), tuple(row.aliases), listings=row.listings)


def _cities(listings: Mapping[str, int], lang: Lang, ngettext: Ngettext) -> Iterator[Entry]:
    for city, count in listings.items():
        known = places.cities().get(city)
        said = ngettext("%(n)s результат", "%(n)s результатів", count)
        url = SearchParams(filters={"city": (city,)}).address(localized("/search", lang))
        detail = said % {"n": typography.number(count, lang)}
        names = (city, known.name_en, known.locative) if known else ()
        yield Entry(
            Suggestion("city", places.city_name(city, lang), detail, url), names, listings=count, first=True
        )


class Suggestions:
    """The suggester of the newest generation of the index, for each language.

    The first one is waited for. Later ones are built beside, and the one before answers meanwhile.
    """

    def __init__(self, database: Database, engine: Searching) -> None:
        self._database = database
        self._engine = engine
        self._kept: dict[Lang, tuple[str, Suggester]] = {}
        self._building = Lock()
        self._not_before = 0.0

    def of(self, lang: Lang) -> Suggester:
        """The suggester to ask now."""
        kept = self._kept.get(lang)
        if kept is None:
            with self._building:
                return (self._kept.get(lang) or self._build(lang, self._engine.generation()))[1]
        try:
            generation = self._engine.generation()
        except SearchError:
            return kept[1]  # whoever searches will be told; suggestions need no engine
        ripe = kept[0] != generation and time.monotonic() >= self._not_before
        if ripe and self._building.acquire(blocking=False):
            Thread(target=self._renew, args=(lang, generation), name="suggestions", daemon=True).start()
        return kept[1]

    def _renew(self, lang: Lang, generation: str) -> None:
        try:
            self._build(lang, generation)
        except (SQLAlchemyError, SearchError):
            log.warning("suggestions stay as they were", exc_info=True)
        finally:
            self._building.release()

    def _build(self, lang: Lang, generation: str) -> tuple[str, Suggester]:
        begun = time.monotonic()
        try:
            cities = dict(self._engine.search(SearchQuery(per_page=1)).facets["city"])
            cities.pop("unknown", None)
            with self._database.read() as session:
                kept = generation, Suggester(entries(session, cities, lang))
        finally:
            self._not_before = time.monotonic() + REST * (time.monotonic() - begun)
        self._kept[lang] = kept
        return kept
