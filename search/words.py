"""The words of a document's field, as every engine keeps them."""

from dataclasses import dataclass, field

from search.lexicon import Lexicon
from search.text import clean, fold_word, telling, tokens


@dataclass(slots=True)
class FieldWords:
    """`surfaces`: the folded words as they stand; `terms`: their dictionary forms and the concepts they name;
    `vocabulary`: "folded, dictionary form, as written" (tabs between) for each word and concept."""

    surfaces: dict[str, None] = field(default_factory=dict)
    terms: dict[str, None] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)


def field_words(text: str, lexicon: Lexicon) -> FieldWords:
    """Take a text apart."""
    words = FieldWords()
    text = clean(text)
    row = list(tokens(text))
    for token in row:
        words.surfaces[token.surface] = None
        words.terms[token.lemma] = None
        written = text[token.start : token.end].lower()
        shown = written if fold_word(written) == token.surface else token.surface
        words.vocabulary.add(f"{token.surface}\t{token.lemma}\t{shown}")
    for found in lexicon.concepts.found(telling(row), nested=True):
        words.terms[found.term] = None
        words.vocabulary.add(f"{found.term}\t{found.term}\t{lexicon.shown[found.term]}")
    return words
