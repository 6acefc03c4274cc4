"""Dictionary forms of words. The choice of lemmatiser stands here alone.

simplemma: pure Python, Ukrainian and English lists in the package, one answer a word. The lists stay packed
and are read where a word must stand: 15 µs a word instead of 2, and 12 MB instead of 90; a word met before
costs nothing. Loading takes about a third of a second; `warm_up` takes that time at start.
"""

import re
from functools import lru_cache

from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

_LEMMATISER = Lemmatizer(
    cache_max_size=0,  # `lemma` keeps its own
    lemmatization_strategy=DefaultStrategy(dictionary_factory=LOW_MEMORY_DICTIONARY_FACTORY),
)

CYRILLIC = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёыэъ")
_POSSESSIVE = re.compile(r"(?<=[a-z0-9])['’]s$")  # CS50’s
_LABIALS = "бпвмфрк"
_IOTATED = "яюєї"


# Where the list gives another word's dictionary form. Forms that both words have are left to the list.
EXCEPTIONS = {
    **dict.fromkeys(("аналітика", "аналітику", "аналітикою", "аналітиці"), "аналітика"),
    **dict.fromkeys(("графіка", "графіку", "графікою", "графіці"), "графіка"),
    **dict.fromkeys(("суми", "сумах", "сумами"), "суми"),
    **dict.fromkeys(("ветеранка", "ветеранкам", "ветеранкою", "ветеранки"), "ветеранка"),
    **dict.fromkeys(("укриття", "укриттям", "укритті"), "укриття"),
    "очно": "очно",
    "ai": "ai",  # no form of "be"
}


def lemma(word: str) -> str:
    """The dictionary form of a lower-case word with its own letters (’ or ' inside); a word with digits or
    signs stands for itself. Not folded."""
    word = _POSSESSIVE.sub("", word)
    return _lemma(word) if word.replace("’", "").replace("'", "").isalpha() else word


@lru_cache(maxsize=50_000)
def _lemma(word: str) -> str:
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    lang = "uk" if CYRILLIC & set(word) else "en"
    return _LEMMATISER.lemmatize(word.replace("’", "'"), lang=lang).lower()


def with_apostrophe(word: str) -> str | None:
    """«компютерних» as «комп'ютерних»: the apostrophe put back where Ukrainian asks for one, or None."""
    for index in range(1, len(word)):
        if word[index] in _IOTATED and word[index - 1] in _LABIALS:
            return f"{word[:index]}'{word[index:]}"
    return None


def warm_up() -> None:
    """Load the word lists."""
    lemma("кібербезпеки")
    lemma("systems")
