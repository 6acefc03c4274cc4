"""The benchmark of advice measures what it says. No times are asserted."""

from pathlib import Path

import pytest

from tests.benchmarks import advice

pytestmark = pytest.mark.slow


def test_a_small_catalogue_is_measured(tmp_path: Path) -> None:
    measured = advice.measure(tmp_path, listings=500, profiles=10)
    assert 400 < measured.listings < 500  # some have closed
    for times in (measured.advice, measured.all_facts, measured.one_list, measured.product):
        assert 0 < times.p50 <= times.p90 <= times.p99
    assert measured.product.p50 < measured.one_list.p50 < measured.advice.p50
    assert measured.reading_ms > 0
    assert measured.peak_mb > 0
    lines = measured.table().splitlines()
    assert lines[0].endswith("10 random profiles")
    assert [line.split()[-4:-3] for line in lines[3:7]] == [["advice"], ["stated"], ["alone"], ["numpy"]]
