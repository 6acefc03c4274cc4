"""A typed text -> final words: every word is read against the index's own vocabulary, in this order:
the word as it stands there, another form of a word there, the beginning of words there, a near spelling."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from search import lemmas
from search.query import PreparedQuery, Term, Word
from search.text import Token, clean, fold_word, tokens

MOST_WORDS = 12
MOST_LETTERS = 300
MOST_PREFIX_TERMS = 60
SHORTEST_PREFIX = 2
# Below four letters nearly every word is near another; from eight on, two slips are common.
SHORTEST_SPELLING = 4
TWO_SLIPS_FROM = 8

STOP_WORDS = frozenset(
    "і й та у в на з зі із до для по про за від як що чи або при "  # noqa: SIM905 (reads as a list of words)
    "the of and in for to a an on at or".split()
)


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
        self._sorted = sorted(entries)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._sorted:
            if not any(letter.isdigit() for letter in word):
                self._by_length[len(word)].append(word)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, int]]) -> "Vocabulary":
        """From rows (folded word, dictionary form, as written, documents)."""
        merged: dict[str, tuple[set[str], str, int]] = {}
        for surface, lemma, written, documents in rows:
            forms, shown, most = merged.get(surface, (set(), written, 0))
            forms.add(lemma)
            merged[surface] = (forms, written if documents > most else shown, max(documents, most))
        return cls({word: Entry(tuple(sorted(f)), w, n) for word, (f, w, n) in merged.items()})

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

    def nearest(self, word: str) -> str | None:
        """The word that `word` is most likely a slip of: fewest changed letters, then the most common."""
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(word) - slips, len(word) + slips + 1):
            for other in self._by_length.get(length, ()):
                distance = OSA.distance(word, other, score_cutoff=slips)
                if distance <= slips:
                    candidate = (distance, -self.entries[other].documents, other)
                    best = min(best, candidate) if best is not None else candidate
        return best[2] if best is not None else None


def prepare(text: str, vocabulary: Vocabulary, *, exact: bool = False) -> PreparedQuery:
    """Read a typed text. Words beyond the twelfth are left out (`cut` tells); small words such as «для» count
    only when nothing else is there. With `exact`, neither beginnings nor near spellings are tried."""
    cleaned = clean(text)
    found = list(tokens(cleaned[:MOST_LETTERS]))
    telling = [token for token in found if token.surface not in STOP_WORDS] or found
    words = []
    for token in telling[:MOST_WORDS]:
        written = cleaned[token.start : token.end].lower()
        words.append(_word(token, written, vocabulary, exact=exact))
    cut = len(cleaned) > MOST_LETTERS or len(telling) > MOST_WORDS
    return PreparedQuery(tuple(words), " ".join(token.surface for token in found), cut)


def _word(token: Token, written: str, vocabulary: Vocabulary, *, exact: bool) -> Word:
    known = _known(token, written, vocabulary)
    if known or exact:
        return Word(token.surface, written, known)
    beginnings = vocabulary.beginning_with(token.surface) if len(token.surface) >= SHORTEST_PREFIX else ()
    if beginnings:
        forms = (lemma for word in beginnings for lemma in vocabulary.entries[word].lemmas)
        return Word(token.surface, written, tuple(Term(lemma, "prefix") for lemma in dict.fromkeys(forms)))
    if len(token.surface) >= SHORTEST_SPELLING and token.surface.isalpha():
        near = vocabulary.nearest(token.surface)
        if near is not None:
            entry = vocabulary.entries[near]
            terms = tuple(Term(lemma, "spelling") for lemma in entry.lemmas)
            return Word(token.surface, entry.written, terms, changed=True)
    return Word(token.surface, written, ())


def _known(token: Token, written: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """The word itself, or another form of a word of the index."""
    entry = vocabulary.entries.get(token.surface)
    if entry is not None:
        return tuple(Term(lemma, "exact") for lemma in entry.lemmas)
    for form in _forms(token, written):
        if form in vocabulary.lemmas:
            return (Term(form, "lemma"),)
    return ()


def _forms(token: Token, written: str) -> Iterable[str]:
    yield token.lemma
    restored = lemmas.with_apostrophe(written)
    if restored is not None:
        yield fold_word(lemmas.lemma(restored))
