"""An archive stands whole at its place or not at all, and every byte of it is checked."""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from applicant_portal.kit import archive


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made.tar.gz"
    with archive.written(path) as draft:
        draft.add("letters/а.txt", [b"one, ", b"two"])
        draft.add("empty", [])
        draft.facts = {"made": "by a test"}
    return path


def test_members_are_read_in_the_order_they_were_written(made: Path) -> None:
    assert archive.verified(made) == {"made": "by a test"}
    found = {name: content.read() for name, content in archive.members(made)}
    assert list(found) == ["letters/а.txt", "empty", archive.MANIFEST]
    assert found["letters/а.txt"] == b"one, two"
    with tarfile.open(made) as tar:
        assert all(member.isreg() and member.mode == 0o600 for member in tar)


def test_what_is_large_waits_on_disk_and_leaves_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "IN_MEMORY", 10)
    with archive.written(tmp_path / "made") as draft:
        draft.add("large", [b"x" * 1000] * 1000)
    archive.verified(tmp_path / "made")
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_nothing_is_left_when_writing_fails(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"x"
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"), archive.written(tmp_path / "made") as draft:
        draft.add("large", breaking())
    assert not list(tmp_path.iterdir())


def test_where_the_file_system_knows_no_links_it_is_moved_and_still_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "made"
    with archive.written(path) as draft:
        draft.add("one", [b"1"])
    assert archive.verified(path) == {}
    before = path.read_bytes()
    path.unlink()
    with pytest.raises(FileExistsError), archive.written(path) as draft:
        path.write_bytes(before)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("bytes_missing", [1, 4, 9, 40, 200])
def test_an_archive_without_its_end_is_damaged(made: Path, bytes_missing: int) -> None:
    made.write_bytes(made.read_bytes()[:-bytes_missing])
    with pytest.raises(archive.Damaged):
        archive.verified(made)


def test_an_archive_with_something_behind_its_end_is_damaged(made: Path) -> None:
    made.write_bytes(made.read_bytes() + b"more")
    with pytest.raises(archive.Damaged):
        archive.verified(made)
