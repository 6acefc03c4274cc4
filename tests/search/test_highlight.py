"""Marking what was found in a text, without markup."""

from hypothesis import given
from hypothesis import strategies as st

from search.highlight import Marking
from search.text import tokens

WORDS = ["кібербезпеки", "мережі", "захист", "C++", "комп’ютерних", "курс", "<b>жирний</b>", "«лапки»", "і"]
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join))


@given(TEXTS, st.data())
def test_the_pieces_joined_are_the_text(text: str, data: st.DataObject) -> None:
    terms = _some_terms(text, data)
    pieces = Marking(text).fragments(terms)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


@given(TEXTS, st.data(), st.integers(20, 300))
def test_a_snippet_marks_a_word_and_stays_short(text: str, data: st.DataObject, length: int) -> None:
    terms = _some_terms(text, data)
    pieces = Marking(text).snippet(terms, length)
    longest = max((token.end - token.start for token in tokens(text)), default=0)
    if not terms:
        assert pieces == ()
    elif longest <= length // 2:
        assert any(piece.marked for piece in pieces)
        assert len("".join(piece.text for piece in pieces)) <= length + 4


@given(TEXTS)
def test_without_a_word_found_there_is_no_snippet(text: str) -> None:
    assert Marking(text).snippet({"цьогословатамнема"}) == ()
    assert not any(piece.marked for piece in Marking(text).fragments({"цьогословатамнема"}))


def _some_terms(text: str, data: st.DataObject) -> set[str]:
    there = sorted({token.lemma for token in tokens(text)})
    return data.draw(st.sets(st.sampled_from(there), max_size=3)) if there else set()


def test_every_form_of_a_word_is_marked() -> None:
    marked = [
        p.text
        for p in Marking("Кібербезпека, кібербезпеки і безпека").fragments({"кібербезпека"})
        if p.marked
    ]
    assert marked == ["Кібербезпека", "кібербезпеки"]


def test_a_snippet_shows_where_it_was_cut() -> None:
    text = "перше слово " * 30 + "мережа " + "останнє слово " * 30
    shown = "".join(piece.text for piece in Marking(text).snippet({"мережа"}))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "мережа" in shown
