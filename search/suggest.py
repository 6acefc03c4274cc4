"""What a person may mean while still typing: entries in, a few suggestions out.

A `Suggester` is built once from all entries and never changes. It holds sorted folded words and names, so
that a keystroke costs a bisection and the reading of what begins there, not a look at every entry.

The order, best first: a name that equals what was typed; a name that begins with it; names whose words begin
with the typed words, in any order; names with other forms of them. Within each: entries marked `first`
whose name begins with the typed words as whole words, then running ones, then those with the most listings
behind them. The text is read on the other keyboard layout where it means nothing as it stands, and with one
slip in a word where that means nothing either.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate, islice, product
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search import lemmas
from search.keyboards import EN_TO_UK, UK_TO_EN
from search.text import clean, dictionary_forms, tokens

LIMIT = 8
MOST_LETTERS = 300
SHORTEST_WORD = 2
SHORTEST_SLIP = 5
# Near words tried for one mistyped word, and ways to put such words together.
MOST_NEAR = 3
MOST_READINGS = 6

_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list: what kind of thing, how it is called, what tells it apart, where it leads."""

    kind: str
    label: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that may be suggested.

    `names`: what else it is called. `aliases`: words people use for it; the beginning of one does not count
    as the beginning of a name. `listings`: how many stand behind it. `running`: False puts it after the
    others. `first`: it goes before other kinds when its name begins with the typed words as whole words.
    """

    suggestion: Suggestion
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    listings: int = 1
    running: bool = True
    first: bool = False


class _Asked(NamedTuple):
    """A typed word: its folded beginning, and its dictionary forms where it is a whole word."""

    beginning: str
    forms: tuple[str, ...]


class _Standing(NamedTuple):
    """What an entry is ranked by whatever it is called; few differ, so equal ones are kept once."""

    first: bool
    closed: bool
    fewer_listings: int


class _Rank(NamedTuple):
    """Sorts suggestions, best first."""

    tier: int
    not_first: bool
    closed: bool
    fewer_listings: int
    length: int
    label: str
    url: str


_EQUAL, _BEGINS, _WORDS, _FORMS = range(4)


class _Postings:
    """Texts in order, and for each the numbers of the entries that have it, the smallest first.

    All numbers stand in one array, text after text: of twenty thousand titles most words are in one only,
    and a container for each would weigh several times what it holds.
    """

    def __init__(self, pairs: "_Pairs") -> None:
        self.texts = sorted(dict.fromkeys(pairs.texts))
        rows = {text: row for row, text in enumerate(self.texts)}
        counts = array("I", (0,)) * len(rows)
        for text in pairs.texts:
            counts[rows[text]] += 1
        self._starts = array("I", accumulate(counts, initial=0))
        free = self._starts[:]
        self._numbers = array("I", (0,)) * len(pairs.numbers)
        for text, number in zip(pairs.texts, pairs.numbers, strict=True):
            row = rows[text]
            self._numbers[free[row]] = number
            free[row] += 1

    def __contains__(self, text: str) -> bool:
        place = bisect_left(self.texts, text)
        return place < len(self.texts) and self.texts[place] == text

    def of(self, text: str) -> "array[int]":
        """The numbers of one text."""
        start = bisect_left(self.texts, text)
        return self.between(start, bisect_right(self.texts, text, start))

    def between(self, start: int, end: int) -> "array[int]":
        """The numbers of the texts from place `start` to before place `end`."""
        return self._numbers[self._starts[start] : self._starts[end]]


class _Pairs:
    """What postings are made of: texts and the numbers of entries that have them, which never go down."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.numbers = array("I")

    def add(self, text: str, number: int) -> None:
        self.texts.append(text)
        self.numbers.append(number)


