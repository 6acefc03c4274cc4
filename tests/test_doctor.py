"""`portal doctor` and `portal index status` say what is wrong, in sentences, and what to do."""

import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.models import Listing
from applicant_portal.cli import main
from applicant_portal.finder import index
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from tests.seeded import Templates
from tests.servers import Meilisearch, free_port, portal_command

TODAY = date(2026, 11, 25)


def portal(settings: Settings, *arguments: str) -> Result:
    """The command with these settings in its environment, in this process: loading a whole one takes longer
    than the command. Whatever goes wrong is told, never raised."""
    done = CliRunner().invoke(main, arguments, env=environment(settings))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def environment(settings: Settings) -> dict[str, str]:
    return {
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_SEARCH_URL": settings.search_url,
        "PORTAL_SEARCH_KEY": settings.search_key.get_secret_value(),
    }


@pytest.fixture
def ready(data_dir: Path, sqlite_url: str, meilisearch: Meilisearch, templates: Templates) -> Settings:
    """A seeded portal with both indexes filled."""
    settings = Settings(
        data_dir=data_dir, database_url=sqlite_url, search_url=meilisearch.url, search_key=meilisearch.key
    )
    templates.fill(settings, TODAY)
    return settings


def test_a_portal_in_order_is_told_so(ready: Settings) -> None:
    """Here and in a process of its own."""
    own = subprocess.run(
        portal_command("doctor"),
        env={**os.environ, **environment(ready)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    done = portal(ready, "doctor")
    assert (own.returncode, own.stderr) == (0, "")
    assert len(own.stdout.splitlines()) == len(done.stdout.splitlines())
    assert done.exit_code == 0, done.stdout
    assert "Усе гаразд." in done.stdout
    assert "Meilisearch 1.21" in done.stdout
    assert "tantivy" in done.stdout
    assert "!" not in done.stdout


def test_an_empty_folder_is_told_to_make_the_schema(data_dir: Path) -> None:
    done = portal(Settings(data_dir=data_dir), "doctor")
    assert done.exit_code == 1
    assert "portal db upgrade" in done.stdout


def test_a_database_that_is_away_is_named(data_dir: Path) -> None:
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/portal"
    done = portal(Settings(data_dir=data_dir, database_url=away), "doctor")
    assert done.exit_code == 1
    assert "PORTAL_DATABASE_URL" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", [("index", "status"), ("index", "rebuild"), ("reports", "list"), ("serve",), ("worker",)]
)
def test_every_command_says_in_one_sentence_that_the_database_is_away(
    data_dir: Path, command: tuple[str, ...]
) -> None:
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/portal"
    done = portal(Settings(data_dir=data_dir, database_url=away), *command)
    assert done.exit_code == 2
    assert done.stderr.startswith("База даних не відповідає")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"search_key": "wrong"}, "PORTAL_SEARCH_KEY"),
        ({"search_url": "http://127.0.0.1:9"}, "PORTAL_SEARCH_URL"),
    ],
)
def test_a_search_server_that_cannot_be_asked_is_named_with_what_to_check(
    ready: Settings, changed: dict[str, str], said: str
) -> None:
    wrong = Settings(**{**ready.model_dump(), "search_key": ready.search_key, **changed})
    done = portal(wrong, "doctor")
    assert done.exit_code == 1
    assert said in done.stdout
    assert "Індекс embedded (tantivy" in done.stdout
    status = portal(wrong, "index", "status")
    assert status.exit_code == 2
    assert "meilisearch: не відповідає" in status.stdout
    assert "Traceback" not in status.stderr
    rebuilt = portal(wrong, "index", "rebuild")
    assert rebuilt.exit_code == 1  # the other one is built all the same
    assert "В індексі embedded записів" in rebuilt.stdout
    assert "Індекс meilisearch не збудовано" in rebuilt.stderr
    assert "Traceback" not in rebuilt.stderr


def test_a_listing_that_was_set_aside_is_shown_with_its_reason(ready: Settings) -> None:
    database = Database(ready.database_url)
    with database.write() as session:
        broken = session.scalars(select(Listing.id).where(Listing.kind == "course").limit(1)).one()
        session.execute(text("UPDATE listings SET languages = '7' WHERE id = :id"), {"id": broken})
        outbox.publish(session, [broken], datetime.now(UTC))
    one = index.opened(ready, database)[1]
    one.lead.take()
    index.follow(database, one, TODAY)
    one.lead.release()
    database.dispose()
    status = portal(ready, "index", "status")
    assert status.exit_code == 0
    assert f"{broken}  " in status.stdout
    assert "TypeError" in status.stdout
    assert "portal index status" in portal(ready, "doctor").stdout


def test_an_index_that_is_behind_with_nobody_at_work_is_noticed(ready: Settings) -> None:
    database = Database(ready.database_url)
    with database.write() as session:
        ids = session.scalars(select(Listing.id)).all()
        outbox.publish(session, ids, datetime.now(UTC))
    database.dispose()
    done = portal(ready, "doctor")
    assert done.exit_code == 1
    assert "portal worker" in done.stdout


def test_a_secret_that_others_can_read_is_noticed(ready: Settings) -> None:
    assert ready.signing_secret
    (ready.data_dir / "secret.key").chmod(0o644)
    done = portal(ready, "doctor")
    assert done.exit_code == 1
    assert "chmod 600" in done.stdout
