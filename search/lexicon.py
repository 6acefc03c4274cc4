"""What is one thing under several names, and which words mean a filter: read from data, matched in texts.

A concept («машинне навчання», machine learning, ML, машинное обучение) is a term of its own in the index:
documents that hold any of its names hold it, and a question that holds any of them asks for it.
"""

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import snowballstemmer

from search.text import Token, clean, telling, tokens

MARK = "#"
"""Begins the index term of a concept; no word of a text can."""

_RUSSIAN_ONLY = frozenset("ыэъё")
_stemmer = snowballstemmer.stemmer("russian")
# It keeps the word it is at in itself: of two threads in it, one would get letters of the other's word, and
# the wrong stem would be remembered.
_stemming = Lock()


@lru_cache(maxsize=50_000)
def russian_stem(word: str) -> str:
    """A folded Cyrillic word without its Russian ending."""
    with _stemming:
        return str(_stemmer.stemWord(word))


@dataclass(frozen=True, slots=True)
class Found:
    """A name met in a text: tokens `start` to `end` (not included) and the index term it stands for."""

    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of a concept, word by word, in each form it may be met in."""

    term: str
    surfaces: tuple[str, ...]
    lemmas: tuple[str, ...]
    stems: tuple[str, ...]
    exact: bool


class Names:
    """Names of many words, found in a row of tokens: the longest first, none within another."""

    def __init__(self, names: Iterable[_Name]) -> None:
        self._by_first: dict[str, list[_Name]] = defaultdict(list)
        for name in names:
            for first in {name.surfaces[0], name.lemmas[0], name.stems[0]}:
                self._by_first[first].append(name)

    def found(self, row: Sequence[Token], *, nested: bool = False) -> list[Found]:
        """The names in a row of tokens, in order: the longest at each place, none within another; with
        `nested` also those within."""
        result = []
        place = 0
        while place < len(row):
            names = self._at(row, place)
            result += [
                Found(place, place + len(one.surfaces), one.term)
                for one in names
                if nested or one is names[0]
            ]
            place += len(names[0].surfaces) if names and not nested else 1
        return result

    def _at(self, row: Sequence[Token], place: int) -> list[_Name]:
        """Names that begin at a place: longer ones first, of one length those met as they are written."""
        token = row[place]
        keys = dict.fromkeys((token.surface, token.lemma, russian_stem(token.surface)))
        met = [
            name
            for key in keys
            for name in self._by_first.get(key, ())
            if place + len(name.surfaces) <= len(row) and _met(name, row[place:])
        ]
        return sorted(
            dict.fromkeys(met),
            key=lambda name: (
                -len(name.surfaces),
                name.surfaces != _surfaces(row, place, len(name.surfaces)),
            ),
        )


def _surfaces(row: Sequence[Token], start: int, length: int) -> tuple[str, ...]:
    return tuple(token.surface for token in row[start : start + length])


def _met(name: _Name, row: Sequence[Token]) -> bool:
    for place, surface in enumerate(name.surfaces):
        token = row[place]
        if token.surface == surface:
            continue
        if name.exact:
            return False
        if token.lemma != name.lemmas[place] and not (
            name.stems[place] and russian_stem(token.surface) == name.stems[place]
        ):
            return False
    return True


def _name(
    term: str, written: str, *, exact: bool = False, russian: bool = False, whole: bool = False
) -> _Name | None:
    every = list(tokens(clean(written)))
    row = every if whole else telling(every)
    if not row:
        return None
    return _Name(
        term,
        tuple(token.surface for token in row),
        tuple(token.lemma for token in row),
        tuple(russian_stem(token.surface) if russian else "" for token in row),
        exact,
    )


@dataclass(frozen=True, slots=True)
class Intent:
    """Words that mean a filter; `alone` where they may be all that is asked."""

    id: str
    filters: Mapping[str, tuple[str, ...]]
    alone: bool


class Lexicon:
    """Concepts, intents, words that say how somebody asks (`manner`), names of cities. `digest` changes with
    the concepts: an index written with others is another index."""

    def __init__(
        self,
        concepts: Sequence[Mapping[str, Any]] = (),
        intents: Sequence[Mapping[str, Any]] = (),
        manner: Iterable[str] = (),
        cities: Mapping[str, Sequence[str]] | None = None,
        regions: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.shown: dict[str, str] = {}
        names: list[_Name | None] = []
        for concept in concepts:
            term = MARK + concept["id"]
            self.shown[term] = concept["uk"][0] if concept.get("uk") else concept["en"][0]
            names += [_name(term, one) for key in ("uk", "en") for one in concept.get(key, ())]
            names += [_name(term, one, exact=True) for one in concept.get("abbr", ())]
            names += [_name(term, one, russian=True) for one in concept.get("ru", ())]
        self.broader = {
            MARK + concept["id"]: self.shown[MARK + concept["broader"]]
            for concept in concepts
            if "broader" in concept
        }
        """Term of a narrow thing -> the name of the one it is part of."""
        self.concepts = Names(filter(None, names))
        self.single_words: dict[str, frozenset[str]] = _single_words(filter(None, names))
        self.intents: dict[str, Intent] = {}
        marks: list[_Name | None] = []
        as_written: list[_Name | None] = []
        for intent in intents:
            filters = {facet: tuple(values) for facet, values in intent["filters"].items()}
            self.intents[intent["id"]] = Intent(intent["id"], filters, intent.get("alone", True))
            names_of = [(one, key == "ru") for key in ("uk", "en", "ru") for one in intent.get(key, ())]
            if intent.get("exact"):
                as_written += [_name(intent["id"], one, exact=True, whole=True) for one, _ in names_of]
            else:
                marks += [_name(intent["id"], one, russian=russian) for one, russian in names_of]
        self.intent_names = Names(filter(None, marks))
        self.intents_as_written = Names(filter(None, as_written))
        self.manner = frozenset(
            form for word in manner for token in tokens(word) for form in (token.surface, token.lemma)
        )
        self.cities = _by_lemmas(cities or {})
        self.regions = _by_lemmas(regions or {})
        # What only questions meet does not make another index.
        self.digest = hashlib.blake2b(repr(concepts).encode(), digest_size=4).hexdigest()

    @classmethod
    def read(cls, folder: Path) -> "Lexicon":
        """From the four files `search_….toml` in a folder. Raises OSError and tomllib.TOMLDecodeError."""
        concepts, intents, manner, cities = (
            tomllib.loads((folder / f"search_{name}.toml").read_text())
            for name in ("concepts", "intents", "manner", "cities")
        )
        every = [word for words in manner.values() for word in words]
        return cls(concepts["concept"], intents["intent"], every, cities["names"], cities["regions"])


def _by_lemmas(places: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], str]:
    return {
        tuple(token.lemma for token in tokens(clean(name))): place
        for place, names in places.items()
        for name in names
    }


def _single_words(names: Iterable[_Name]) -> dict[str, frozenset[str]]:
    """Concept -> its names of one word, folded: what of it can be marked in a text."""
    words: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if len(name.surfaces) == 1:
            words[name.term] |= {name.surfaces[0], name.lemmas[0]}
    return {term: frozenset(found) for term, found in words.items()}
