"""Threads that read texts at the same time, as pages and indexers do, read each word as one alone would."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from search.lexicon import russian_stem

WORDS = [
    f"{stem}{ending}"
    for stem in ("программировани", "обучени", "безопасност", "разработк", "тестировани", "данны", "сет")
    for ending in ("е", "я", "ю", "ем", "и", "ями", "ях", "ого", "ейшими", "овавшись")
]


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_russian_words_have_the_same_stems(impatient: None) -> None:
    stem = russian_stem.__wrapped__  # nothing is kept
    alone = [stem(word) for word in WORDS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: [stem(word) for word in WORDS], range(40)))
    assert together == [alone] * 40