class _Shelf:
    """The entries of one kind. An entry's number is its place in their order: the smallest are the best.

    Of the entries themselves only what is shown and ranked by is kept; the list given is empty afterwards.
    """

    def __init__(self, entries: list[Entry]) -> None:
        entries.sort(key=_own_rank, reverse=True)
        words, forms, names, aliases = _Pairs(), _Pairs(), _Pairs(), _Pairs()
        self._shown: list[Suggestion] = []
        self._standing: list[_Standing] = []
        self._most_names = 1
        standings: dict[_Standing, _Standing] = {}
        while entries:
            # Taken off one by one, so that the memory of names that were read serves what is made of them.
            entry = entries.pop()
            number = len(self._shown)
            own = {entry.suggestion.label, *entry.names}
            self._most_names = max(self._most_names, len(own))
            for name in own.union(entry.aliases):
                found = list(tokens(clean(name)))
                for token in found:
                    words.add(token.surface, number)
                    forms.add(token.lemma, number)
                phrase = " ".join(token.surface for token in found)
                (names if name in own else aliases).add(phrase, number)
            self._shown.append(entry.suggestion)
            standing = _standing(entry)
            self._standing.append(standings.setdefault(standing, standing))
        # Each is let go before the next is sorted: what a process takes once at most, it keeps.
        self._words = _Postings(words)
        del words
        self._forms = _Postings(forms)
        del forms
        self._names = _Postings(names)
        self._aliases = _Postings(aliases)

    @property
    def words(self) -> Sequence[str]:
        """All folded words of all names."""
        return self._words.texts

    def knows(self, word: _Asked) -> bool:
        """Whether a word of some name begins so, or is another form of it."""
        start = bisect_left(self.words, word.beginning)
        begun = start < len(self.words) and self.words[start].startswith(word.beginning)
        return begun or any(form in self._forms for form in word.forms)

    def best(self, asked: Sequence[_Asked], limit: int) -> Iterator[tuple[_Rank, Suggestion]]:
        """The best entries whose names have all the words, at most `limit`."""
        seen: set[int] = set()
        for tier, whole, numbers in self._tiers(asked, limit):
            for number in numbers:
                if len(seen) == limit:
                    return
                if number not in seen:
                    seen.add(number)
                    shown = self._shown[number]
                    yield _rank(shown, self._standing[number], tier, whole=whole), shown

    def _tiers(self, asked: Sequence[_Asked], limit: int) -> Iterator[tuple[int, bool, Sequence[int]]]:
        """(tier, whether whole words match, the best numbers); a later tier may repeat an earlier one's."""
        text = " ".join(word.beginning for word in asked)
        names = self._names.texts
        longer = bisect_right(names, text)
        half = bisect_left(names, text + " " + _AFTER_ALL, longer)
        end = bisect_left(names, text + _AFTER_ALL, half)
        # Each entry may stand in a slice with all its names, and again in the next one.
        many = 2 * limit * self._most_names
        yield _EQUAL, True, sorted({*self._names.of(text), *self._aliases.of(text)})
        yield _BEGINS, True, nsmallest(many, self._names.between(longer, half))
        yield _BEGINS, False, nsmallest(many, self._names.between(half, end))
        beginning = [self._beginning(word.beginning) for word in asked]
        yield _WORDS, False, nsmallest(2 * limit, set.intersection(*beginning))
        forms = [
            begun.union(*(self._forms.of(form) for form in word.forms))
            for begun, word in zip(beginning, asked, strict=True)
        ]
        yield _FORMS, False, nsmallest(2 * limit, set.intersection(*forms))

    def _beginning(self, text: str) -> set[int]:
        start = bisect_left(self.words, text)
        end = bisect_left(self.words, text + _AFTER_ALL, start)
        return set(self._words.between(start, end))


