"""Questions as people put them, drawn from a catalogue: words, beginnings of words, slips, filters."""

from collections.abc import Sequence
from random import Random

from search.query import SearchQuery
from search.schema import Document
from search.text import tokens

FILTERED = ("kind", "city", "degree", "speciality", "form", "region")
SEED = 20261125


def drawn(documents: Sequence[Document], number: int, seed: int = SEED) -> list[SearchQuery]:
    """`number` questions of one to three words out of titles and summaries; of ten, six are plain, three are
    cut within the last word and one has a slip; none, one or two filters that the document itself passes."""
    chance = Random(seed)
    return [_question(chance, chance.choice(documents), place % 10) for place in range(number)]


def _question(chance: Random, document: Document, kind: int) -> SearchQuery:
    text = chance.choice([document.title, document.title, document.summary or document.title])
    words = [text[token.start : token.end] for token in tokens(text)] or [document.title]
    start = chance.randrange(len(words))
    asked = " ".join(words[start : start + chance.randint(1, 3)])
    if 6 <= kind < 9:
        asked = asked[: max(3, len(asked) - chance.randint(1, 4))]
    elif kind == 9:
        at = chance.randrange(len(asked))
        asked = asked[:at] + asked[at + 1 :]
    able = [facet for facet in FILTERED if document.facets.get(facet)]
    chosen = chance.sample(able, min(len(able), chance.choice([0, 0, 1, 1, 2])))
    return SearchQuery(asked, filters={facet: (document.facets[facet][0],) for facet in chosen})
