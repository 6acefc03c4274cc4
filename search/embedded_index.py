"""The embedded engine's files: schema, documents in, one opened state of an index.

Each text field holds a document's words twice: in dictionary form, and as they stand with "=" in front, so
that the exact word can count more than another form. `vocabulary` holds "folded\tform\twritten" for every
word: the term dictionary of the index is its vocabulary, and keeps it true through every edit.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import tantivy

from search.engine import IndexMissing
from search.kept_words import Words
from search.lexicon import Lexicon
from search.order import UNKNOWN_LAST, price_key, score_key, title_bits
from search.prepare import Vocabulary
from search.query import Hit
from search.schema import CLOSED, FACETS, RUNNING, TEXT_WEIGHTS, Document
from search.text import title_keys
from search.words import field_words

SCHEMA_VERSION = "v4"
EXACT = "="
ORDERS = ("default", "by_title", "by_price", "by_score", "by_fresh")

# How much more an open listing's match counts than a closed one's. Above 40 (the best place and form against
# the worst) closed ones come last; 2 to this power must still fit tantivy's 32-bit arithmetic.
_FACTOR_OPEN = 110.0


def schema() -> tantivy.Schema:
    """The tantivy schema of SCHEMA_VERSION."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("payload", stored=True)
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("vocabulary", tokenizer_name="raw", index_option="basic")
    for name in TEXT_WEIGHTS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(facet, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_float_field("factor", fast=True)
    for order in ORDERS:
        if order == "by_title":
            builder.add_text_field(order, tokenizer_name="raw", index_option="basic", fast=True)
        else:
            builder.add_unsigned_field(order, fast=True)
    return builder.build()


def tantivy_document(document: Document, lexicon: Lexicon) -> tantivy.Document:
    """A document as the index keeps it."""
    out = tantivy.Document()
    out.add_text("id", document.id)
    out.add_bytes("payload", orjson.dumps(document.payload))
    for title in filter(None, (document.title, document.title_en)):
        for key in title_keys(title):
            out.add_text("whole", key)
    vocabulary: set[str] = set()
    for name in TEXT_WEIGHTS:
        words = field_words(document.text(name), lexicon)
        vocabulary |= words.vocabulary
        for term in words.terms:
            out.add_text(name, term)
        for surface in words.surfaces:
            out.add_text(name, EXACT + surface)
    for row in vocabulary:
        out.add_text("vocabulary", row)
    for facet, values in document.facets.items():
        for value in dict.fromkeys(values):
            out.add_text(facet, value)
    _add_orders(out, document)
    return out


def _add_orders(out: tantivy.Document, document: Document) -> None:
    """Sort keys: closed listings last in every order, then the order itself, then the title."""
    closed = document.rank == CLOSED
    title = title_bits(document.title_key)
    price, score = price_key(document), score_key(document)
    age = max(0, (1 << 20) - 1 - document.freshness)
    out.add_unsigned("default", (RUNNING - document.rank) << 40 | age << 18 | title)
    out.add_unsigned("by_price", int(closed) << 60 | min(price, UNKNOWN_LAST) << 18 | title)
    out.add_unsigned("by_score", int(closed) << 60 | min(score, UNKNOWN_LAST) << 18 | title)
    out.add_unsigned("by_fresh", int(closed) << 60 | age << 18 | title)
    out.add_text("by_title", f"{int(closed)}{document.title_key}\t{document.id}")
    out.add_float("factor", _factor(document))


def _factor(document: Document) -> float:
    """The value behind tantivy's `weight_by_field`, which multiplies a score by log2(2 + value): open
    listings far before closed ones; among equal matches a running one, then a fresher one, by a hair."""
    hair = 0.01 * (document.rank == RUNNING) + 0.005 * document.freshness / (1 << 20)
    factor = (1.0 if document.rank == CLOSED else _FACTOR_OPEN) * (1 + hair)
    return float(2.0**factor - 2)


class State:
    """One opened state of an index: what one commit left, named by `generation`."""

    def __init__(self, folder: Path, generation: str) -> None:
        self.folder = folder
        self.generation = generation
        try:
            self.index = tantivy.Index.open(str(folder))
            self.searcher = self.index.searcher()
        except (ValueError, OSError) as error:
            raise IndexMissing(f"the index in {folder} cannot be opened: {error}") from error
        self.schema = self.index.schema

    def hits(self, addresses: Iterable[tantivy.DocAddress]) -> list[Hit]:
        """The listings at these addresses. Kept answers hold them by the thousand: a number and, for all of
        an answer, one function."""
        stored = self._stored
        return [Hit(address.segment_ord << 32 | address.doc, stored) for address in addresses]

    def _stored(self, key: int) -> tuple[str, Mapping[str, Any]]:
        document = self.searcher.doc(tantivy.DocAddress(key >> 32, key & 0xFFFFFFFF))
        payload: Any = document.get_first("payload")
        return str(document.get_first("id")), orjson.loads(bytes(payload))

    def read_words(self) -> Words:
        """The term dictionary of the index as a vocabulary."""
        rows = _rows(self.searcher.terms_with_prefix("vocabulary", ""))
        return Words(self.generation, Vocabulary.of(rows))


def _rows(terms: Iterable[tuple[str, int]]) -> Iterable[tuple[str, str, str, int]]:
    for term, documents in terms:
        surface, lemma, written = term.split("\t")
        yield surface, lemma, written, documents


def read_position(folder: Path) -> int:
    """The log position an index stands for."""
    try:
        return int(json.loads((folder / "position.json").read_text())["position"])
    except (OSError, ValueError, KeyError) as error:
        raise IndexMissing(f"the index in {folder} does not say which changes it holds") from error


def write_position(folder: Path, position: int) -> None:
    draft = folder / "position.new"
    draft.write_text(json.dumps({"position": position}))
    draft.replace(folder / "position.json")
