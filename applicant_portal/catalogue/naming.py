"""Names as keys: folding, transliteration, sorting, slugs and the identity of a listing.

The folding here decides which records are one; it is kept apart from the search's folding, which may
change with every release while keys in the database must not.
"""

import base64
import hashlib
import html
import re
import unicodedata

APOSTROPHES = "’ʼ'`´‘ʹ′"
QUOTES = '«»„“”"‟'
SLUG_LENGTH = 100

# Cyrillic letters that look like Latin ones, for codes such as «С2» or «Ф3» typed on either keyboard.
_CODE_LOOKALIKES = str.maketrans("АВСЕНІКМОРТХФ", "ABCEHIKMOPTXF")
_WORD_LOOKALIKES = str.maketrans("aceiopxy", "асеіорху")

_ALPHABET = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
# Ukrainian alphabetical order as plain code-point order, the one order both databases agree on.
_SORT = str.maketrans({letter: chr(0x0430 + index) for index, letter in enumerate(_ALPHABET)})

# Resolution 55 of the Cabinet of Ministers, 27 January 2010; at the start of a word / elsewhere.
_LATIN = dict(
    zip(
        "абвгґдежзиіклмнопрстуфхцчшщ",
        "a b v h g d e zh z y i k l m n o p r s t u f kh ts ch sh shch".split(),  # noqa: SIM905
        strict=True,
    )
) | {"ь": "", "ы": "y", "э": "e", "ё": "e", "ъ": ""}
_LATIN_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_LATIN_INSIDE = {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"}


def clean(text: str) -> str:
    """Text as it may be stored: HTML entities resolved, control characters dropped, white space folded,
    straight and odd apostrophes inside words as ’ (U+2019)."""
    text = unicodedata.normalize("NFC", html.unescape(text))
    text = "".join(" " if char in "\t\n\r\x0b\x0c\xa0" else char for char in text)
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    text = re.sub(rf"(?<=\w)[{re.escape(APOSTROPHES)}](?=\w)", "’", text)
    return " ".join(text.split())


def fold_name(text: str) -> str:
    """A name as a key: case, quotes, apostrophes, dashes and look-alike Latin letters make no difference."""
    text = clean(text).casefold()
    text = re.sub(rf"[{re.escape(APOSTROPHES + QUOTES)}]", "", text)
    words = re.findall(r"[\w+#]+", text.replace("ґ", "г"))
    return " ".join(_fold_lookalikes(word) for word in words)


def _fold_lookalikes(word: str) -> str:
    if re.search("[а-яіїєґ]", word) and re.search("[a-z]", word):
        return word.translate(_WORD_LOOKALIKES)
    return word


def fold_code(code: str) -> str:
    """A speciality code with Latin capitals and no blanks: «ф3» and «F3» are F3, «122 » is 122."""
    return re.sub(r"\s+", "", clean(code)).upper().translate(_CODE_LOOKALIKES)


def sort_key(text: str) -> str:
    """A key whose code-point order is the Ukrainian alphabetical order; punctuation does not count."""
    words = re.findall(r"\w+", re.sub(rf"[{re.escape(APOSTROPHES)}]", "", clean(text).casefold()))
    return " ".join(words).translate(_SORT)[:200]


def transliterate(text: str) -> str:
    """Ukrainian in Latin letters by the national standard (resolution 55 of 2010), lower case."""
    text = re.sub(rf"[{re.escape(APOSTROPHES)}]", "", clean(text).casefold()).replace("зг", "zgh")
    out: list[str] = []
    start = True
    for char in text:
        latin = (_LATIN_START if start else _LATIN_INSIDE).get(char)
        out.append(latin if latin is not None else _LATIN.get(char, char))
        start = not char.isalnum()
    return "".join(out)


def slug(*parts: str | None) -> str:
    """Address part from words: latin letters, digits and single hyphens, at most 100 characters."""
    text = transliterate(" ".join(part for part in parts if part))
    text = text.replace("+", "p").replace("#", "-sharp")
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", text)
    while words and len("-".join(words)) > SLUG_LENGTH:
        words.pop()
    return "-".join(words) or "x"


def institution_key(edebo_id: str | None, name: str) -> str:
    """How a listing's key names its institution: by EDEBO id, else by folded name."""
    return f"edebo:{edebo_id}" if edebo_id else f"name:{fold_name(name)}"


def programme_key(institution: str, degree: str | None, speciality: str | None, title: str) -> str:
    """A programme is one by institution, degree, new speciality code and folded name."""
    return "|".join(
        ("programme", institution, degree or "unknown", speciality or "unknown", fold_name(title))
    )


def keyed(kind: str, key: str) -> str:
    """Natural key of a course or a track, which has a key of its own in the seed."""
    return f"{kind}|{key}"


def listing_id(kind: str, natural_key: str) -> str:
    """The public id given at creation: the same record gets the same id on every machine."""
    digest = hashlib.sha256(natural_key.encode()).digest()
    return f"{kind[0]}-{base64.b32encode(digest).decode().lower()[:10]}"
