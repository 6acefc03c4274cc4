"""Ukrainian in Latin letters: the national standard, and what people type instead.

The standard is resolution 55 of the Cabinet of Ministers, 27.01.2010: є, ї, й, ю, я read otherwise at the
beginning of a word, зг is zgh (zh is ж), the soft sign and the apostrophe leave no trace.
"""

import re

STANDARD = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
    "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ь": "", "ю": "iu", "я": "ia",
}  # fmt: skip
STANDARD_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

# Not in the resolution: letters of Russian words, so that no Cyrillic is left among the Latin letters.
RUSSIAN = {"ё": "io", "ъ": "", "ы": "y", "э": "e"}
RUSSIAN_INITIAL = {"ё": "yo"}

# What people type who never saw the table, the commonest first. Where a letter is not named, the standard
# holds. Pairs of letters come before single ones.
INFORMAL = {
    "в": ("v", "w"),
    "г": ("g", "h"),
    "є": ("ye", "je", "e"),
    "ж": ("zh", "j"),
    "и": ("i", "y"),
    "ї": ("yi", "ji", "i"),
    "й": ("y", "j", "i"),
    "к": ("k", "c"),
    "х": ("h", "kh", "x"),
    "ц": ("c", "ts"),
    "ч": ("ch", "4"),
    "ш": ("sh",),
    "щ": ("sch", "sh", "shch"),
    "ь": ("", "'"),
    "ю": ("yu", "ju", "u"),
    "я": ("ya", "ja", "ia"),
    "ё": ("yo", "e", "jo"),
    "ы": ("y", "i"),
    "э": ("e",),
    "ъ": ("",),
}
INFORMAL_PAIRS = {"ий": ("yi", "iy", "y", "ij"), "ія": ("iya", "ia", "ija"), "ії": ("ii", "iyi", "iji")}

CYRILLIC_WORD = re.compile(r"[а-яёєіїґА-ЯЁЄІЇҐ]+(?:['’ʼ`‘′][а-яёєіїґА-ЯЁЄІЇҐ]+)*")
_MARKS = re.compile("['’ʼ`‘′]")


def romanised(text: str) -> str:
    """`text` with its Cyrillic words in Latin letters by the national standard; the rest as it is. A capital
    gives a capital: «Харків» — Kharkiv, «ХПІ» — KhPI, as institutions write themselves."""
    return CYRILLIC_WORD.sub(lambda found: _word(found[0]), text)


def _word(word: str) -> str:
    word = _MARKS.sub("", word)
    out: list[str] = []
    for place, letter in enumerate(word):
        small = letter.lower()
        latin = _initial(small) if place == 0 else _inside(small)
        if small == "г" and place and word[place - 1] in "зЗ":
            latin = "gh"
        out.append(latin.capitalize() if letter != small else latin)
    return "".join(out)


def _initial(letter: str) -> str:
    return STANDARD_INITIAL.get(letter) or RUSSIAN_INITIAL.get(letter) or _inside(letter)


def _inside(letter: str) -> str:
    return STANDARD[letter] if letter in STANDARD else RUSSIAN[letter]
