"""What a process of `portal serve` loads, and how it starts."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from applicant_portal.cli import main
from tests.servers import ROOT, LiveServer

NOT_SERVED_WITH = {
    "alembic",
    "mako",
    "meilisearch_python_sdk",
    "sklearn",
    "tqdm",
    "applicant_portal.backup",
    "applicant_portal.commands",
    "applicant_portal.doctor",
    "applicant_portal.finder.evaluating",
    "applicant_portal.importers",
    "openpyxl",
    "search.plain",
}
OTHERS = (
    "backup",
    "db",
    "demo",
    "doctor",
    "import",
    "index",
    "key",
    "recommend",
    "remind",
    "reports",
    "restore",
    "search",
    "seed",
    "user",
)
LOADED = """
import sys
from unittest import mock
import uvicorn
from applicant_portal.cli import main

with mock.patch.object(uvicorn, "run") as run:
    main(["serve", "--port", "1"], standalone_mode=False)
from applicant_portal.app import create_app
create_app()
print(run.call_args.kwargs["workers"], *sys.modules)
"""


def test_a_process_holds_only_what_it_serves_with(tmp_path: Path) -> None:
    """The first start migrates, seeds and fills, and then begins anew: what is left is a serving process."""
    with LiveServer(tmp_path / "data"):
        pass
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    workers, *modules = done.stdout.split()
    assert workers == "1"
    assert not NOT_SERVED_WITH & set(modules)
    assert done.stderr == "Портал відкрито: http://127.0.0.1:1\n"


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(main, ["--help"]).stdout
    commands = shown.partition("Commands:")[2].split("\n")
    named = [line.split()[0] for line in commands if line.startswith("  ") and line[2] != " "]
    assert named == sorted(["serve", "worker", *OTHERS])


def test_a_command_that_is_none_is_refused() -> None:
    done = CliRunner().invoke(main, ["nothing"])
    assert done.exit_code == 2
    assert "nothing" in done.stderr
