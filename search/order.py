"""Sort keys that every engine shares."""

from search.schema import Document

UNKNOWN_LAST = 1 << 30
"""Stands for an unknown price or score: after every known one."""


def price_key(document: Document) -> int:
    """Cheapest first: whole hryvnias."""
    return document.price if document.price is not None else UNKNOWN_LAST


def score_key(document: Document) -> int:
    """Lowest first: thousandths."""
    return round(document.score * 1000) if document.score is not None else UNKNOWN_LAST


def title_bits(key: str) -> int:
    """The first three letters of a sort key in 18 bits, in order."""
    bits = 0
    for letter in (key + "   ")[:3]:
        code = ord(letter)
        bits = bits << 6 | (code - 0x0430 + 16 if 0x0430 <= code < 0x0460 else min(code >> 3, 15))
    return bits
