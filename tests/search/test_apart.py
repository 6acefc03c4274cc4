"""Harm: what differs must stay apart, however boldly words are folded, restored and guessed."""

from collections.abc import Container, Sequence
from functools import cache
from pathlib import Path

import pytest

from applicant_portal.settings import SEED_DATA
from search.lexicon import Lexicon
from search.prepare import Vocabulary, prepare
from search.query import Word
from search.words import field_words

PAIRS = [
    tuple(part.strip() for part in line.split("|"))
    for line in (Path(__file__).parent / "pairs_apart.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
]


@cache
def lexicon() -> Lexicon:
    return Lexicon.read(SEED_DATA)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[" | ".join(pair) for pair in PAIRS])
def test_a_question_for_one_does_not_find_the_other(one: str, other: str) -> None:
    """In an index that holds both, each in a document of its own."""
    held = {text: field_words(text, lexicon()) for text in (one, other)}
    rows = [tuple(row.split("\t")) for words in held.values() for row in words.vocabulary]
    vocabulary = Vocabulary.of((surface, lemma, written, 1) for surface, lemma, written in rows)
    for asked, unwanted in ((one, other), (other, one)):
        words = prepare(asked, vocabulary, lexicon()).words
        assert finds(words, held[asked].terms), f"«{asked}» does not find itself"
        # A word finds the longer name it stands in as it is: «маркетинг» the digital one.
        if not set(held[asked].surfaces) <= set(held[unwanted].surfaces):
            assert not finds(words, held[unwanted].terms), f"«{asked}» finds «{unwanted}»"


def finds(words: Sequence[Word], terms: Container[str]) -> bool:
    """Whether a document with these terms meets every word."""
    return all(
        any(term.text in terms for term in word.terms) or (bool(word.parts) and finds(word.parts, terms))
        for word in words
    )
