"""A typed text -> final words: every word is read against the index's own vocabulary, in this order: one of
the names of a concept, the word as it stands there, another form of a word there, the beginning of words
there, a word that sounds the same, a near spelling. Before that, what was typed with the wrong keyboard
layout on is put right."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.keyboards import EN_TO_RU, EN_TO_UK, RU_TO_EN, UK_TO_EN
from search.lexicon import MARK, Found, Lexicon
from search.query import PreparedQuery, Term, TermKind, Word
from search.sound import sound
from search.text import (
    STOP_WORDS,
    Token,
    clean,
    dictionary_forms,
    join_codes,
    telling,
    tokens,
    whole_title,
)

MOST_WORDS = 12
MOST_LETTERS = 300
MOST_PREFIX_TERMS = 60
SHORTEST_PREFIX = 2
# Below four letters nearly every word is near another; from eight on, two slips are common.
SHORTEST_SPELLING = 4
TWO_SLIPS_FROM = 8
# In a short word another first letter is another word.
SURE_FROM = 6
NAME_WITH_DIGITS = 6  # letters from which on a word with digits in it is a name and no code
SHORTEST_SOUND = 4
SHORTEST_WHOLE_SOUND = 3
SHORTEST_RELAID = 4
# What stands between a lip sound and я, ю, є, ї is meant as an apostrophe; so is the soft sign of Russian.
_TORN_SIGN = re.compile(r"(?<=[бпвмфкр])(?:[^\w\s]{1,2}|ь)(?=[яюєї])", re.IGNORECASE)
_TORN_WORD = re.compile(r"(\w*[бпвмфкр]) ([яюєї]\w+)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W_]")
LAYOUTS = (EN_TO_UK, EN_TO_RU, UK_TO_EN, RU_TO_EN)


@dataclass(frozen=True, slots=True)
class Entry:
    """A folded word of the index: its dictionary forms, how it is written, and its number of documents."""

    lemmas: tuple[str, ...]
    written: str
    documents: int


class Vocabulary:
    """The words of one state of an index: folded word -> Entry."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self.lemmas = frozenset(lemma for entry in entries.values() for lemma in entry.lemmas)
        words = [word for word in entries if not word.startswith(MARK)]
        self._sorted = sorted(words)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._sorted:
            if word.isalpha() or sum(map(str.isalpha, word)) >= NAME_WITH_DIGITS:
                self._by_length[len(word)].append(word)
        self._sounds: list[str] = []
        self._by_sound: dict[str, list[str]] | None = None

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, int]]) -> "Vocabulary":
        """From rows (folded word, dictionary form, as written, documents)."""
        entries: dict[str, Entry] = {}
        for surface, lemma, written, documents in rows:
            known = entries.get(surface)
            if known is None:
                # Equal strings are one: there may be hundreds of thousands.
                form, shown = (surface if one == surface else one for one in (lemma, written))
                entries[surface] = Entry((form,), shown, documents)
                continue
            forms = known.lemmas if lemma in known.lemmas else tuple(sorted((*known.lemmas, lemma)))
            shown = written if documents > known.documents else known.written
            entries[surface] = Entry(forms, shown, max(documents, known.documents))
        return cls(entries)

    def begins(self, prefix: str) -> bool:
        """Whether any word begins with `prefix`."""
        place = bisect_left(self._sorted, prefix)
        return place < len(self._sorted) and self._sorted[place].startswith(prefix)

    def beginning_with(self, prefix: str) -> list[str]:
        """Words that begin with `prefix`, the most common first, not too many."""
        start = bisect_left(self._sorted, prefix)
        found = []
        for word in self._sorted[start:]:
            if not word.startswith(prefix):
                break
            found.append(word)
        found.sort(key=lambda word: (-self.entries[word].documents, len(word), word))
        return found[:MOST_PREFIX_TERMS]

    def sounding(self, word: str) -> list[str]:
        """Words that sound as `word` does; else those that begin so; else the one a slip away."""
        if self._by_sound is None:
            by_sound: dict[str, list[str]] = defaultdict(list)
            for other in chain.from_iterable(self._by_length.values()):
                by_sound[sound(other)].append(other)
            self._sounds = sorted(by_sound)
            self._by_sound = by_sound
        heard = sound(word)
        for way in (heard, sound(word.replace("j", "zh"))):
            if way in self._by_sound:
                return self._by_sound[way]
        if len(heard) < SHORTEST_SOUND:
            return []
        begun: list[str] = []
        for place in range(bisect_left(self._sounds, heard), len(self._sounds)):
            if not self._sounds[place].startswith(heard):
                break
            begun += self._by_sound[self._sounds[place]]
        if begun:
            return sorted(begun, key=lambda other: -self.entries[other].documents)[:MOST_PREFIX_TERMS]
        slips = 2 if len(heard) >= TWO_SLIPS_FROM else 1
        near = process.extractOne(heard, self._sounds, scorer=OSA.distance, score_cutoff=slips)
        return self._by_sound[near[0]] if near is not None else []

    def nearest(self, word: str) -> str | None:
        """The word that `word` is most likely a slip of: fewest changed letters, then the most common."""
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(word) - slips, len(word) + slips + 1):
            for other in self._by_length.get(length, ()):
                if len(word) < SURE_FROM and other[0] != word[0]:
                    continue
                distance = OSA.distance(word, other, score_cutoff=slips)
                if distance <= slips:
                    candidate = (distance, -self.entries[other].documents, other)
                    best = min(best, candidate) if best is not None else candidate
        return best[2] if best is not None else None


