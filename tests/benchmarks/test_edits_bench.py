"""The benchmark of edits measures what it says: every edit is found. No times are asserted."""

from pathlib import Path

import pytest

from tests.benchmarks import edits
from tests.servers import NotHere

pytestmark = pytest.mark.slow


def test_every_edit_is_found_while_applicants_search(tmp_path: Path) -> None:
    try:
        found = edits.run(tmp_path, alone=1, applicants=8, crowds={0.1: 3}, window=3.0)
    except NotHere as missing:
        pytest.skip(str(missing))
    assert [(one.engine, one.applicants, len(one.edits)) for one in found] == [
        ("meilisearch", 0, 1),
        ("meilisearch", 8, 3),
        ("embedded", 0, 1),
        ("embedded", 8, 3),
    ]
    for one in found:
        assert all(0 < edit.answered < edit.found <= edit.shown for edit in one.edits)
        assert one.failed == 0
        assert (one.requests > 0) == (one.applicants > 0)
    text = edits.section(found)
    print(text)
    assert text.count("sent → found") == len(found)
    page = edits.put_section("# Benchmarks\n\n## Other\n", text)
    assert edits.put_section(page + "\n## More\n", text) == page + "\n## More\n"
