"""Which words of a text were found. No markup here: pieces of text, marked or not."""

from collections.abc import Collection
from typing import NamedTuple


class Fragment(NamedTuple):
    """A piece of text; the pieces joined are the text."""

    text: str
    marked: bool
