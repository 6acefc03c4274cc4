"""The keyboard layouts: the same keys, row by row, on the Ukrainian, Russian and English layout.

Every row holds the keys as they print alone, then with Shift. The key left of 1 and the one before Enter
differ between systems; here they are as on the layouts most in use (apostrophe and ґ; ё and the backslash).
Of the row of digits only the signs that differ between layouts are named.
"""

EN = (
    "`qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "~QWERTYUIOP{}|",
    'ASDFGHJKL:"',
    "ZXCVBNM<>?",
    "@#$^&",
)
UK = (
    "'йцукенгшщзхїґ",
    "фівапролджє",
    "ячсмитьбю.",
    "ʼЙЦУКЕНГШЩЗХЇҐ",
    "ФІВАПРОЛДЖЄ",
    "ЯЧСМИТЬБЮ,",
    '"№;:?',
)
RU = (
    "ёйцукенгшщзхъ\\",
    "фывапролджэ",
    "ячсмитьбю.",
    "ЁЙЦУКЕНГШЩЗХЪ/",
    "ФЫВАПРОЛДЖЭ",
    "ЯЧСМИТЬБЮ,",
    '"№;:?',
)


def _pairs(wanted: tuple[str, ...], switched_on: tuple[str, ...]) -> dict[int, int]:
    """What the keys of one layout print while the other is on, for `str.translate`."""
    return str.maketrans("".join(wanted), "".join(switched_on))


EN_TO_UK = _pairs(EN, UK)
UK_TO_EN = _pairs(UK, EN)
EN_TO_RU = _pairs(EN, RU)
RU_TO_EN = _pairs(RU, EN)


def _around(rows: tuple[str, ...]) -> dict[str, str]:
    """Letter to the letters whose keys touch its key. Each row stands half a key further right."""
    top, middle, bottom = rows[0][1:], rows[1], rows[2]
    near: dict[str, str] = {}
    for row, above, below in ((top, "", middle), (middle, top, bottom), (bottom, middle, "")):
        for place, letter in enumerate(row):
            if not letter.isalpha():
                continue
            touching = row[max(0, place - 1) : place] + row[place + 1 : place + 2]
            touching += above[place : place + 2] + below[max(0, place - 1) : place + 1]
            near[letter] = "".join(key for key in touching if key.isalpha())
    return near


UK_NEIGHBOURS = _around(UK)
RU_NEIGHBOURS = _around(RU)
EN_NEIGHBOURS = _around(EN)
