"""Whichever part dies around a save, or as a file is published or undone, all of it is there or nothing."""

from pathlib import Path

import pytest

from tests.faults import files, saves
from tests.faults.portal import portal_on
from tests.servers import NotHere

# Twenty on both databases together; `make soak` kills 200 times each.
SAVES, FILES = 6, 4


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_save_and_a_file_are_whole_or_not_there_when_parts_are_killed(tmp_path: Path, kind: str) -> None:
    try:
        with portal_on(kind, tmp_path / kind) as portal:
            saved = saves.run(portal, SAVES, seed=20261126, name=kind)
            filed = files.run(portal, FILES, seed=20261126, name=kind)
    except NotHere as missing:
        pytest.skip(str(missing))
    assert (saved.kills.total(), filed.kills.total()) == (SAVES, FILES)
    assert saved.kills["web"]
    assert filed.kills["web"]
