"""Cards drawn once for each listing, with two holes for what a question marks in them: title and snippet.

A card depends on the listing, the language and the day; the same twenty listings answer many questions. What
is kept goes with the generation of the index.
"""

import re
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from markupsafe import Markup, escape

from applicant_portal.finder.cards import card, shown_summary, shown_title
from applicant_portal.finder.kept_parts import KeptParts
from applicant_portal.kit.i18n import LANGUAGES, Lang
from applicant_portal.kit.web import Pages
from search.highlight import Fragment, Marking
from search.query import Hit

MOST_KEPT = 10_000
"""Some 3 KB each."""
# Letters that no text holds (the importers take control characters out), and that need no escaping.
TITLE_HOLE, SNIPPET_HOLE = "\x01title\x01", "\x01snippet\x01"
_UNSAFE = re.compile("[&<>'\"]")


class _Drawn(NamedTuple):
    """A card in pieces, as UTF-8: before the title, between title and snippet, after the snippet."""

    title: Marking
    summary: Marking
    before: bytes
    between: bytes
    after: bytes


class DrawnCards:
    """Kept cards of one process. Safe to use from several threads."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._around_snippet = {lang: self._snippet(lang) for lang in LANGUAGES}
        self._parts: KeptParts[tuple[Lang, date, int, Hashable], _Drawn] = KeptParts(MOST_KEPT)

    def drawn(
        self,
        hits: Iterable[Hit],
        terms: frozenset[str],
        *,
        generation: str,
        today: date,
        lang: Lang,
        level: int = 2,
    ) -> Sequence[Markup]:
        """The cards of an answer as HTML, `terms` marked; `level`: that of their headings."""
        kept = self._parts.of(generation)
        opening, closing = self._around_snippet[lang]
        cards = []
        for hit in hits:
            key = lang, today, level, hit.key
            one = kept.get(key) or self._parts.add(kept, key, partial(self._draw, hit, today, lang, level))
            snippet = marked(one.summary.snippet(terms))
            # Joined as plain text and marked as safe once: every piece is escaped already.
            pieces = (
                one.before.decode(),
                marked(one.title.fragments(terms)),
                one.between.decode(),
                f"{opening}{snippet}{closing}" if snippet else "",
                one.after.decode(),
            )
            cards.append(Markup("".join(pieces)))  # noqa: S704
        return cards

    def _draw(self, hit: Hit, today: date, lang: Lang, level: int) -> _Drawn:
        payload = hit.payload
        title, snippet = (Fragment(TITLE_HOLE, False),), (Fragment(SNIPPET_HOLE, False),)
        shown = card(payload, title, snippet, today, lang, self._pages.gettext(lang))
        html = str(self._pages.component(lang, "listing_card")(shown, level))
        opening, closing = self._around_snippet[lang]
        before, _, rest = html.partition(TITLE_HOLE)
        between, _, after = rest.partition(f"{opening}{SNIPPET_HOLE}{closing}")
        return _Drawn(
            Marking(shown_title(payload, lang)),
            Marking(shown_summary(payload, lang)),
            before.encode(),
            between.encode(),
            after.encode(),
        )

    def _snippet(self, lang: Lang) -> tuple[str, str]:
        """What the component of a snippet puts around it, and a card without a snippet does not have."""
        html = str(self._pages.component(lang, "card_snippet")((Fragment(SNIPPET_HOLE, False),)))
        opening, _, closing = html.partition(SNIPPET_HOLE)
        return opening, closing


def marked(pieces: Iterable[Fragment]) -> str:
    """The pieces as escaped HTML with <mark> around what was found."""
    return "".join([f"<mark>{_escaped(text)}</mark>" if found else _escaped(text) for text, found in pieces])


def _escaped(text: str) -> str:
    # A page has fifty of these pieces, and hardly ever one with such a letter in it.
    return str(escape(text)) if _UNSAFE.search(text) else text