class Reader:
    """Reads texts against one vocabulary and lexicon."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon, *, exact: bool) -> None:
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._exact = exact

    def read(self, text: str) -> PreparedQuery:
        """Words beyond the twelfth are left out (`cut` tells); small words such as «для» count only when
        nothing else is there."""
        cleaned = clean(text)
        cut = len(cleaned) > MOST_LETTERS
        cleaned = cleaned[:MOST_LETTERS]
        relaid = cleaned if self._exact else self._relaid(self._rejoined(cleaned))
        found = list(tokens(relaid))
        row = telling(found)
        words = list(self._words(row[:MOST_WORDS], relaid))
        if relaid != cleaned and self._changed_words(cleaned, relaid):
            words = [replace(word, changed=True) for word in words]
        return PreparedQuery(
            tuple(words),
            " ".join(token.surface for token in found),
            cut or len(row) > MOST_WORDS,
            self._marked(words),
            whole_title(_read_as(words)),
        )

    def _marked(self, words: Iterable[Word]) -> frozenset[str]:
        marked: set[str] = set()
        for word in words:
            marked |= set(word.surfaces)
            for term in word.terms:
                marked |= self._lexicon.single_words.get(term.text, frozenset({term.text}))
        return frozenset(one for one in marked if not one.startswith(MARK))

    def _words(self, row: Sequence[Token], text: str) -> Iterator[Word]:
        named = {} if self._exact else self._named(row)
        place = 0
        while place < len(row):
            found = named.get(place)
            if found is not None and found.end - found.start > 1:
                yield self._phrase(row[found.start : found.end], text, found.term)
                place = found.end
                continue
            token = row[place]
            written = text[token.start : token.end].lower()
            yield self._word(token, written, found.term if found is not None else None)
            place += 1

    def _named(self, row: Sequence[Token]) -> dict[int, Found]:
        """Concepts that the index knows, by the place where their name begins."""
        known = self._vocabulary.lemmas
        return {found.start: found for found in self._lexicon.concepts.found(row) if found.term in known}

    def _phrase(self, row: Sequence[Token], text: str, term: str) -> Word:
        surfaces = tuple(token.surface for token in row)
        written = [text[token.start : token.end].lower() for token in row]
        parts = tuple(
            Word((token.surface,), form, _known(token, form, self._vocabulary))
            for token, form in zip(row, written, strict=True)
        )
        if all(part.terms for part in parts):
            return Word(
                surfaces, text[row[0].start : row[-1].end].lower(), (Term(term, "exact"),), parts=parts
            )
        return Word(surfaces, self._lexicon.shown[term], (Term(term, "exact"),), changed=True)

    def _word(self, token: Token, written: str, concept: str | None) -> Word:
        surfaces = (token.surface,)
        known = _known(token, written, self._vocabulary)
        if known and known[0].kind == "lemma" and not self._exact and token.surface.isascii():
            # English endings are stripped boldly: «javas» is Java with an ending, or JavaScript begun.
            begun = self._vocabulary.beginning_with(token.surface)
            known = (*known, *_terms(begun, self._vocabulary.entries, "prefix"))
        if concept is not None and known:
            return Word(surfaces, written, (*known, Term(concept, "concept")))
        if concept is not None:
            return Word(surfaces, self._lexicon.shown[concept], (Term(concept, "exact"),), changed=True)
        if known or self._exact:
            return Word(surfaces, written, known)
        return self._guessed(token, written)

    def _guessed(self, token: Token, written: str) -> Word:
        surfaces, entries = (token.surface,), self._vocabulary.entries
        length = len(token.surface)
        beginnings = self._vocabulary.beginning_with(token.surface) if length >= SHORTEST_PREFIX else ()
        if beginnings:
            # Of «робото…» робототехніка is a beginning, роботою only another case of робота.
            own = [
                word for word in beginnings if any(f.startswith(token.surface) for f in entries[word].lemmas)
            ]
            return Word(surfaces, written, _terms(own or beginnings, entries, "prefix"))
        # 4 stands for ч in Latin letters; a code is what it is.
        if (
            not token.surface.replace("4", "").isalpha()
            and sum(map(str.isalpha, token.surface)) < NAME_WITH_DIGITS
        ):
            return Word(surfaces, written, ())
        if length < SHORTEST_SPELLING:
            # «кпи» is КПІ; of so few letters nothing but the sound as a whole is tried.
            alike = self._vocabulary.sounding(token.surface) if length >= SHORTEST_WHOLE_SOUND else []
            shown = entries[alike[0]].written if alike else written
            return Word(surfaces, shown, _terms(alike, entries, "spelling"), changed=bool(alike))
        near = self._vocabulary.nearest(token.surface)
        alike = (
            []
            if near is not None and not token.surface.isascii()
            else self._vocabulary.sounding(token.surface)
        )
        if not alike and near is not None:
            alike = [near]
        if not alike:
            return Word(surfaces, written, ())
        return Word(surfaces, entries[alike[0]].written, _terms(alike, entries, "spelling"), changed=True)

    @staticmethod
    def _changed_words(before: str, after: str) -> bool:
        """Whether more was put right than blanks and apostrophes."""
        return _LETTERS.findall(before.lower()) != _LETTERS.findall(after.lower())

    def _rejoined(self, text: str) -> str:
        """Words that were torn: a code («ф 3»), a word at its apostrophe («комп"ютерні», «комп ютерні»)."""
        text = _TORN_SIGN.sub("’", join_codes(text))
        return _TORN_WORD.sub(self._joined, text)

    def _joined(self, found: re.Match[str]) -> str:
        joined = found[1] + "’" + found[2]
        row = list(tokens(joined))
        known = len(row) == 1 and (
            _known(row[0], joined.lower(), self._vocabulary) or self._vocabulary.begins(row[0].surface)
        )
        return joined if known else found[0]

    def _relaid(self, text: str) -> str:
        """The text with those pieces put right that were typed with another layout on."""
        return " ".join(self._relaid_piece(piece) for piece in text.split(" "))

    def _relaid_piece(self, piece: str) -> str:
        if self._readable(piece, beginnings=True):
            return piece
        for table in LAYOUTS:
            other = piece.translate(table).lower()
            if other != piece.lower() and self._readable(other, beginnings=len(other) >= SHORTEST_RELAID):
                return other
        return piece

    def _readable(self, piece: str, *, beginnings: bool) -> bool:
        """Whether each word of a piece is known to the index or the lexicon."""
        row = list(tokens(piece))
        if not row:
            return True
        named = {
            place for found in self._lexicon.concepts.found(row) for place in range(found.start, found.end)
        }
        return all(
            place in named
            or token.surface in STOP_WORDS
            or bool(_known(token, token.surface, self._vocabulary))
            or (
                beginnings
                and len(token.surface) >= SHORTEST_PREFIX
                and self._vocabulary.begins(token.surface)
            )
            for place, token in enumerate(row)
        )


def prepare(
    text: str, vocabulary: Vocabulary, lexicon: Lexicon | None = None, *, exact: bool = False
) -> PreparedQuery:
    """Read a typed text. With `exact`, words are taken as they stand: other forms of a word are met, but
    neither concepts, layouts, beginnings, sounds nor near spellings are tried."""
    return Reader(vocabulary, lexicon or Lexicon(), exact=exact).read(text)


def _read_as(words: Iterable[Word]) -> Iterator[str]:
    """The dictionary form that each typed word was read as first."""
    for word in words:
        if word.parts:
            yield from _read_as(word.parts)
        elif word.terms:
            yield word.terms[0].text


def _terms(words: Iterable[str], entries: Mapping[str, Entry], kind: TermKind) -> tuple[Term, ...]:
    forms = (lemma for word in words for lemma in entries[word].lemmas)
    return tuple(Term(lemma, kind) for lemma in dict.fromkeys(forms))


def _known(token: Token, written: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """The word itself, or another form of a word of the index."""
    entry = vocabulary.entries.get(token.surface)
    if entry is not None:
        return tuple(Term(lemma, "exact") for lemma in entry.lemmas)
    for form in dictionary_forms(token, written):
        if form in vocabulary.lemmas:
            return (Term(form, "lemma"),)
    return ()
