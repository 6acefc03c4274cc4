"""What cannot be restored changes nothing, and what is interrupted leaves everything as it was."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from applicant_portal import migrations
from applicant_portal.backup import restoring, uploads
from applicant_portal.backup.manifest import MadeByNewer
from applicant_portal.catalogue import republishing
from applicant_portal.kit.archive import Damaged, NotAnArchive
from applicant_portal.kit.db import BrokenReference
from tests.backup.conftest import MakePlace, Place, Rows, unpacked

Members = dict[str, bytes]

HALF_WAY = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from applicant_portal.backup import restoring
from applicant_portal.kit.db import Database

def stand_still(done, total):
    if done > total // 2:
        print("half way", flush=True)
        time.sleep(60)

url, uploads, file = sys.argv[1:]
restoring.restore(Database(url), Path(uploads), Path(file), datetime.now(UTC), stand_still, replace=True)
"""


def state(place: Place) -> tuple[Rows, dict[str, bytes]]:
    files = {path.name: path.read_bytes() for path in place.uploads.rglob("*") if path.is_file()}
    return place.rows(), files


@pytest.fixture
def other(seeded: Place) -> Place:
    """A portal with data of its own, different from the backup's."""
    with seeded.database.write() as session:
        session.execute(text("UPDATE listings SET title = 'своє'"))
        session.execute(text("DELETE FROM entry_routes"))
    (seeded.uploads / "empty.txt").write_text("своє")
    return seeded


def forged(file: Path, backup: Path, change: Callable[[Members, dict[str, Any]], None]) -> Path:
    """The backup as somebody changed it, with checksums that fit."""
    held = unpacked(backup)
    manifest = json.loads(held.pop("manifest.json"))
    change(held, manifest)
    manifest["sha256"] = {name: sha256(content).hexdigest() for name, content in held.items()}
    with tarfile.open(file, "w:gz") as tar:
        for name, content in [*held.items(), ("manifest.json", json.dumps(manifest).encode())]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return file


def test_listings_that_are_there_stay_unless_replacing_was_asked_for(
    other: Place, seeded_backup: Path
) -> None:
    before = state(other)
    with pytest.raises(restoring.NotEmpty):
        other.restore(seeded_backup)
    assert state(other) == before
    other.restore(seeded_backup, replace=True)
    assert len(other.rows()["entry_routes"]) > 300
    assert (other.uploads / "empty.txt").read_text() == ""


@pytest.mark.parametrize("part", [0.001, 0.1, 0.5, 0.9, 0.9999])
def test_a_truncated_backup_changes_nothing(other: Place, seeded_backup: Path, part: float) -> None:
    content = seeded_backup.read_bytes()
    cut = other.folder / "cut.tar.gz"
    cut.write_bytes(content[: int(len(content) * part)])
    before = state(other)
    with pytest.raises(Damaged):
        other.restore(cut, replace=True)
    assert state(other) == before