class Suggester:
    """All that may be suggested, in one language."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        by_kind: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_kind[entry.suggestion.kind].append(entry)
        self._shelves = [_Shelf(some) for some in by_kind.values()]
        self._cut: dict[int, tuple[str, ...]] = {}

    def suggest(self, text: str, limit: int = LIMIT) -> tuple[Suggestion, ...]:
        """The best suggestions for a text that may still grow, at most `limit`; any text is fine."""
        readings = [found for found in map(_asked, _layouts(clean(text)[:MOST_LETTERS])) if found]
        for asked in readings:
            if found := self._all(asked, limit):
                return _mixed(found, limit)
        for asked in readings:
            if found := [one for near in self._mended(asked) for one in self._all(near, limit)]:
                return _mixed(found, limit)
        return ()

    def _all(self, asked: Sequence[_Asked], limit: int) -> list[tuple[_Rank, Suggestion]]:
        return [found for shelf in self._shelves for found in shelf.best(asked, limit)]

    def _mended(self, asked: Sequence[_Asked]) -> Iterator[Sequence[_Asked]]:
        """The typed words with unknown ones replaced by near ones; nothing where one stays unknown."""
        choices = [
            [word] if any(shelf.knows(word) for shelf in self._shelves) else self._near(word.beginning)
            for word in asked
        ]
        for reading in islice(product(*choices), MOST_READINGS):
            if list(reading) != list(asked):
                yield reading

    def _near(self, typed: str) -> list[_Asked]:
        """Beginnings of known words that are one slip away; the end of the word may not be typed yet."""
        if len(typed) < SHORTEST_SLIP or not typed.isalpha():
            return []
        known = [cut for size in (0, -1, 1) for cut in self._beginnings(len(typed) + size)]
        near = process.extract(typed, known, scorer=OSA.distance, score_cutoff=1, limit=MOST_NEAR)
        return [_Asked(word, (word,)) for word, _, _ in near]

    def _beginnings(self, length: int) -> tuple[str, ...]:
        """All words cut to a length; the few lengths people mistype are kept."""
        if length not in self._cut:
            words = (word for shelf in self._shelves for word in shelf.words)
            self._cut[length] = tuple(sorted({word[:length] for word in words if len(word) >= length}))
        return self._cut[length]


def _standing(entry: Entry) -> _Standing:
    return _Standing(entry.first, not entry.running, -entry.listings)


def _rank(shown: Suggestion, standing: _Standing, tier: int, *, whole: bool) -> _Rank:
    return _Rank(
        tier,
        not (whole and standing.first),
        standing.closed,
        standing.fewer_listings,
        len(shown.label),
        shown.label,
        shown.url,
    )


def _own_rank(entry: Entry) -> _Rank:
    """What an entry's number follows: its rank without a text."""
    return _rank(entry.suggestion, _standing(entry), _EQUAL, whole=False)


def _mixed(found: Iterable[tuple[_Rank, Suggestion]], limit: int) -> tuple[Suggestion, ...]:
    """The best, in order; no kind takes more than five places of eight while others have something to say."""
    most = -(-limit * 5 // 8)
    taken: dict[str, int] = defaultdict(int)
    chosen: dict[Suggestion, _Rank] = {}
    spare: dict[Suggestion, _Rank] = {}
    for rank, suggestion in sorted(found):
        if suggestion in chosen or suggestion in spare:
            continue
        taken[suggestion.kind] += 1
        (chosen if taken[suggestion.kind] <= most else spare)[suggestion] = rank
    best = list(chosen.items())[:limit]
    best += list(spare.items())[: limit - len(best)]
    return tuple(suggestion for suggestion, _ in sorted(best, key=lambda pair: pair[1]))


def _asked(text: str) -> list[_Asked]:
    """The words of a text; none when each is a single letter."""
    words = [_Asked(token.surface, dictionary_forms(token, token.surface)) for token in tokens(text)]
    return words if any(len(word.beginning) >= SHORTEST_WORD for word in words) else []


def _layouts(text: str) -> Iterator[str]:
    """The text as typed, and as the same keys print it on the other layout."""
    yield text
    other: Mapping[int, int] = UK_TO_EN if lemmas.CYRILLIC & set(text.lower()) else EN_TO_UK
    switched = text.translate(other)
    if switched != text:
        yield switched
