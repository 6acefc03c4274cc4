"""What the portal is told from outside. Nothing else in it reads the environment."""

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The repository's root: the portal is installed editable and reads its pages and seed from here."""

TEMPLATES = ROOT / "templates"
SEED_DATA = ROOT / "seed_data"
PACKAGE = ROOT / "applicant_portal"
STATIC = PACKAGE / "static"
LOCALE = PACKAGE / "locale"
MIGRATIONS = PACKAGE / "migrations"

SECRET_KEY_FILE = "secret.key"  # noqa: S105 (a file's name)
DATABASE_FILE = "portal.sqlite3"
POSTGRESQL = ("postgres", "postgresql")


def _web_address(value: str) -> str:
    if value:
        HttpUrl(value)
    return value.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """One frozen reading of the `PORTAL_…` variables.

    An empty variable means "not given". Raises `pydantic.ValidationError` on a value of the wrong kind.
    """

    model_config = SettingsConfigDict(
        env_prefix="PORTAL_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    data_dir: Path = Path("var")
    """Where everything the portal writes lies: database, search index, secret. Absolute once read;
    who writes there makes it (`data_folder`)."""

    database_url: str = Field(default="", validate_default=True, repr=False)
    """An SQLAlchemy address of SQLite or PostgreSQL; not given: SQLite in the data folder. PostgreSQL gets
    psycopg, the driver that is installed, also where the address names none."""

    secret_key: SecretStr = SecretStr("")
    """What signs cookies, when given; read it with `signing_secret`."""

    search_url: WebAddress = ""
    """Address of a Meilisearch server; empty: the embedded engine."""

    search_key: SecretStr = SecretStr("")

    smtp_url: SecretStr = SecretStr("")
    """The mail server, smtp://name:password@host:587 or smtps://host:465; not given: letters are written as
    files into the folder `mail` of the data folder."""

    mail_from: str = "no-reply@localhost"
    """The address that letters come from."""

    workers: int = Field(default=1, ge=1, le=64)
    """Web processes of `portal serve`."""

    base_url: WebAddress = "http://127.0.0.1:8000"
    """The public address, without a slash at the end: what sitemap and link previews are built from."""

    kept_pages: bool = True
    """Whether pages that everybody sees alike are kept whole until something changes; off to measure."""

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, value: str, read: ValidationInfo) -> str:
        if not value:
            # A refused data_dir is missing here; its own error is the one to show.
            return f"sqlite:///{read.data.get('data_dir', Path()) / DATABASE_FILE}"
        scheme, separator, rest = value.partition("://")
        if not separator or scheme.partition("+")[0] not in ("sqlite", *POSTGRESQL):
            raise ValueError("give an address that begins with sqlite:/// or postgresql://")
        return f"{'postgresql+psycopg' if scheme in POSTGRESQL else scheme}{separator}{rest}"

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value()
        if given and not (given.startswith(("smtp://", "smtps://")) and urlsplit(given).hostname):
            raise ValueError("give an address that begins with smtp:// or smtps://")
        return value

    @property
    def data_folder(self) -> Path:
        """`data_dir`, made when missing."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        return self.data_dir

    @property
    def database_kind(self) -> Literal["sqlite", "postgresql"]:
        """Which of the two databases `database_url` names."""
        return "sqlite" if self.database_url.startswith("sqlite") else "postgresql"

    @cached_property
    def signing_secret(self) -> str:
        """The given secret, else one made once and kept in the data folder for its owner only."""
        return self.secret_key.get_secret_value() or _kept_secret(self.data_folder / SECRET_KEY_FILE)


def _kept_secret(path: Path) -> str:
    """Read the secret at `path`; write a new one first where there is none.

    Two processes that start together end with the same secret: it is written whole beside its place
    and linked there, and a link to a name that is taken fails.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
