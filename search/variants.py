"""Fresh cases for measuring a search, made from any text: the text as people may have typed it.

Every function takes the `random.Random` it draws from, so a seed gives the same cases again. `cases` makes
judged queries from any list of documents; judgements made by hand stand in tests/search/judgements.
"""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Literal, NotRequired, TypedDict

from search.inflections import another_case
from search.keyboards import EN_NEIGHBOURS, EN_TO_RU, EN_TO_UK, RU_TO_EN, UK_NEIGHBOURS, UK_TO_EN
from search.romanise import (
    CYRILLIC_WORD,
    INFORMAL,
    INFORMAL_PAIRS,
    RUSSIAN,
    RUSSIAN_INITIAL,
    STANDARD,
    STANDARD_INITIAL,
    romanised,
)
from search.schema import Document
from search.text import fold

GROUPS = ("exact", "inflected", "typo", "layout", "transliteration", "prefix")

# Shorter words are typed without a slip, and a slip in them makes another word rather than a wrong one.
SHORTEST_MISTYPED = 5
TWO_SLIPS_FROM = 9
SHORTEST_BEGINNING = 3

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_CYRILLIC = re.compile("[а-яёєіїґ]", re.IGNORECASE)
_ONLY_RUSSIAN = re.compile("[ыэъё]", re.IGNORECASE)
_APOSTROPHES = re.compile("['’ʼ`‘′]")


class Relevant(TypedDict):
    """A right answer, known without ids: they differ from one filled catalogue to the next."""

    kind: str
    title: str
    edebo_id: NotRequired[str | None]


class Case(TypedDict):
    """A query, the group it is counted in and its right answers."""

    query: str
    group: str
    relevant: list[Relevant]


def inflect(text: str, chance: Random) -> str:
    """`text` in another grammatical case (see search.inflections); unchanged when it has none."""
    return another_case(text, chance)


def mistype(text: str, chance: Random) -> str:
    """`text` with a slip of the fingers, in a long word sometimes two: a neighbouring key, a letter left out,
    doubled, or swapped with the next. The first letter of a word holds: people look when they begin."""
    able = [found for found in _WORD.finditer(text) if len(found[0]) >= SHORTEST_MISTYPED]
    if not able:
        return text
    found = chance.choice(able)
    slips = 2 if len(found[0]) >= TWO_SLIPS_FROM and chance.random() < 0.3 else 1
    word = found[0]
    for _ in range(slips):
        word = _slip(word, chance)
    if word == found[0]:
        word = _slip(word, chance)
    return text[: found.start()] + word + text[found.end() :]


def swap_layout(text: str, layout: Literal["uk", "ru"] = "uk") -> str:
    """`text` as its keys print with the other layout on. Latin text comes out as the Ukrainian or Russian
    `layout` prints it; Cyrillic text in Latin letters, read as Russian when it has ы, э, ъ or ё."""
    cyrillic = len(_CYRILLIC.findall(text))
    if cyrillic * 2 > sum(letter.isalpha() for letter in text):
        text = re.sub("[’ʼ]", "'", text)
        return text.translate(RU_TO_EN if _ONLY_RUSSIAN.search(text) else UK_TO_EN)
    return text.translate(EN_TO_RU if layout == "ru" else EN_TO_UK)


def transliterate(text: str, style: Literal["national", "informal"], chance: Random) -> str:
    """The Cyrillic words of `text` in Latin letters: by the national standard of 2010, or informally, in
    lower case, as one person would who settles on one way for each letter (h or g, ya or ja, v or w)."""
    if style == "national":
        return romanised(text)
    habits = {letter: _habit(ways, chance) for letter, ways in (INFORMAL_PAIRS | INFORMAL).items()}
    return CYRILLIC_WORD.sub(lambda found: _informal(found[0].lower(), habits), text).lower()


def shorten(text: str, chance: Random) -> str:
    """`text` cut within its last word, at least three letters of which stay: what stands in the box while the
    person types on. Unchanged when the last word is too short to cut."""
    text = text.rstrip(" .,;:!?»)”\"'")
    last = re.split(r"[\s(«/-]", text)[-1]
    if len(last) <= SHORTEST_BEGINNING:
        return text
    keep = chance.randint(SHORTEST_BEGINNING, len(last) - 1)
    return text[: len(text) - len(last) + keep]


