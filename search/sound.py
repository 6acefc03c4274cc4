"""What a word sounds like, whatever letters it is written in.

«кібербезпека», kiberbezpeka, «университет» and університет meet here: letters become Latin ones, and what
people mix up (h and g, y and i, ja and ya, doubled letters) becomes one. Only words that are not known as
they stand are looked for by their sound.
"""

import re
from functools import lru_cache

from search.romanise import romanised

# In this order: longer ones first.
_ALIKE = (
    ("shch", "sh"), ("sch", "sh"), ("zgh", "zh"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("ck", "k"),
    ("ts", "c"), ("tz", "c"), ("4", "ch"), ("w", "v"), ("q", "k"), ("x", "h"), ("g", "h"), ("'", ""),
    ("iei", "ei"), ("ie", "e"), ("ye", "e"), ("je", "e"), ("iu", "u"), ("yu", "u"), ("ju", "u"),
    ("ia", "a"), ("ya", "a"), ("ja", "a"), ("io", "o"), ("yo", "o"), ("jo", "o"),
    ("j", "i"), ("y", "i"),
)  # fmt: skip
_SOFT_C = re.compile("c(?=[eiy])")
_HARD_C = re.compile("c(?!h)")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=400_000)
def sound(word: str) -> str:
    """A folded word by its sound, in Latin letters."""
    latin = _SOFT_C.sub("k" if word.isascii() and word.startswith("cy") else "c", romanised(word).lower())
    for written, heard in _ALIKE:
        latin = latin.replace(written, heard)
    return _TWICE.sub(r"\1", latin)
