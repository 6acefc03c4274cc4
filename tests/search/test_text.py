"""Text into words: what is one word, and what must stay two."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.text import clean, fold, tokens

# Letters that tests of random characters would hardly ever meet together.
UKRAINIAN = st.text(alphabet="абвгґдеєжзиіїйьюя’'ʼ`´-. CcFfАа+#3.4\u0301«»", max_size=40)
ANY = st.one_of(st.text(max_size=80), UKRAINIAN)


@given(ANY)
@example("Знам’янка")
@example("C++, C# і .NET")
@example("и\u0306")
@example("ʼА0")
@example("А’0")
@example("AAЄ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY)
def test_words_stand_where_they_say_in_order(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.surface
        assert token.lemma
        assert [one.surface for one in tokens(text[token.start : token.end])] == [token.surface]
        end = token.end


def surfaces(text: str) -> list[str]:
    return [token.surface for token in tokens(text)]


def lemmas(text: str) -> list[str]:
    return [token.lemma for token in tokens(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C", "C#"),
        ("C++", "C#"),
        ("Java", "JavaScript"),
        ("F3", "F2"),
        ("F3", "F#"),
        ("A4.09", "A4"),
        ("право", "правий"),
        ("мова", "мить"),
        ("тестування", "текст"),
        ("мережа", "межа"),
        ("наука", "навчання"),
        ("код", "кодекс"),
        ("дані", "данина"),
        ("гра", "град"),
        ("основа", "основний"),
        ("net", ".NET"),
    ],
)
def test_different_things_stay_apart(one: str, other: str) -> None:
    (first,), (second,) = tokens(one), tokens(other)
    assert {first.surface, first.lemma}.isdisjoint({second.surface, second.lemma})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ф3", "F3"),
        ("ф3", "f3"),
        ("комп’ютер", "комп'ютер"),
        ("комп’ютер", "компютер"),
        ("ґрунт", "грунт"),
        ("кібербезпекa", "кібербезпека"),
        ("ПРОГРАМА", "програма"),
        ("и\u0306ти", "йти"),
        ("ﬁle".replace("ﬁ", "fi"), "FILE"),
    ],
)
def test_spellings_of_one_thing_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("forms", "dictionary"),
    [
        ("кібербезпека кібербезпеки кібербезпеку", "кібербезпека"),
        ("ігор гра гри", "гра"),
        ("науки наук наука", "наука"),
        ("програми програмою програм", "програма"),
        ("мережі мереж мережею", "мережа"),
        ("systems system", "system"),
    ],
)
def test_forms_of_a_word_share_their_dictionary_form(forms: str, dictionary: str) -> None:
    assert set(lemmas(forms)) == {dictionary}


def test_an_english_possessive_is_the_word_itself() -> None:
    assert [token.lemma for token in tokens("CS50’s Harvard's")] == ["cs50", "harvard"]


def test_hyphens_divide_and_apostrophes_do_not() -> None:
    assert surfaces("веб-розробка комп’ютера") == ["веб", "розробка", "компютера"]


def test_control_characters_are_blanks() -> None:
    assert clean("кібер\x00безпека\u202e\n\tкурс") == "кібер безпека курс"
