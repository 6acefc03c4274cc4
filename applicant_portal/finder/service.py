"""One search: the engine's answer, and a way on when it is empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from applicant_portal.finder.params import SearchParams
from applicant_portal.finder.understanding import understand
from search.engine import Searching
from search.lexicon import Lexicon
from search.query import Hit, SearchResult

NEAREST = 3
MOST_RELAXATIONS = 6


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A search that finds something where this one found nothing: what is given up, and how many it gives.

    `facet` is the filter let go ("" when words are let go), `word` the word left out ("" when a filter is).
    """

    facet: str
    word: str
    params: SearchParams
    total: int


@dataclass(frozen=True, slots=True)
class Rescue:
    """Counted ways on from an empty answer, most results first, and the nearest matches of the best one."""

    relaxations: Sequence[Relaxation]
    nearest: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Found:
    """An engine's answer and, when it is empty, the rescue. `params`: what was searched for; `read_filters`:
    those of its filters that were read out of the words typed; `left_out`: typed words that the catalogue
    does not know, without which something was found."""

    params: SearchParams
    result: SearchResult
    rescue: Rescue | None
    read_filters: Mapping[str, tuple[str, ...]]
    left_out: Sequence[str] = ()


def search(engine: Searching, asked: SearchParams, lexicon: Lexicon, cities: Sequence[str]) -> Found:
    """Ask the engine; an empty answer comes with counted relaxations."""
    understanding = understand(asked, lexicon, tuple(cities))
    params = understanding.params
    result = engine.search(params.query())
    unknown = result.understood.unknown_words
    if result.total == 0 and unknown and not params.exact:
        known = _without(params.text, unknown)
        if known:
            without = params.with_text(known)
            found = engine.search(without.query())
            if found.total:
                return Found(without, found, None, understanding.filters, unknown)
    empty = result.total == 0 and bool(params.text or params.filters)
    rescue = _rescue(engine, params, result) if empty else None
    return Found(params, result, rescue, understanding.filters)


def _without(text: str, words: Sequence[str]) -> str:
    """A text without some of its words."""
    gone = {word.casefold() for word in words}
    return " ".join(word for word in text.split() if word.casefold().strip("«»\"'.,!?()") not in gone)


def _rescue(engine: Searching, params: SearchParams, result: SearchResult) -> Rescue:
    found = []
    for candidate in _candidates(params, result)[:MOST_RELAXATIONS]:
        answer = engine.search(candidate.params.with_page(1).query())
        if answer.total:
            found.append((candidate, answer))
    found.sort(key=lambda pair: -pair[1].total)
    relaxations = [
        Relaxation(candidate.facet, candidate.word, candidate.params, answer.total)
        for candidate, answer in found
    ]
    # The nearest matches give up least: those of the relaxation with the fewest results.
    nearest = found[-1][1].hits[:NEAREST] if found else []
    return Rescue(relaxations, nearest)


def _candidates(params: SearchParams, result: SearchResult) -> list[Relaxation]:
    """Searches that ask for one thing less; then for nothing but the words, or the filters."""
    candidates = [Relaxation(facet, "", params.without(facet), 0) for facet in params.filters]
    words = params.text.split()
    missing = [word for word in result.understood.unknown_words if word]
    for word in missing or words:
        rest = " ".join(other for other in words if other.casefold() != word.casefold())
        if rest and rest != params.text:
            candidates.append(Relaxation("", word, params.with_text(rest), 0))
    if params.text and len(params.filters) > 1:
        candidates.append(Relaxation("all", "", params.without_filters(), 0))
    if params.text and params.filters:
        candidates.append(Relaxation("", params.text, params.with_text(""), 0))
    return candidates
