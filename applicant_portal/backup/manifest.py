"""What a backup says of itself, and where its parts stand in the archive."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from applicant_portal import migrations
from applicant_portal.catalogue import models  # noqa: F401 (fills the metadata)
from applicant_portal.kit.archive import Damaged, NotAnArchive
from applicant_portal.kit.db import Base

KIND = "applicant-portal-backup"
VERSION = 1
UPLOADS = "uploads"


class MadeByNewer(Exception):
    """The backup, or the database, is of a version that this program does not know."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`revision` of the schema; `made_at` in UTC; rows of each table; the highest number that each table's
    key was given, which may stand above the rows that are left."""

    revision: str
    made_at: str
    tables: dict[str, int]
    numbers: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    def facts(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {"kind": KIND, "version": VERSION, **asdict(self)}

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "Manifest":
        """Raises `NotAnArchive` for another kind of file, `MadeByNewer`, `Damaged`."""
        if facts.get("kind") != KIND:
            raise NotAnArchive
        try:
            if int(facts["version"]) > VERSION:
                raise MadeByNewer
            manifest = cls(
                revision=str(facts["revision"]),
                made_at=datetime.fromisoformat(facts["made_at"]).isoformat(),
                tables={str(name): int(rows) for name, rows in facts["tables"].items()},
                numbers={str(name): int(number) for name, number in facts["numbers"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Damaged("the manifest lacks what it should say") from error
        return manifest


def saved_tables(revision: str) -> frozenset[str]:
    """Names of the tables that a backup of this schema holds: all but those that stay."""
    return migrations.tables(revision) - staying_tables()


def staying_tables() -> frozenset[str]:
    """Names of the tables that say something of this one database; a model says so (`info={"stays": True}`).
    They are not saved, and a restore leaves their rows as they are."""
    return frozenset(name for name, table in Base.metadata.tables.items() if table.info.get("stays"))


def table_member(table: str) -> str:
    return f"tables/{table}.jsonl"


def upload_member(file: PurePosixPath) -> str:
    return f"{UPLOADS}/{file}"


def upload_of(member: str) -> PurePosixPath | None:
    """The uploaded file that a member holds, as a path inside the folder; None for any other member.

    Raises `Damaged` when the path leads out of the folder.
    """
    path = PurePosixPath(member)
    if path.parts[:1] != (UPLOADS,):
        return None
    inside = path.relative_to(UPLOADS)
    if not inside.parts or ".." in inside.parts or "\0" in member:
        raise Damaged(f"{member} leads out of the folder")
    return inside
