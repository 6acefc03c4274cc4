"""Which words of a text were found. No markup here: pieces of text, marked or not."""

from array import array
from collections.abc import Collection, Sequence
from typing import NamedTuple

from search.text import tokens


class Fragment(NamedTuple):
    """A piece of text; the pieces joined are the text."""

    text: str
    marked: bool


class Marking:
    """A text whose words are marked for one question after another; its words are found once.

    Thousands of them are kept: words stand in columns, and equal ones are one string.
    """

    __slots__ = ("_lemmas", "_places", "_surfaces", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(tokens(text))
        self._places = array("I", (place for token in found for place in (token.start, token.end)))
        self._surfaces = tuple(token.surface for token in found)
        self._lemmas = tuple(token.lemma for token in found)

    def fragments(self, terms: Collection[str]) -> tuple[Fragment, ...]:
        """The text in pieces, those words marked whose folded or dictionary form is among `terms`."""
        return _pieces(self.text, self._found(terms))

    def snippet(self, terms: Collection[str], length: int = 160) -> tuple[Fragment, ...]:
        """About `length` letters of the text around the words found, cut at blanks, with … where cut;
        nothing when no word is found."""
        found = self._found(terms)
        if not found:
            return ()
        text = self.text
        if len(text) <= length:
            return _pieces(text, found)
        starts = [start for start, _ in found]
        first = max(starts, key=lambda at: (sum(at <= other < at + length for other in starts), -at))
        begin = max(0, min(first - length // 4, len(text) - length))
        if begin:
            begin = text.find(" ", begin, first) + 1 or first
        end = min(len(text), begin + length)
        if end < len(text):
            end = text.rfind(" ", begin, end) if text.rfind(" ", begin, end) > first else end
        before, after = "… " if begin else "", " …" if end < len(text) else ""
        inside = text[begin:end]
        begin += len(inside) - len(inside.lstrip())
        inside = inside.strip()
        shift = len(before) - begin
        within = [
            (start + shift, stop + shift)
            for start, stop in found
            if start >= begin and stop <= begin + len(inside)
        ]
        return _pieces(f"{before}{inside}{after}", within)

    def _found(self, terms: Collection[str]) -> list[tuple[int, int]]:
        """Where the words that are among `terms` begin and end."""
        wanted = frozenset(terms)
        if wanted.isdisjoint(self._surfaces) and wanted.isdisjoint(self._lemmas):
            return []
        places = self._places
        words = zip(self._surfaces, self._lemmas, places[::2], places[1::2], strict=True)
        return [(start, end) for surface, lemma, start, end in words if lemma in wanted or surface in wanted]


def _pieces(text: str, found: Sequence[tuple[int, int]]) -> tuple[Fragment, ...]:
    pieces: list[Fragment] = []
    done = 0
    for start, end in found:
        if start > done:
            pieces.append(Fragment(text[done:start], False))
        pieces.append(Fragment(text[start:end], True))
        done = end
    if done < len(text):
        pieces.append(Fragment(text[done:], False))
    return tuple(pieces)
