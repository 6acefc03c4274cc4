"""Dictionary forms of words. The choice of lemmatiser stands here alone.

simplemma: pure Python, Ukrainian and English lists in the package, one answer a word. The Ukrainian list is
loaded with the first word (about half a second, 64 MB); `warm_up` takes that time at start.
"""

from functools import lru_cache

import simplemma

CYRILLIC = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёыэъ")
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
}


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """The dictionary form of a lower-case word with its own letters (’ or ' inside); a word with digits or
    signs stands for itself. Not folded."""
    if not word.replace("’", "").replace("'", "").isalpha():
        return word
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    lang = "uk" if CYRILLIC & set(word) else "en"
    found: str = simplemma.lemmatize(word.replace("’", "'"), lang=lang)
    return found.lower()


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
