"""Whatever is typed, the answer is an answer."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import Engine
from search.query import SearchQuery
from tests.engines.conftest import ask

HOSTILE = {
    "nul": "кібербезпека\x00",
    "control": "\x01\x02\x1b[31mкібер\x7f\x9f",
    "five thousand letters": "щ" * 5000,
    "five thousand words": "кібербезпека " * 400,
    "markup": "<script>alert('кібербезпека')</script><mark>",
    "filter syntax": 'city = "Харків" OR kind:course AND NOT id:* ^2 ~3 [a TO z] {!x}',
    "quotes": "\"'«»„“”`´",
    "regular expression": "(.*)+$[^\\]",
    "escapes": "%00%ff\\u0000&#0;",
    "direction marks": "\u202eбезпека\u2066",
    "combining": "и\u0306" * 50 + "\u0301" * 500,
    "joined emoji": "👩‍💻 програма 🏳️‍🌈",
    "lone surrogate": "програма \ud800",
    "tab": "кібер\tбезпека",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_only_text(found: Engine, text: str) -> None:
    answer = ask(found, text)
    assert 0 <= answer.total <= 40
    assert len(answer.hits) == answer.total


@pytest.mark.parametrize("text", [t for t in HOSTILE.values() if "\ud800" not in t])
def test_hostile_filter_values_match_nothing(found: Engine, text: str) -> None:
    assert ask(found, filters={"city": (text,)}).total == 0


def test_what_is_beyond_the_twelfth_word_is_left_out_and_said(found: Engine) -> None:
    answer = ask(found, "кібербезпека " * 13)
    assert answer.understood.cut
    assert answer.total == ask(found, "кібербезпека").total


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80), page=st.integers(1, 10**5), per_page=st.integers(1, 100))
def test_any_text_and_page_is_answered(found: Engine, text: str, page: int, per_page: int) -> None:
    answer = found.search(SearchQuery(text=text, page=page, per_page=per_page))
    assert len(answer.hits) == max(0, min(per_page, answer.total - (page - 1) * per_page))
