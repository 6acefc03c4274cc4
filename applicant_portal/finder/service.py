"""One search: the engine's answer, and a way on when it is empty."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from applicant_portal.finder.params import DEFAULT_SORT, SearchParams
from applicant_portal.finder.understanding import Understanding, understand
from search.engine import Searching
from search.lexicon import Lexicon
from search.query import Hit, SearchResult
from search.text import fold, telling, tokens

NEAREST = 3
MOST_RELAXATIONS = 6
MOST_TRIES = 30
"""Parts of a text that are asked for; what nobody knows is in none of them."""
MOST_WORDS_IN_PAIRS = 6
FEW = 5
"""Results from which on nothing is added to them."""
MOST_BESIDE = 6
TOO_MANY = 100
"""Listings that a part of the words may find and still say something."""

_Worth = tuple[int, int, int]


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
    those of its filters that were read out of the words typed; `left_out`: typed words without which
    something was found; `beside`: after a few results, listings that come close."""

    params: SearchParams
    result: SearchResult
    rescue: Rescue | None
    read_filters: Mapping[str, tuple[str, ...]]
    left_out: Sequence[str] = ()
    beside: Sequence[Hit] = ()


def search(engine: Searching, asked: SearchParams, lexicon: Lexicon, cities: Sequence[str]) -> Found:
    """Ask the engine; a few results come with others beside them, none with counted relaxations."""
    found = _answer(engine, asked, lexicon, cities)
    if 0 < found.result.total < FEW and not asked.exact:
        return replace(found, beside=_beside(engine, found, lexicon))
    if found.result.total or not (found.params.text or found.params.filters):
        return found

    def again(params: SearchParams) -> Found:
        return _answer(engine, params, lexicon, cities)

    return replace(found, rescue=_rescue(again, found.params, found.result))


def _answer(engine: Searching, asked: SearchParams, lexicon: Lexicon, cities: Sequence[str]) -> Found:
    understanding = understand(asked, lexicon, tuple(cities))
    params, filters = understanding.params, understanding.filters
    if params is not asked and _is_a_title(engine, asked):
        params, filters = asked, {}
    result = engine.search(params.query())
    if result.total or not params.text or params.exact:
        return Found(params, result, None, filters)
    found = Found(params, result, None, filters)
    return (
        _with_fewer_words(engine, found, lexicon)
        or _with_fewer_filters(engine, found, understanding)
        or (_with_fewer_words(engine, Found(asked, result, None, {}), lexicon) if filters else None)
        or found
    )


def _with_fewer_filters(engine: Searching, empty: Found, understanding: Understanding) -> Found | None:
    """Filters that were read out of words and leave nothing: without one of them; else the words alone."""
    best: Found | None = None
    for facet, typed in understanding.words.items() if empty.read_filters else ():
        kept = {name: values for name, values in empty.read_filters.items() if name != facet}
        less = empty.params.without(facet)
        result = engine.search(less.query())
        if result.total and (best is None or result.total < best.result.total):
            best = Found(less, result, None, kept, typed)
    return best


def _with_fewer_words(engine: Searching, empty: Found, lexicon: Lexicon) -> Found | None:
    """The search without the words nobody knows; else with as many words as possible, else with the filters
    that were read."""
    params, unknown = empty.params, {_bare(word) for word in empty.result.understood.unknown_words}
    words = params.text.split()
    known = [word for word in words if _bare(word) not in unknown]
    tries = [known, *_parts(known)] if unknown and known else _parts(known)
    best = max(_asked_in_part(engine, params, tries, lexicon), key=lambda part: part[0], default=None)
    if best is not None:
        _, kept, less, result = best
        return Found(less, result, None, empty.read_filters, [word for word in words if word not in kept])
    if empty.read_filters and not known:
        less = params.with_text("")
        result = engine.search(less.query())
        if result.total:
            return Found(less, result, None, empty.read_filters, words)
    return None


def _parts(words: Sequence[str]) -> list[Sequence[str]]:
    """Some of the words: all but one; two of a question; one alone."""
    tries: list[Sequence[str]] = []
    tries += [[*words[:place], *words[place + 1 :]] for place in range(len(words)) if len(words) > 1]
    if 3 < len(words) <= MOST_WORDS_IN_PAIRS:
        tries += map(list, combinations(words, 2))
    tries += [[word] for word in words if len(words) > 2]
    return tries[:MOST_TRIES]


def _asked_in_part(
    engine: Searching, params: SearchParams, tries: Iterable[Sequence[str]], lexicon: Lexicon
) -> Iterator[tuple[_Worth, Sequence[str], SearchParams, SearchResult]]:
    """What is found with some of the words. Worth the most: words that name known things, then many of them,
    then those that say the most, which find the least."""
    for kept in tries:
        less = params.with_text(" ".join(kept))
        result = engine.search(less.query())
        if result.total:
            named = len(lexicon.concepts.found(telling(tokens(less.text))))
            yield (named, len(kept), -result.total), kept, less, result


def _beside(engine: Searching, found: Found, lexicon: Lexicon) -> list[Hit]:
    """Listings on what the thing named is part of, then those that have some of the words, best parts first;
    not those found already."""
    params = found.params
    if params.page > 1 or found.result.total > params.per_page:
        return []
    named = lexicon.concepts.found(telling(tokens(params.text)))
    wider = [lexicon.broader[one.term] for one in named if one.term in lexicon.broader]
    results = [engine.search(params.with_text(name).query()) for name in wider]
    parts = _asked_in_part(engine, params, _parts(params.text.split()), lexicon)
    best_first = sorted(parts, key=lambda part: part[0], reverse=True)
    results += [result for _, _, _, result in best_first if result.total <= TOO_MANY]
    hits = {hit.key: hit for hit in found.result.hits}
    shown = len(hits)
    for result in results:
        for hit in _shown_with(found.result, result, MOST_BESIDE):
            hits.setdefault(hit.key, hit)
    return list(hits.values())[shown : shown + MOST_BESIDE]


def _shown_with(answer: SearchResult, other: SearchResult, most: int) -> Sequence[Hit]:
    """The first hits of another answer, to be shown with this one: keys of hits hold within a generation, so
    none when an edit came between the two."""
    return other.hits[:most] if other.generation == answer.generation else ()


def _bare(word: str) -> str:
    return word.casefold().strip("«»\"'.,!?()")


def _is_a_title(engine: Searching, asked: SearchParams) -> bool:
    """Whether the text is the whole title of a listing, which then is meant."""
    hits = engine.search(replace(asked.with_page(1), per_page=1, sort=DEFAULT_SORT).query()).hits
    best = hits[0].payload if hits else {}
    titles = [best.get("title"), best.get("title_en")]
    return fold(asked.text) in {fold(title) for title in titles if title}


def _rescue(ask: Callable[[SearchParams], Found], params: SearchParams, result: SearchResult) -> Rescue:
    found = []
    for candidate in _candidates(params, result)[:MOST_RELAXATIONS]:
        # As the page behind the link will ask: so it finds as many as the link says.
        answer = ask(candidate.params.with_page(1)).result
        if answer.total:
            found.append((candidate, answer))
    found.sort(key=lambda pair: -pair[1].total)
    relaxations = [
        Relaxation(candidate.facet, candidate.word, candidate.params, answer.total)
        for candidate, answer in found
    ]
    # The nearest matches give up least: those of the relaxation with the fewest results.
    nearest = _shown_with(result, found[-1][1], NEAREST) if found else ()
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
