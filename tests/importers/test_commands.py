"""The commands as programs see them: exit codes, sentences, reports, and a kill in the middle."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
PORTAL = [sys.executable, "-c", "from applicant_portal.cli import main; main()"]


def portal(data_dir: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PORTAL, *map(str, arguments)],
        env={**os.environ, "PORTAL_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_good_register_is_0_and_its_report_says_how_many(data_dir: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = portal(data_dir, "import", "institutions", FIXTURES / "registry_2026.json", "--report", report)
    assert done.returncode in (0, 1), done.stderr
    said = json.loads(report.read_text(encoding="utf-8"))
    assert set(said) >= {"rows", "created", "updated", "unchanged", "refused"}
    assert said["created"] + len(said["refused"]) == said["rows"]
    again = portal(data_dir, "import", "institutions", FIXTURES / "registry_2026.json", "--report", report)
    assert again.returncode == done.returncode
    said = json.loads(report.read_text(encoding="utf-8"))
    assert said["created"] == said["updated"] == 0


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
        b'[{"usid": 1,',
        "Назва;Код\nПривіт;1\n".encode("utf-16"),
        b"",
        b"<!doctype html><title>x</title>",
        b"a,b,c\n1,2,3\n",
    ],
    ids=["a picture", "broken JSON", "UTF-16", "empty", "a web page", "unknown columns"],
)
def test_a_file_that_is_not_what_it_says_is_one_sentence_and_2(
    data_dir: Path, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    for command in ("institutions", "offers"):
        done = portal(data_dir, "import", command, path)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_kill_in_the_middle_leaves_nothing_half_written(data_dir: Path, shared_data: Path) -> None:
    assert portal(data_dir, "db", "upgrade").returncode == 0
    register = shared_data / "edebo_register_2019-08.csv"
    counts = set()
    for delay in (0.7, 0.9, 1.1, 1.3):
        running = subprocess.Popen(
            [*PORTAL, "import", "institutions", str(register)],
            env={**os.environ, "PORTAL_DATA_DIR": str(data_dir)},
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        running.send_signal(signal.SIGKILL)
        running.wait()
        with sqlite3.connect(data_dir / "portal.sqlite3") as database:
            counts.add(database.execute("SELECT count(*) FROM institutions").fetchone()[0])
    assert counts <= {0, 1420}
    assert portal(data_dir, "import", "institutions", register).returncode == 0


def test_synthetic_listings_go_only_into_an_empty_catalogue(data_dir: Path) -> None:
    made = portal(data_dir, "demo", "generate", "--listings", "50")
    assert made.returncode == 0, made.stderr
    refused = portal(data_dir, "demo", "generate", "--listings", "50")
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
