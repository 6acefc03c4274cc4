"""What Meilisearch is told about our documents: its settings, versioned, and documents in its form.

Words are matched by filters over `terms` (a word may stand for several index words, and a filter can say "any
of these", which a query string cannot); the query string only ranks what the filters found.
"""

import hashlib
import re
import unicodedata
from typing import Any

import orjson

from search.lexicon import Lexicon
from search.order import price_key, score_key, title_bits
from search.schema import CLOSED, FACETS, TEXT_WEIGHTS, Document
from search.text import clean, telling, title_keys, tokens
from search.words import field_words

STATE_ID = "_state"
EVERYTHING = "everything"  # a word of every document, for queries that must narrow nothing
LONGEST_RUN = 4  # typed words in a row that may stand in a title as they were typed
MOST_QUERY_WORDS = 10  # Meilisearch ignores those beyond

# Text fields with the same weight share one attribute.
ATTRIBUTES = {
    "title": "title_words",
    "names": "name_words",
    "skills": "name_words",
    "summary": "summary_words",
    "description": "description_words",
}
_WEIGHT_OF_ATTRIBUTE = {attribute: TEXT_WEIGHTS[name] for name, attribute in ATTRIBUTES.items()}


def _searchable() -> list[str]:
    """Attributes at places that say what they are worth.

    The attribute rule adds up, over the words, the places of the attributes they were met in; unused names in
    between make the distances those of TEXT_WEIGHTS, so the sums order documents as the weights do.
    """
    best = max(_WEIGHT_OF_ATTRIBUTE.values())
    places = {round(best - weight): attribute for attribute, weight in _WEIGHT_OF_ATTRIBUTE.items()}
    return [places.get(place, f"unused_{place}") for place in range(max(places) + 1)] + ["marks"]


SETTINGS: dict[str, Any] = {
    "searchableAttributes": _searchable(),
    "filterableAttributes": [
        {
            "attributePatterns": [*FACETS, "terms", "whole", "vocabulary", "listing"],
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": False}},
        }
    ],
    "sortableAttributes": ["open", "rank", "freshness", "price", "score", "title_bits", "title_order"],
    "rankingRules": [
        "sort",
        "open:desc",
        "words",
        "attribute",
        "rank:desc",
        "freshness:desc",
        "title_bits:asc",
    ],
    # Every attribute in Meilisearch's default list, and payloads are opaque strings: nothing else is shown.
    "displayedAttributes": ["id", "payload", "position", "change"],
    # The words are final when they come here; Meilisearch's own guesses would make the engines disagree.
    "typoTolerance": {"enabled": False},
    "proximityPrecision": "byAttribute",
    "facetSearch": False,
    "pagination": {"maxTotalHits": 10_000_000},
    "faceting": {"maxValuesPerFacet": 10_000_000},
}
DOCUMENT_VERSION = 4
"""To be raised when documents are written differently."""

VERSION = f"v{DOCUMENT_VERSION}-{hashlib.blake2b(orjson.dumps(SETTINGS), digest_size=4).hexdigest()}"
"""Part of an index's name, with the digest of the lexicon: with other settings or documents there is no index
yet, and one is built."""

# Meilisearch ranks an early word over a late one, which says nothing here. From this far on all places
# count as one (its buckets of positions double in width), so every attribute begins with this much nothing.
_FILLER = "0. " * 32
_PLAIN = re.compile(r"[^\W_]([^\W_]|[ +#.-])*")
_LONGEST_ROW = 400  # bytes; Meilisearch cuts a filterable value at 468


def value_key(value: str) -> str:
    """A value as Meilisearch can compare it exactly: it folds case and compatible characters when it filters,
    so a value that this would change is written as "~" and hexadecimal digits."""
    if _PLAIN.fullmatch(value) and value == unicodedata.normalize("NFKC", value.lower()) and value[-1] != " ":
        return value
    return f"~{value.encode().hex()}"


def value_of(key: str) -> str:
    """The value behind a `value_key`."""
    return bytes.fromhex(key[1:]).decode() if key.startswith("~") else key


def digest(text: str) -> str:
    """A text as one short word."""
    return f"h{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"


def word_token(word: str) -> str:
    """A folded word in letters and digits only, so that Meilisearch takes it as one word; beginnings stay
    beginnings."""
    return "".join(letter if letter.isalnum() else f"x{ord(letter):x}x" for letter in word)


def run_token(surfaces: list[str]) -> str:
    """Typed words in a row as one word."""
    return digest("\t".join(surfaces))


def meilisearch_document(document: Document, lexicon: Lexicon) -> dict[str, Any]:
    """A document as Meilisearch keeps it. Attributes: see SETTINGS; facets under their own names."""
    terms: set[str] = set()
    vocabulary: set[str] = set()
    attributes: dict[str, dict[str, None]] = {attribute: {} for attribute in _WEIGHT_OF_ATTRIBUTE}
    for name, attribute in ATTRIBUTES.items():
        words = field_words(document.text(name), lexicon)
        terms |= {value_key(term) for term in words.terms}
        vocabulary |= {row for row in words.vocabulary if len(row.encode()) <= _LONGEST_ROW}
        attributes[attribute] |= {word_token(word): None for word in (*words.terms, *words.surfaces)}
    titles = [title for title in (document.title, document.title_en) if title]
    runs = {run for title in titles for run in _runs(title)}
    return {
        "id": document.id,
        "listing": "yes",
        "payload": orjson.dumps(document.payload).decode(),
        "terms": sorted(terms),
        "vocabulary": sorted(vocabulary),
        "whole": [digest(key) for title in titles for key in title_keys(title)],
        **{attribute: f"{_FILLER}{' '.join(row)}" for attribute, row in attributes.items() if row},
        "marks": f"{_FILLER}{' '.join([EVERYTHING, *sorted(runs)])}",
        **{facet: [value_key(value) for value in values] for facet, values in document.facets.items()},
        "open": int(document.rank != CLOSED),
        "rank": document.rank,
        "freshness": document.freshness,
        "price": price_key(document),
        "score": score_key(document),
        "title_bits": title_bits(document.title_key),
        # Meilisearch compares strings by letters it has taken apart; hexadecimal digits keep the order.
        "title_order": f"{document.title_key.encode().hex()[:_LONGEST_ROW]}!{document.id}",
    }


def _runs(title: str) -> set[str]:
    """Every run of up to LONGEST_RUN telling words of a title."""
    surfaces = [token.surface for token in telling(tokens(clean(title)))]
    return {
        run_token(surfaces[start : start + length])
        for length in range(1, LONGEST_RUN + 1)
        for start in range(len(surfaces) - length + 1)
    }
