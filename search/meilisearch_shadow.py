"""A new index that grows on the server beside the one in use."""

import secrets
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from filelock import FileLock, Timeout

from search.engine import SearchError
from search.lexicon import Lexicon
from search.meilisearch_index import SETTINGS, meilisearch_document
from search.meilisearch_server import Server
from search.schema import Document

BATCH = 1000
BATCH_SECONDS = 600.0
ABANDONED_AFTER = 6 * 3600.0
"""Seconds after which an unfinished index that another machine began is taken for an orphan."""


class MeilisearchShadow:
    """A generation being filled. Its lock tells others on this machine that it is not an orphan."""

    def __init__(
        self,
        server: Server,
        version: str,
        lexicon: Lexicon,
        state: dict[str, Any],
        swapped: Callable[[], None],
    ) -> None:
        """`state` goes into the index with `finish`; `swapped` is called when another index is in use."""
        self._server = server
        self._lexicon = lexicon
        self._state = state
        self._swapped = swapped
        self._uid = f"{server.generation_prefix(version)}{time.time_ns():x}-{secrets.token_hex(2)}"
        self._lock = _lock(server, self._uid)
        self._lock.acquire()
        self._under_way: list[int] = []
        try:
            server.create(self._uid, SETTINGS)
        except SearchError:
            self._release()
            raise

    def add(self, documents: Iterable[Document]) -> None:
        rest = iter(documents)
        while batch := list(islice(rest, BATCH)):
            written = [meilisearch_document(document, self._lexicon) for document in batch]
            # One batch is written here while the server takes the one before.
            self._wait()
            self._under_way = self._server.send(self._uid, [], written)

    def finish(self) -> int:
        self._wait()
        self._server.write(self._uid, [], [self._state])
        return self._server.number_of_documents(self._uid) - 1

    def swap(self) -> None:
        before = self._server.current()
        self._server.point_to(self._uid)
        self._swapped()
        if before is not None and before != self._uid:
            self._server.delete(before)
        self._release()

    def discard(self) -> None:
        try:
            if self._server.current() != self._uid:
                self._server.delete(self._uid)
        finally:
            self._release()

    def _wait(self) -> None:
        self._server.wait(self._under_way, BATCH_SECONDS)
        self._under_way = []

    def _release(self) -> None:
        self._lock.release(force=True)
        (self._server.folder / f"{self._uid}.lock").unlink(missing_ok=True)


def sweep(server: Server) -> None:
    """Delete indexes that are neither in use nor being filled."""
    in_use = server.current()
    for uid, made in server.generations():
        if uid == in_use:
            continue
        begun_here = (server.folder / f"{uid}.lock").exists()
        if not begun_here and time.time() - made < ABANDONED_AFTER:
            continue
        lock = _lock(server, uid)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        server.delete(uid)
        lock.release()
        (server.folder / f"{uid}.lock").unlink(missing_ok=True)


def _lock(server: Server, uid: str) -> FileLock:
    server.folder.mkdir(parents=True, exist_ok=True)
    return FileLock(server.folder / f"{uid}.lock")
