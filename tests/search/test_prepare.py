"""A typed text read against the words of an index."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from search.prepare import MOST_WORDS, Vocabulary, prepare
from search.text import fold_word, tokens

TEXT = (
    "кібербезпека програмування мережа межа комп’ютерні науки штучний інтелект гра дані база даних "
    "тестування python java javascript c++ курс право"
)


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary.of(
        (token.surface, token.lemma, fold_word(TEXT[token.start : token.end]), 1) for token in tokens(TEXT)
    )


@given(st.text(max_size=400), st.booleans())
def test_any_text_is_read_into_a_bounded_number_of_words(text: str, exact: bool) -> None:
    prepared = prepare(text, vocabulary(), exact=exact)
    assert len(prepared.words) <= MOST_WORDS
    assert len(prepared.understood.unknown_words) <= len(prepared.words)
    known = vocabulary().lemmas
    assert prepared.terms <= known


@given(st.lists(st.sampled_from(TEXT.split()), min_size=1, max_size=12))
def test_words_of_the_index_stand_for_themselves(words: list[str]) -> None:
    prepared = prepare(" ".join(words), vocabulary())
    assert not prepared.understood.changed
    assert not prepared.understood.unknown_words
    assert {term.kind for word in prepared.words for term in word.terms} == {"exact"}


@given(st.sampled_from(("кібербезпека", "програмування", "javascript")), st.data())
def test_one_letter_left_out_of_a_long_word_is_a_slip(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    prepared = prepare(word[:at] + word[at + 1 :], vocabulary())
    assert prepared.words[0].shown == word
    assert prepared.understood.changed


def test_a_short_word_is_never_read_as_another() -> None:
    assert not prepare("бан", vocabulary()).words[0].terms


def test_a_number_or_code_is_never_read_as_a_near_one() -> None:
    near = Vocabulary.of([("12345", "12345", "12345", 1), ("f3", "f3", "F3", 1)])
    assert not prepare("12346", near).words[0].terms
    assert not prepare("F4", near).words[0].terms


def test_a_text_of_small_words_alone_is_searched_for() -> None:
    assert [word.typed for word in prepare("що як", vocabulary()).words] == ["що", "як"]
    assert [word.typed for word in prepare("курс для гри", vocabulary()).words] == ["курс", "гри"]


def test_an_empty_index_knows_no_word() -> None:
    assert prepare("кібербезпека", Vocabulary({})).understood.unknown_words == ("кібербезпека",)
