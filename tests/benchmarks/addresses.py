"""The addresses that all servers of a run are asked for: deterministic lists drawn from the catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from random import Random
from urllib.parse import urlencode

from applicant_portal.catalogue import queries
from applicant_portal.catalogue.documents import document
from applicant_portal.finder.params import SearchParams
from applicant_portal.kit.db import Database
from search.schema import Document
from tests.benchmarks.peer import FACETS_SHOWN, SHOWN
from tests.benchmarks.questions import SEED, drawn

BATCH = 500
PAGE, JSON = "search page", "JSON search"
NO_FACETS = f"{PAGE}, no facets"
WHOLE_PAGE, WHOLE_JSON = f"{PAGE}, whole words", f"{JSON}, whole words"
"""Without the questions whose last word is cut or has a slip: Datasette finds nothing for most of those, and
an empty answer is cheap."""

Lists = Mapping[str, Sequence[str]]


def documents(database: Database, today: date, most: int | None = None) -> Iterator[Document]:
    """All public listings as documents, or `most` of them at even steps."""
    with database.read() as session:
        ids = queries.published_ids(session)
        if most is not None:
            ids = ids[:: max(1, len(ids) // most)][:most]
        for start in range(0, len(ids), BATCH):
            for listing in queries.searchable(session, ids[start : start + BATCH]):
                yield document(listing, today)
            session.expunge_all()


def lists(sample: Sequence[Document], number: int) -> tuple[Lists, Lists]:
    """(ours, Datasette's): kind of address -> `number` addresses; the same questions in the same order."""
    asked = drawn(sample, number)
    whole = [SearchParams(one.text, one.filters) for place, one in enumerate(asked) if place % 10 < 6]
    chance = Random(SEED)
    shown = [chance.choice(sample) for _ in range(number)]
    begun = [question.text[: chance.randint(2, 8)] for question in asked]
    params = [SearchParams(question.text, question.filters) for question in asked]
    ours = {
        PAGE: [one.address("/search") for one in params],
        "listing page": [str(listing.payload["path"]) for listing in shown],
        "suggest": [f"/api/v1/suggest?{urlencode({'q': text})}" for text in begun],
        JSON: [one.address("/api/v1/search") for one in params],
        WHOLE_PAGE: [one.address("/search") for one in whole],
        WHOLE_JSON: [one.address("/api/v1/search") for one in whole],
    }
    theirs = {
        PAGE: [_datasette(one, "", FACETS_SHOWN) for one in params],
        NO_FACETS: [_datasette(one, "", ()) for one in params],
        "listing page": [f"/bench/listings/{listing.id}" for listing in shown],
        JSON: [_datasette(one, ".json", FACETS_SHOWN) for one in params],
        WHOLE_PAGE: [_datasette(one, "", FACETS_SHOWN) for one in whole],
        WHOLE_JSON: [_datasette(one, ".json", FACETS_SHOWN) for one in whole],
    }
    return ours, theirs


def digest(given: Lists) -> str:
    """Tells whether two runs asked the same."""
    lines = "\n".join(line for kind in sorted(given) for line in given[kind])
    return sha256(lines.encode()).hexdigest()[:16]


def _datasette(params: SearchParams, ending: str, facets: Sequence[str]) -> str:
    pairs = [("_search", params.text)]
    pairs += [(facet, value) for facet, values in params.filters.items() for value in values]
    pairs += [("_facet", facet) for facet in facets]
    pairs += [("_col", column) for column in SHOWN]
    return f"/bench/listings{ending}?{urlencode(pairs)}"
