"""`portal backup` and `portal restore` as a person runs them: one sentence and an exit code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from applicant_portal.backup import restoring, saving, uploads
from applicant_portal.cli import main
from applicant_portal.kit.db import Database
from applicant_portal.kit.lead import lead, taken

Portal = Callable[..., Result]


@pytest.fixture
def portal(data_dir: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Runs a command over a data folder of its own, on SQLite and on PostgreSQL."""
    monkeypatch.setenv("PORTAL_DATA_DIR", str(data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_url)

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run


def refused(done: Result) -> str:
    """The one sentence of a command that did nothing."""
    assert done.exit_code == 2
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    return sentence


def test_a_restore_says_what_came_and_takes_the_old_index_away(
    portal: Portal, data_dir: Path, tmp_path: Path, seeded_backup: Path
) -> None:
    (data_dir / "index").mkdir()
    (data_dir / "index" / "CURRENT").touch()
    done = portal("restore", seeded_backup)
    assert done.exit_code == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert re.fullmatch(r"Відновлено рядків \d{4}, файлів 2\.", first)
    assert second == "Пошуковий індекс прибрано: його збудує наново portal serve або portal index rebuild."
    assert not list(data_dir.glob("index*"))
    assert not list(data_dir.glob("uploads.*"))
    done = portal("backup", tmp_path / "copy.tar.gz")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith(f"Копія {tmp_path / 'copy.tar.gz'}: рядків ")
    assert done.stdout.endswith("файлів 2.\n")
    assert done.stderr == ""


def test_a_refused_restore_is_one_sentence_and_keeps_the_index(
    portal: Portal, data_dir: Path, tmp_path: Path, seeded_backup: Path
) -> None:
    assert portal("restore", seeded_backup).exit_code == 0
    (data_dir / "index").mkdir()
    assert "немає" in refused(portal("restore", tmp_path / "nothing"))
    assert "немає" in refused(portal("restore", tmp_path))
    (tmp_path / "text").write_text("текст")
    assert "не є резервною копією" in refused(portal("restore", tmp_path / "text", "--no-copy"))
    (tmp_path / "cut").write_bytes(seeded_backup.read_bytes()[:5000])
    assert "пошкоджено" in refused(portal("restore", tmp_path / "cut", "--no-copy"))
    assert (data_dir / "index").exists()


def test_what_is_there_is_saved_before_it_is_replaced(
    portal: Portal, data_dir: Path, seeded_backup: Path
) -> None:
    assert portal("restore", seeded_backup).exit_code == 0
    assert not list(data_dir.glob("before-restore-*"))
    again = portal("restore", seeded_backup)
    assert again.exit_code == 0, again.stderr
    (saved,) = data_dir.glob("before-restore-*.tar.gz")
    assert f"Те, що було в базі, збережено: {saved}" in again.stdout
    back = portal("restore", saved, "--no-copy")
    assert back.exit_code == 0, back.stderr
    assert len(list(data_dir.glob("before-restore-*"))) == 1


def test_a_refused_backup_is_one_sentence_and_leaves_no_file(
    portal: Portal, tmp_path: Path, seeded_backup: Path
) -> None:
    assert "ще нічого" in refused(portal("backup", tmp_path / "copy.tar.gz"))
    assert portal("restore", seeded_backup).exit_code == 0
    assert "Теки" in refused(portal("backup", tmp_path / "no" / "such" / "folder.tar.gz"))
    sentence = refused(portal("backup", Path("/proc/copy.tar.gz")))
    assert sentence.startswith("/proc/copy.tar.gz: ")
    (tmp_path / "there.tar.gz").write_text("somebody's")
    assert "уже є" in refused(portal("backup", tmp_path / "there.tar.gz"))
    assert (tmp_path / "there.tar.gz").read_text() == "somebody's"
    assert sorted(path.name for path in tmp_path.glob("*.gz*")) == ["there.tar.gz"]


def test_a_database_of_a_newer_program_is_one_sentence(
    portal: Portal, tmp_path: Path, seeded_backup: Path, next_version: pytest.MonkeyPatch
) -> None:
    assert portal("restore", seeded_backup).exit_code == 0
    assert portal("backup", tmp_path / "newer.tar.gz").exit_code == 0
    next_version.undo()
    assert "новіш" in refused(portal("restore", tmp_path / "newer.tar.gz", "--no-copy"))
    assert "новіш" in refused(portal("backup", tmp_path / "again.tar.gz"))


@pytest.mark.parametrize("arguments", [("backup",), ("restore", "--no-copy")])
def test_a_database_that_does_not_answer_or_an_interruption_is_one_sentence(
    arguments: tuple[str, ...],
    data_dir: Path,
    tmp_path: Path,
    seeded_backup: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(url: str) -> Result:
        monkeypatch.setenv("PORTAL_DATA_DIR", str(data_dir))
        monkeypatch.setenv("PORTAL_DATABASE_URL", url)
        file = seeded_backup if arguments[0] == "restore" else tmp_path / "copy.tar.gz"
        return CliRunner().invoke(main, [arguments[0], str(file), *arguments[1:]])

    assert "не відповіла" in refused(run("postgresql://nobody@127.0.0.1:1/nothing"))
    (tmp_path / "broken.sqlite3").write_bytes(b"no database" * 100)
    assert "не відповіла" in refused(run(f"sqlite:///{tmp_path / 'broken.sqlite3'}"))

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(saving, "save", interrupt)
    monkeypatch.setattr(restoring, "restore", interrupt)
    assert "Перервано" in refused(run(""))


def test_wrong_settings_are_one_sentence(monkeypatch: pytest.MonkeyPatch, seeded_backup: Path) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", "mysql://x")
    assert "Налаштування" in refused(CliRunner().invoke(main, ["restore", str(seeded_backup)]))


def test_nothing_else_is_prepared_while_a_restore_runs(
    portal: Portal,
    data_dir: Path,
    database_url: str,
    seeded_backup: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`portal serve` waits behind the same lead before it seeds an empty catalogue."""
    other = Database(database_url)

    def look(*_: object, **__: object) -> None:
        assert not lead(other, data_dir, "prepare").take()
        raise KeyboardInterrupt

    monkeypatch.setattr(restoring, "restore", look)
    assert "Перервано" in refused(portal("restore", seeded_backup))
    with taken(lead(other, data_dir, "prepare")) as had:
        assert had
    other.dispose()


def test_an_index_that_cannot_be_taken_away_does_not_spoil_the_restore(
    portal: Portal, data_dir: Path, seeded_backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "it is a disk of its own")

    monkeypatch.setattr(Path, "rename", refuse)
    (data_dir / "index").mkdir()
    monkeypatch.setattr(uploads.NewFolder, "swap", lambda _: None)
    done = portal("restore", seeded_backup)
    assert done.exit_code == 0
    assert "portal index rebuild --force" in done.stdout
