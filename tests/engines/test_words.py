"""Which words find which documents."""

import pytest

from search.engine import Engine
from tests.engines.conftest import ask, ids, titles

CYBER = {"p-1", "p-8", "p-14", "p-21"}


@pytest.mark.parametrize(
    "text",
    [
        "кібербезпека",
        "кібербезпеки",
        "Кібербезпекою",
        "КІБЕРБЕЗПЕКА",
        "кібербезпекa",  # the last letter is Latin
        "кибербезпека",
        "кібербезпка",
        "кібербезп",
        "cybersecurity",
    ],
)
def test_a_word_is_found_in_any_form_spelling_and_beginning(found: Engine, text: str) -> None:
    assert set(ids(ask(found, text))) >= {"p-1", "p-8"}


@pytest.mark.parametrize("text", ["кібербезпека", "кібербезпеки", "кібербезпекa"])
def test_every_form_finds_the_same_documents(found: Engine, text: str) -> None:
    assert set(ids(ask(found, text))) >= CYBER
    assert ask(found, text).total == ask(found, "кібербезпека").total


def test_several_words_are_all_required(found: Engine) -> None:
    answer = ask(found, "інженерія програмного забезпечення")
    assert set(ids(answer)) >= {"p-2", "p-7", "p-12", "p-16"}
    assert "p-5" not in ids(answer)
    assert answer.total < ask(found, "інженерія").total


def test_words_are_met_across_fields(found: Engine) -> None:
    assert ids(ask(found, "кібербезпека ХПІ")) == ["p-8"]


def test_artificial_intelligence_is_found_in_the_genitive(found: Engine) -> None:
    assert {"p-4", "p-15", "p-17"} == set(ids(ask(found, "штучного інтелекту")))
    assert {"p-4", "p-15", "p-17"} == set(ids(ask(found, "штучний інтелект")))


@pytest.mark.parametrize(
    "text", ["комп'ютерні науки", "комп’ютерних наук", "компютерні науки", "компютерних наук"]
)
def test_apostrophes_and_case_endings_make_no_difference(found: Engine, text: str) -> None:
    assert set(ids(ask(found, text))) >= {"p-3", "p-9", "p-20"}


def test_a_game_finds_the_games(found: Engine) -> None:
    assert "c-3" in ids(ask(found, "гра"))


@pytest.mark.parametrize("text", ["F3", "Ф3", "f3", "ф3", "122"])
def test_a_speciality_is_found_by_any_spelling_of_its_code(found: Engine, text: str) -> None:
    assert set(ids(ask(found, text))) == {"p-3", "p-4", "p-9", "p-10", "p-17", "p-20", "p-24"}


def test_a_slip_finds_the_word_meant_and_says_so(found: Engine) -> None:
    answer = ask(found, "программування")
    assert "c-1" in ids(answer)
    assert answer.understood.changed
    assert answer.understood.query == "програмування"


def test_ge_with_upturn_is_found_without_it(found: Engine) -> None:
    assert ids(ask(found, "грунтовні")) == ["p-24"]


def test_results_narrow_while_a_word_is_typed(found: Engine) -> None:
    word = "інтелект"
    for length in range(2, len(word) + 1):
        assert "p-4" in ids(ask(found, word[:length])), word[:length]


def test_the_last_word_may_be_a_beginning(found: Engine) -> None:
    assert "p-4" in ids(ask(found, "штучний інтел"))


def test_exact_tries_neither_beginnings_nor_near_spellings(found: Engine) -> None:
    assert ask(found, "кібербезп", exact=True).total == 0
    assert ask(found, "программування", exact=True).total == 0
    assert ask(found, "кібербезпека", exact=True).total >= len(CYBER)


def test_an_unknown_word_finds_nothing_and_is_named(found: Engine) -> None:
    answer = ask(found, "кібербезпека щщщщщщщ")
    assert answer.total == 0
    assert answer.understood.unknown_words == ("щщщщщщщ",)


@pytest.mark.parametrize("text", ["", "   ", "«»—!?", "\x00\x01"])
def test_a_text_without_words_finds_everything(found: Engine, text: str) -> None:
    assert ask(found, text).total == 40


def test_small_words_do_not_narrow(found: Engine) -> None:
    assert set(ids(ask(found, "захист і інформації"))) == set(ids(ask(found, "захист інформації")))


def test_languages_with_signs_stay_apart(found: Engine) -> None:
    assert titles(ask(found, "C++")) == ["C++ для вбудованих систем"]
    assert titles(ask(found, "C#")) == ["Розробка ігор на Unity"]
    assert titles(ask(found, "JavaScript")) == ["Фронтенд"]
    assert titles(ask(found, "Java")) == ["Мова Java"]
