"""Sort keys that every engine shares."""

UNKNOWN_LAST = 1 << 30
"""Stands for an unknown price or score: after every known one."""


def title_bits(key: str) -> int:
    """The first three letters of a sort key in 18 bits, in order."""
    bits = 0
    for letter in (key + "   ")[:3]:
        code = ord(letter)
        bits = bits << 6 | (code - 0x0430 + 16 if 0x0430 <= code < 0x0460 else min(code >> 3, 15))
    return bits
