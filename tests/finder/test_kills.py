"""Whichever part dies between an edit and its indexing, the edit is found once."""

from pathlib import Path

import pytest

from tests.faults import edits
from tests.faults.portal import portal_on
from tests.servers import NotHere

KILLS = 10  # on each database; `make soak` kills 200 times


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_edit_is_lost_or_shown_twice_when_parts_are_killed(tmp_path: Path, kind: str) -> None:
    try:
        with portal_on(kind, tmp_path / kind) as portal:
            tally = edits.run(portal, KILLS, seed=20261125, name=kind)
    except NotHere as missing:
        pytest.skip(str(missing))
    assert tally.kills.total() == KILLS
    assert len(tally.kills) == 3
