"""Cards that are kept are the cards that would be drawn: whatever was asked before, in whichever language."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.finder.cards import card, shown_summary, shown_title
from applicant_portal.finder.drawn_cards import DrawnCards
from applicant_portal.kit.i18n import Lang
from applicant_portal.kit.web import Pages
from search.highlight import Marking
from search.query import Hit

TODAY = date(2026, 11, 25)
PAGES = Pages("http://127.0.0.1", {})
TEXTS = st.text("абв <>&\"'ґ’мережа", max_size=60)


def payload(title: str, summary: str | None) -> dict[str, object]:
    return {
        "id": "c-1",
        "kind": "course",
        "path": "/courses/c-1",
        "title": title,
        "title_en": None,
        "summary_uk": summary,
        "summary_en": None,
        "institution": None,
        "provider": "Академія & Ко",
        "city": None,
        "format": "online",
        "languages": ["uk"],
        "duration_uk": None,
        "duration_en": None,
        "price": None,
        "pace": None,
        "state": "running",
        "stamp": None,
    }


def found(title: str, summary: str | None) -> Hit:
    return Hit("c-1", lambda key: (key, payload(title, summary)))


def drawn(cards: DrawnCards, hit: Hit, terms: frozenset[str], lang: Lang, generation: str = "1") -> str:
    (one,) = cards.drawn(
        [hit],
        terms,
        generation=generation,
        today=TODAY,
        lang=lang,
    )
    return str(one)


def afresh(hit: Hit, terms: frozenset[str], lang: Lang) -> str:
    title = Marking(shown_title(hit.payload, lang)).fragments(terms)
    summary = Marking(shown_summary(hit.payload, lang)).snippet(terms)
    one = card(hit.payload, title, summary, TODAY, lang, PAGES.gettext(lang))
    return str(PAGES.component(lang, "listing_card")(one))


@given(
    TEXTS.filter(str.strip), st.none() | TEXTS, st.lists(st.sampled_from(["мережа", "а", "б"]), max_size=2)
)
def test_a_kept_card_is_the_card_drawn_afresh(title: str, summary: str | None, words: list[str]) -> None:
    hit, terms = found(title, summary), frozenset(words)
    cards = DrawnCards(PAGES)
    for lang in ("uk", "en"):
        for asked in (frozenset[str](), terms, frozenset({"мережа"})):
            assert drawn(cards, hit, asked, lang) == afresh(hit, asked, lang)


def test_another_generation_draws_anew() -> None:
    cards = DrawnCards(PAGES)
    assert "Стара" in drawn(cards, found("Стара назва", None), frozenset(), "uk", "1")
    assert "Стара" in drawn(cards, found("Нова назва", None), frozenset(), "uk", "1")
    assert "Нова" in drawn(cards, found("Нова назва", None), frozenset(), "uk", "2")


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_what_a_title_holds_is_escaped(lang: Lang) -> None:
    shown = drawn(DrawnCards(PAGES), found("<script>", "a <b> мережа"), frozenset({"мережа"}), lang)
    assert "<script>" not in shown
    assert "<mark>мережа</mark>" in shown
