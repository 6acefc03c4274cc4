"""The same rows in SQLite with FTS5: for Datasette, and asked directly as people do it without an engine."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from search.query import SearchQuery
from search.schema import FACETS, TEXT_WEIGHTS, Document

SHOWN = ("title", "title_en", "institution_name", "kind", "city", "degree", "speciality", "price")
"""Columns that Datasette shows, beside the key: what our cards say."""

FACETS_SHOWN = ("kind", "city", "degree", "speciality")
TEXTS: Mapping[str, float] = {
    "title": TEXT_WEIGHTS["title"],
    "title_en": TEXT_WEIGHTS["title"],
    **TEXT_WEIGHTS,
}
"""The searched texts and what they weigh."""

PER_PAGE = 20
_WORD = re.compile(r"\w+")


def export(documents: Iterable[Document], file: Path) -> int:
    """Write `listings` (a column for each facet: its first value) and `listings_fts` over the same texts that
    our engines search; the number of rows."""
    columns = ["id", "institution_name", "price", *FACETS, *TEXTS]
    database = sqlite3.connect(file)
    with database:
        database.execute(f"CREATE TABLE listings ({', '.join(_column(name) for name in columns)})")
        marks = ", ".join("?" * len(columns))
        rows = (_row(document) for document in documents)
        while batch := list(islice(rows, 1000)):
            database.executemany(f"INSERT INTO listings VALUES ({marks})", batch)
        for facet in FACETS:
            database.execute(f"CREATE INDEX listings_{facet} ON listings ({facet})")
        database.execute(
            f'CREATE VIRTUAL TABLE listings_fts USING fts5 ({", ".join(TEXTS)}, content="listings")'
        )
        database.execute("INSERT INTO listings_fts (listings_fts) VALUES ('rebuild')")
        database.execute("INSERT INTO listings_fts (listings_fts) VALUES ('optimize')")
    database.execute("ANALYZE")
    count: int = database.execute("SELECT count(*) FROM listings").fetchone()[0]
    database.close()
    return count


def _column(name: str) -> str:
    return "id TEXT PRIMARY KEY" if name == "id" else f"{name} {'INTEGER' if name == 'price' else 'TEXT'}"


def _row(document: Document) -> list[object]:
    institution = document.payload["institution"]
    row: list[object] = [document.id, institution and institution["name"], document.price]
    row += [document.facets[facet][0] if document.facets.get(facet) else None for facet in FACETS]
    texts = {name: document.text(name) for name in TEXT_WEIGHTS}
    texts |= {"title": document.title, "title_en": document.title_en or ""}
    return row + [texts[name] for name in TEXTS]


class Fts:
    """SQLite asked for one page of hits by bm25 and for the counts of every facet by GROUP BY."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)

    def search(self, query: SearchQuery) -> int:
        """Twenty hits and all facets, not disjunctive; the number of values counted (0: nothing found)."""
        words = " ".join(f'"{word}"' for word in _WORD.findall(query.text))
        where = "WHERE listings_fts MATCH ?"
        values = [words or '""']
        for facet, (value, *_) in query.filters.items():
            where += f" AND {facet} = ?"
            values.append(value)
        found = f"FROM listings_fts JOIN listings ON listings.rowid = listings_fts.rowid {where}"
        weights = ", ".join(str(weight) for weight in TEXTS.values())
        self._database.execute(
            f"SELECT listings.* {found} ORDER BY bm25(listings_fts, {weights}) LIMIT {PER_PAGE}", values
        ).fetchall()
        counted = 0
        for facet in FACETS:
            rows = self._database.execute(f"SELECT {facet}, count(*) {found} GROUP BY {facet}", values)
            counted += len(rows.fetchall())
        return counted