def cases(documents: Sequence[Document], number: int, seed: int) -> list[Case]:
    """`number` judged queries, the groups of GROUPS in turn. Each is made of the title of a document; right
    are the documents with the same title, and for a beginning those whose title begins so. Fewer come back
    only when no title can be changed in some way (no Cyrillic title: no transliteration)."""
    chance = Random(seed)  # noqa: S311 (cases to be repeated, not secrets)
    makers: dict[str, Callable[[str], str]] = {
        "exact": lambda title: title,
        "inflected": lambda title: inflect(title, chance),
        "typo": lambda title: mistype(title, chance),
        "layout": lambda title: swap_layout(title, chance.choice(("uk", "uk", "ru"))),
        "transliteration": lambda title: transliterate(
            title, chance.choice(("national", "informal")), chance
        ),
        "prefix": lambda title: shorten(title, chance),
    }
    titles = sorted({document.title for document in documents})
    decks: dict[str, list[str]] = {group: [] for group in GROUPS}
    made: list[Case] = []
    able = list(GROUPS)
    while len(made) < number and able:
        for group in list(able):
            if len(made) == number:
                break
            query = _next(makers[group], decks[group], titles, chance, changed=group != "exact")
            if query is None:
                able.remove(group)
                continue
            title, asked = query
            shown = asked if group == "layout" or chance.random() < 0.5 else asked.lower()
            beginning = asked if group == "prefix" else None
            made.append({"query": shown, "group": group, "relevant": _right(documents, title, beginning)})
    return made


def _next(
    make: Callable[[str], str], deck: list[str], titles: Sequence[str], chance: Random, *, changed: bool
) -> tuple[str, str] | None:
    """(title, query) from the next title that can be changed; every title once before one comes again."""
    for _ in range(2):
        while deck:
            title = deck.pop()
            query = make(title)
            if not changed or query.lower() != title.lower():
                return title, query
        deck.extend(chance.sample(titles, len(titles)))
    return None


def _right(documents: Sequence[Document], title: str, beginning: str | None) -> list[Relevant]:
    wanted = fold(title)
    start = fold(beginning) if beginning is not None else None
    right: list[Relevant] = []
    for document in documents:
        own = fold(document.title)
        if own == wanted or (start is not None and own.startswith(start)):
            answer: Relevant = {"kind": document.kind, "title": document.title}
            if document.kind == "programme":
                answer["edebo_id"] = next(iter(document.facets.get("institution", ())), None)
            if answer not in right:
                right.append(answer)
    return right


def _slip(word: str, chance: Random) -> str:
    place = chance.randrange(1, len(word))
    letter = word[place]
    near = UK_NEIGHBOURS.get(letter.lower()) or EN_NEIGHBOURS.get(letter.lower()) or ""
    kind = chance.choice(("neighbour", "neighbour", "dropped", "dropped", "doubled", "swapped"))
    if kind == "swapped" and place + 1 < len(word) and word[place + 1] != letter:
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    if kind == "neighbour" and near:
        return word[:place] + chance.choice(near) + word[place + 1 :]
    if kind == "doubled":
        return word[:place] + letter + word[place:]
    return word[:place] + word[place + 1 :]


def _habit(ways: Sequence[str], chance: Random) -> str:
    """One way of writing a letter; each is half as common as the one before it."""
    return chance.choices(ways, [2.0**-place for place in range(len(ways))])[0]


def _informal(word: str, habits: dict[str, str]) -> str:
    word = _APOSTROPHES.sub("", word)
    out, place = "", 0
    while place < len(word):
        pair, letter = word[place : place + 2], word[place]
        if pair in INFORMAL_PAIRS and place + 2 == len(word):
            return out + habits[pair]
        initial = STANDARD_INITIAL.get(letter) or RUSSIAN_INITIAL.get(letter)
        if letter in habits:
            out += habits[letter]
        elif place == 0 and initial:
            out += initial
        else:
            out += STANDARD.get(letter, RUSSIAN.get(letter, letter))
        place += 1
    return out