def test_one_wrong_byte_anywhere_is_noticed(place: MakePlace, seeded_backup: Path) -> None:
    target = place("sqlite")
    content = seeded_backup.read_bytes()
    for position in range(10, len(content), len(content) // 25):  # what stands before is a date and a name
        wrong = target.folder / "wrong.tar.gz"
        wrong.write_bytes(content[:position] + bytes([content[position] ^ 0x10]) + content[position + 1 :])
        with pytest.raises((Damaged, NotAnArchive)):
            target.restore(wrong)
    assert migrations.upgrade(target.database.engine)  # nothing had been made


def test_a_member_that_is_not_what_the_manifest_says_is_noticed(
    place: MakePlace, seeded_backup: Path
) -> None:
    target = place("sqlite")
    held = unpacked(seeded_backup)
    held["tables/listings.jsonl"] = held["tables/listings.jsonl"].replace(b"F3", b"F4")
    wrong = target.folder / "wrong.tar.gz"
    with tarfile.open(wrong, "w:gz") as tar:
        for name, content in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    with pytest.raises(Damaged):
        target.restore(wrong)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
        "просто текст\n".encode(),
        gzip.compress(b"text, not tar"),
        gzip.compress(b""),
        gzip.compress(b"\0" * 10240),
    ],
    ids=["empty", "a picture", "text", "packed text", "packed nothing", "an empty tar"],
)
def test_a_file_that_is_no_backup_is_told_from_a_damaged_one(
    place: MakePlace, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(NotAnArchive):
        place("sqlite").restore(tmp_path / "file")


def test_an_archive_of_another_kind_is_no_backup(
    place: MakePlace, seeded_backup: Path, tmp_path: Path
) -> None:
    wrong = forged(tmp_path / "wrong", seeded_backup, lambda _, manifest: manifest.update(kind="else"))
    with pytest.raises(NotAnArchive):
        place("sqlite").restore(wrong)


def test_links_in_an_archive_are_never_followed_or_made(place: MakePlace, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "wrong", "w:gz") as tar:
        member = tarfile.TarInfo("uploads/link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(member)
    with pytest.raises(NotAnArchive):
        place("sqlite").restore(tmp_path / "wrong")


@pytest.mark.parametrize(
    "name", ["uploads/../../out", "uploads/..", "/out", "../out", "uploads//../out", "secret.key", "uploads"]
)
def test_a_member_never_leaves_the_folder(
    place: MakePlace, seeded_backup: Path, tmp_path: Path, name: str
) -> None:
    target = place("sqlite")
    wrong = forged(tmp_path / "wrong", seeded_backup, lambda held, _: held.update({name: b"x"}))
    with pytest.raises(Damaged):
        target.restore(wrong)
    assert not list(tmp_path.rglob("out"))
    assert not (target.folder / "secret.key").exists()
    assert not target.uploads.exists()


def _drop_a_row(held: Members, manifest: dict[str, Any]) -> None:
    held["tables/courses.jsonl"] = held["tables/courses.jsonl"].partition(b"\n")[2]


def _orphan(held: Members, manifest: dict[str, Any]) -> None:
    held["tables/courses.jsonl"] += b'{"listing_id":"nobody","for_veterans":true}\n'
    manifest["tables"]["courses"] += 1


def _twice(held: Members, manifest: dict[str, Any]) -> None:
    held["tables/skills.jsonl"] *= 2
    manifest["tables"]["skills"] *= 2


def _other_column(held: Members, manifest: dict[str, Any]) -> None:
    held["tables/skills.jsonl"] = held["tables/skills.jsonl"].replace(b'"aliases"', b'"alias"')


def _no_json(held: Members, manifest: dict[str, Any]) -> None:
    held["tables/skills.jsonl"] = b"nothing\n" * manifest["tables"]["skills"]


def _no_table(held: Members, manifest: dict[str, Any]) -> None:
    del held["tables/tracks.jsonl"]


def _foreign_table(held: Members, manifest: dict[str, Any]) -> None:
    held["tables/alembic_version.jsonl"] = b'{"version_num":"0001"}\n'


@pytest.mark.parametrize(
    "change", [_drop_a_row, _orphan, _twice, _other_column, _no_json, _no_table, _foreign_table]
)
def test_rows_that_do_not_fit_together_leave_the_portal_as_it_was(
    other: Place, seeded_backup: Path, tmp_path: Path, change: Callable[[Members, dict[str, Any]], None]
) -> None:
    before = state(other)
    with pytest.raises((Damaged, BrokenReference, IntegrityError)):
        other.restore(forged(tmp_path / "wrong", seeded_backup, change), replace=True)
    assert state(other) == before


def test_a_restore_that_fails_at_its_very_end_leaves_the_portal_as_it_was(
    other: Place, seeded_backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = uploads.NewFolder.swap

    def swap_and_fail(folder: uploads.NewFolder) -> None:
        swap(folder)
        raise OSError("the disk has gone")

    before, beside = state(other), sorted(other.folder.iterdir())
    for module, name, failing in (
        (uploads.NewFolder, "swap", swap_and_fail),
        (republishing, "publish_again", _interrupt),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, failing)
            with pytest.raises((OSError, KeyboardInterrupt)):
                other.restore(seeded_backup, replace=True)
        assert state(other) == before
        assert sorted(other.folder.iterdir()) == beside


def _interrupt(*arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_first_restore_that_fails_leaves_no_tables_and_no_files(
    kind: str, place: MakePlace, seeded_backup: Path
) -> None:
    target = place(kind)
    with pytest.raises(KeyboardInterrupt):
        target.restore(seeded_backup, _interrupt)
    assert not target.uploads.exists()
    assert migrations.upgrade(target.database.engine)
    target.restore(seeded_backup)


def test_a_restore_killed_half_way_leaves_the_portal_as_it_was(other: Place, seeded_backup: Path) -> None:
    before = state(other)
    running = subprocess.Popen(
        [sys.executable, "-c", HALF_WAY, other.url, str(other.uploads), str(seeded_backup)],
        env=os.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "half way\n"
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    assert state(other) == before
    other.restore(seeded_backup, replace=True)


def test_a_backup_interrupted_half_way_leaves_no_file(seeded: Place, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(KeyboardInterrupt):
        seeded.save(tmp_path / "out" / "copy.tar.gz", _interrupt)
    assert not list((tmp_path / "out").iterdir())


def test_a_backup_never_overwrites(seeded: Place, tmp_path: Path) -> None:
    file = tmp_path / "out" / "copy.tar.gz"
    file.parent.mkdir()
    came_meanwhile = False

    def come(done: int, total: int) -> None:
        nonlocal came_meanwhile
        came_meanwhile = True
        file.write_text("somebody's")

    for progress in (come, _interrupt):
        with pytest.raises(FileExistsError):
            seeded.save(file, progress)
        assert file.read_text() == "somebody's"
        assert list(file.parent.iterdir()) == [file]
    assert came_meanwhile


def test_a_backup_of_a_newer_schema_or_format_is_refused(
    seeded: Place,
    place: MakePlace,
    seeded_backup: Path,
    tmp_path: Path,
    next_version: pytest.MonkeyPatch,
) -> None:
    migrations.upgrade(seeded.database.engine)
    manifest = seeded.save(tmp_path / "newer.tar.gz")
    assert manifest.revision == "next"
    next_version.undo()
    target = place("sqlite")
    with pytest.raises(MadeByNewer):
        target.restore(tmp_path / "newer.tar.gz")
    with pytest.raises(MadeByNewer):
        target.restore(
            forged(tmp_path / "wrong", seeded_backup, lambda _, manifest: manifest.update(version=2))
        )
    # Nor does this program touch a database of a newer one.
    with pytest.raises(MadeByNewer):
        seeded.restore(seeded_backup, replace=True)
    with pytest.raises(MadeByNewer):
        seeded.save(tmp_path / "again.tar.gz")
