"""Cards drawn once for each listing, with two holes for what a question marks in them: title and snippet.

A card depends on the listing, the language and the day; the same twenty listings answer many questions. What
is kept goes with the generation of the index.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from applicant_portal.finder.cards import Card, card, shown_summary, shown_title
from applicant_portal.kit.i18n import Gettext, Lang
from search.highlight import Fragment, Marking
from search.query import Hit

MOST_KEPT = 4_000
# Letters that no text holds (the importers take control characters out), and that need no escaping.
TITLE_HOLE, SNIPPET_HOLE = "\x01title\x01", "\x01snippet\x01"

Draw = Callable[[Card], str]


class _Drawn(NamedTuple):
    """A card in pieces: around the title without a snippet, around title and snippet with one."""

    title: Marking
    summary: Marking
    plain: tuple[str, str]
    with_snippet: tuple[str, str, str]


class DrawnCards:
    """Kept cards of one process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._generation = ""
        self._kept: dict[tuple[Lang, date, str], _Drawn] = {}
        self._lock = Lock()

    def drawn(
        self,
        hits: Iterable[Hit],
        terms: frozenset[str],
        *,
        generation: str,
        today: date,
        lang: Lang,
        gettext: Gettext,
        draw: Draw,
    ) -> Sequence[Markup]:
        """The cards of an answer as HTML, `terms` marked. `draw`: the card macro of the page's language."""
        with self._lock:
            if generation != self._generation or len(self._kept) > MOST_KEPT:
                self._generation, self._kept = generation, {}
            kept = self._kept
        cards = []
        for hit in hits:
            key = lang, today, hit.id
            one = kept.get(key)
            if one is None:
                one = kept[key] = _draw(hit.payload, today, lang, gettext, draw)
            cards.append(_filled(one, terms))
        return cards


def _draw(payload: Mapping[str, Any], today: date, lang: Lang, gettext: Gettext, draw: Draw) -> _Drawn:
    title, snippet = (Fragment(TITLE_HOLE, False),), (Fragment(SNIPPET_HOLE, False),)
    plain = str(draw(card(payload, title, (), today, lang, gettext)))
    full = str(draw(card(payload, title, snippet, today, lang, gettext)))
    before, _, rest = full.partition(TITLE_HOLE)
    between, _, after = rest.partition(SNIPPET_HOLE)
    head, _, tail = plain.partition(TITLE_HOLE)
    return _Drawn(
        Marking(shown_title(payload, lang)),
        Marking(shown_summary(payload, lang)),
        (head, tail),
        (before, between, after),
    )


def _filled(one: _Drawn, terms: frozenset[str]) -> Markup:
    title = _marked(one.title.fragments(terms))
    snippet = one.summary.snippet(terms)
    # Joined as plain text and marked as safe once: every piece is escaped already.
    if not snippet:
        return Markup(title.join(one.plain))  # noqa: S704
    before, between, after = one.with_snippet
    return Markup("".join((before, title, between, _marked(snippet), after)))  # noqa: S704


def _marked(pieces: Iterable[Fragment]) -> str:
    return "".join(
        f"<mark>{escape(piece.text)}</mark>" if piece.marked else str(escape(piece.text)) for piece in pieces
    )
