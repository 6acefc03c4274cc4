"""An import and the edits of people take turns, so that neither writes over what it has not read.

An import reads a great deal, works on it in memory and writes it back at its end: an edit committed in
between would be lost. SQLite has one writer at a time. On PostgreSQL an import holds a lock of its own from
before its first read to its end, which those who edit share among themselves. Both take it before any row, so
none of them waits for the other while holding what the other wants.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from applicant_portal.kit.db import BUSY_TIMEOUT_MS

_LOCK = 0x1A9E  # any fixed number; shared by all who import and all who edit


def import_alone(session: Session) -> None:
    """Begin an import: waits for the edits that are under way, and lets no other begin."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def edit_beside(session: Session) -> None:
    """Begin an edit beside others; waits for an import as long as SQLite's writers wait for each other, then
    fails as they do."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}"))
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _LOCK})
