"""Which words of a text were found. No markup here: pieces of text, marked or not."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from search.text import Token, tokens


class Fragment(NamedTuple):
    """A piece of text; the pieces joined are the text."""

    text: str
    marked: bool


class Marking:
    """A text whose words are marked for one question after another; its words are found once."""

    __slots__ = ("_tokens", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tuple(tokens(text))

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
        start = max(
            (token.start for token in found),
            key=lambda at: (sum(at <= other.start < at + length for other in found), -at),
        )
        begin = max(0, min(start - length // 4, len(text) - length))
        if begin:
            begin = text.find(" ", begin, start) + 1 or start
        end = min(len(text), begin + length)
        if end < len(text):
            end = text.rfind(" ", begin, end) if text.rfind(" ", begin, end) > start else end
        piece = text[begin:end].strip()
        return fragments(f"{'… ' if begin else ''}{piece}{' …' if end < len(text) else ''}", terms)

    def _found(self, terms: Collection[str]) -> list[Token]:
        if not terms:
            return []
        return [token for token in self._tokens if token.lemma in terms or token.surface in terms]


def fragments(text: str, terms: Collection[str]) -> tuple[Fragment, ...]:
    """`text` in pieces, as Marking.fragments."""
    return Marking(text).fragments(terms)


def snippet(text: str, terms: Collection[str], length: int = 160) -> tuple[Fragment, ...]:
    """A part of `text`, as Marking.snippet."""
    return Marking(text).snippet(terms, length)


def _pieces(text: str, found: Sequence[Token]) -> tuple[Fragment, ...]:
    pieces: list[Fragment] = []
    done = 0
    for token in found:
        if token.start > done:
            pieces.append(Fragment(text[done : token.start], False))
        pieces.append(Fragment(text[token.start : token.end], True))
        done = token.end
    if done < len(text):
        pieces.append(Fragment(text[done:], False))
    return tuple(pieces)
