"""Settings: what the environment says, and what the portal does when it says nothing."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from applicant_portal.settings import SEED_DATA, TEMPLATES, Settings


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "SECRET_KEY", "SEARCH_URL", "SEARCH_KEY", "WORKERS", "BASE_URL"):
        monkeypatch.delenv(f"PORTAL_{name}", raising=False)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path / "data"))


def test_without_a_database_address_sqlite_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = Settings()
    assert settings.database_url == f"sqlite:///{tmp_path}/data/portal.sqlite3"
    assert settings.database_kind == "sqlite"


def test_reading_the_settings_writes_nothing(tmp_path: Path) -> None:
    settings = Settings()
    assert not (tmp_path / "data").exists()
    assert settings.data_folder.is_dir()


def test_an_argument_stands_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://db/portal")
    assert Settings(database_url="sqlite://", data_dir=tmp_path).database_url == "sqlite://"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_spelling_of_postgresql_gets_the_driver_that_is_installed(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"{scheme}://portal@db/portal")
    assert Settings().database_url == "postgresql+psycopg://portal@db/portal"
    assert Settings().database_kind == "postgresql"


def test_a_secret_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    first, second = Settings().signing_secret, Settings().signing_secret
    assert first == second
    assert len(first) >= 64
    kept = [file for file in (tmp_path / "data").iterdir() if file.name.startswith("secret")]
    assert [stat.S_IMODE(file.stat().st_mode) for file in kept] == [0o600]


def test_a_given_secret_is_not_written_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "as given")
    assert Settings().signing_secret == "as given"
    assert not (tmp_path / "data").exists()


def test_an_empty_variable_means_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_WORKERS", "")
    monkeypatch.setenv("PORTAL_SEARCH_URL", "")
    assert Settings().workers == 1
    assert Settings().search_url == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKERS", "many"),
        ("WORKERS", "0"),
        ("DATABASE_URL", "mysql://db/portal"),
        ("DATABASE_URL", "portal.db"),
        ("BASE_URL", "somewhere"),
        ("SEARCH_URL", "localhost:7700"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"PORTAL_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_the_public_address_has_no_slash_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_BASE_URL", "https://vstup.example/")
    assert Settings().base_url == "https://vstup.example"


def test_settings_do_not_change_while_the_portal_runs() -> None:
    with pytest.raises(ValidationError):
        Settings().workers = 3  # type: ignore[misc]


def test_pages_and_seed_are_found_from_any_working_directory() -> None:
    assert TEMPLATES.is_absolute()
    assert SEED_DATA.is_absolute()
