"""Text into words, the same way for documents and queries.

A token has three forms: as it was written (for marking it in the text), folded (case, apostrophes, ґ, є, ё
and look-alike letters make no difference) and its folded dictionary form. Nothing here knows an index.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from search import lemmas

# C++, C#, F#, .NET; codes such as F3, A4.09, Ф3; words with apostrophes inside. Hyphens divide.
_TOKEN = re.compile(
    r"\.net\b|[cfсф]#|[cс]\+\+|[^\W\d_]\d+(?:\.\d+)?(?!\w)|[^\W_]+(?:[’'ʼ`´‘][^\W_]+)*", re.IGNORECASE
)
_APOSTROPHES = re.compile("[’'ʼ`´‘]")
_CODE = re.compile(r"[^\W\d_]\d+(?:\.\d+)?")
_TO_CYRILLIC = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
_TO_LATIN = str.maketrans("АВСЕЄЁНІКМОРТХУФ", "ABCEEEHIKMOPTXYF")
_FOLD = str.maketrans("ґєё", "гее")
_LATIN = re.compile("[a-z]")


STOP_WORDS = frozenset(
    "і й та у в на з зі із до для по про за від як що чи або при "  # noqa: SIM905 (reads as a list of words)
    "и с со из об о от или the of and in for to a an on at or "
    "ta i zi iz dlia dlya".split()  # the same small words in Latin letters, where they are no English ones
)


class Token(NamedTuple):
    """A word of a text: where it stands, its folded form and its folded dictionary form."""

    start: int
    end: int
    surface: str
    lemma: str


def clean(text: str) -> str:
    """Text without control characters, in composed form; white space folded."""
    text = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order; positions are those of `text` as given."""
    for match in _TOKEN.finditer(text):
        written = match.group()
        # Numbers have no other form, and would drive words out of what is remembered.
        surface, dictionary = (written, written) if written.isdecimal() else _forms(written)
        if surface:
            yield Token(match.start(), match.end(), surface, dictionary)


_TORN_CODE = re.compile(r"\b([fф])[ .-]?(\d)(?!\w)", re.IGNORECASE)


def join_codes(text: str) -> str:
    """A text in which codes of specialities are one word («ф 3», «F-2»)."""
    return _TORN_CODE.sub(r"\1\2", text)


def telling(row: Iterable[Token]) -> list[Token]:
    """The words that say something; all of them where none does."""
    row = list(row)
    return [token for token in row if token.surface not in STOP_WORDS] or row


def dictionary_forms(token: Token, written: str) -> tuple[str, ...]:
    """The folded dictionary form of a word, and the one it has if its apostrophe was left out. `written`:
    the word in lower case, with its own letters where these are known."""
    restored = lemmas.with_apostrophe(written)
    return (token.lemma,) if restored is None else (token.lemma, fold_word(lemmas.lemma(restored)))


def fold(text: str) -> str:
    """The folded words of a text with single blanks between them."""
    return " ".join(token.surface for token in tokens(clean(text)))


def whole_title(lemmas: Iterable[str]) -> str | None:
    """A title as a whole by the dictionary forms of its telling words, the same in every case of these; one
    word would say too little («Про тестування» is not all of testing)."""
    every = list(lemmas)
    return "~" + " ".join(every) if len(every) > 1 else None


def title_keys(title: str) -> list[str]:
    """What a whole title is found by: as it is written, and in any case of its words."""
    keys = (fold(title), whole_title(token.lemma for token in telling(tokens(clean(title)))))
    return [key for key in keys if key]


@lru_cache(maxsize=50_000)
def _forms(written: str) -> tuple[str, str]:
    word = unicodedata.normalize("NFC", written)
    bare = _APOSTROPHES.sub("", word)
    word = _APOSTROPHES.sub("'", _one_script(bare if _CODE.fullmatch(bare) else word)).lower()
    surface = fold_word(word)
    return surface, fold_word(lemmas.lemma(word)) or surface


def fold_word(word: str) -> str:
    """One lower-case word, folded."""
    return _APOSTROPHES.sub("", word).lower().translate(_FOLD)


def _one_script(word: str) -> str:
    """A word in one script: a code becomes Latin (Ф3 → F3), a word with letters of both becomes Cyrillic
    where Cyrillic letters are the more."""
    upper = word.upper()
    if _CODE.fullmatch(word) or word.endswith(("#", "++")):
        return upper.translate(_TO_LATIN)
    lower = word.lower()
    latin = len(_LATIN.findall(lower))
    cyrillic = sum(letter in lemmas.CYRILLIC for letter in lower)
    if not latin or not cyrillic:
        return word
    return upper.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)
