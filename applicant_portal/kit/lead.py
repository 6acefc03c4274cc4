"""Who does a piece of work that only one process may do at a time, on one machine or on several.

A lead is given back by the system itself when its holder dies, however it dies: a lock on a file by the
operating system, an advisory lock by PostgreSQL when the connection is gone.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from applicant_portal.kit.db import Database

_LEADS = 0x0B0D  # any fixed number: the first half of our advisory locks' keys


class Lead(Protocol):
    """Held by one process at a time; taking it again in the same process does no harm."""

    def take(self, *, wait: bool = False) -> bool:
        """Try to get it, or wait until it is free; whether it is held now."""

    def held(self) -> bool:
        """Whether it is (still) held here."""

    def release(self) -> None:
        """Give it back."""


@contextmanager
def taken(lead: Lead, *, wait: bool = False) -> Iterator[bool]:
    """Hold a lead for a block; whether it could be had. One that was held before stays held after."""
    before = lead.held()
    had = lead.take(wait=wait)
    try:
        yield had
    finally:
        if had and not before:
            lead.release()


class FileLead:
    """For processes that share a folder."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, thread_local=False)

    def take(self, *, wait: bool = False) -> bool:
        if not self._lock.is_locked:
            try:
                self._lock.acquire(blocking=wait)
            except Timeout:
                return False
        return True

    def held(self) -> bool:
        return self._lock.is_locked

    def release(self) -> None:
        self._lock.release(force=True)


class DatabaseLead:
    """For processes that share a PostgreSQL database: a lock of one connection, which does nothing else."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._key = {"ours": _LEADS, "name": zlib.crc32(name.encode()) & 0x7FFFFFFF}
        self._connection: Connection | None = None
        self._held = False

    def take(self, *, wait: bool = False) -> bool:
        if self.held():
            return True
        if wait:
            self._ask("SELECT pg_advisory_lock(:ours, :name)")
            self._held = True
        else:
            self._held = bool(self._ask("SELECT pg_try_advisory_lock(:ours, :name)"))
        return self._held

    def held(self) -> bool:
        if self._held:
            try:
                self._ask("SELECT 1")
            except SQLAlchemyError:
                return False
        return self._held

    def release(self) -> None:
        connection, held = self._connection, self._held
        self._connection, self._held = None, False
        if connection is None:
            return
        try:
            if held:  # closing alone gives it back too, but only when the server has noticed
                connection.execute(text("SELECT pg_advisory_unlock(:ours, :name)"), self._key)
        except SQLAlchemyError:
            pass  # the connection is gone, and the lock with it
        finally:
            connection.close()

    def _ask(self, question: str) -> Any:
        """Over the one connection, kept also while somebody else leads; with it goes the lock."""
        if self._connection is None:
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()  # it stays open for long and must not count against the pool
            self._connection = connection
        try:
            return self._connection.scalar(text(question), self._key if ":" in question else {})
        except BaseException:
            self.release()
            raise


def lead(database: Database, folder: Path, name: str) -> Lead:
    """The lead called `name` among all processes that share the database: SQLite's share its folder."""
    if database.engine.dialect.name == "postgresql":
        return DatabaseLead(database, name)
    return FileLead(folder / f"{name}.lock")
