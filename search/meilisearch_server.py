"""What we ask of a Meilisearch server, in our words; its errors as ours."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
from meilisearch_python_sdk import Client
from meilisearch_python_sdk.errors import (
    MeilisearchApiError,
    MeilisearchError,
    MeilisearchTimeoutError,
    PayloadTooLarge,
)
from meilisearch_python_sdk.models.search import SearchParams, SearchResultsWithUID
from meilisearch_python_sdk.models.settings import MeilisearchSettings
from pydantic import ValidationError

from search.engine import Away, DocumentRefused, IndexMissing, KeyRefused, SearchError

# Without it Meilisearch compresses in small chunks and every answer waits 40 ms for an acknowledgement.
HEADERS = {"Accept-Encoding": "identity"}
SEARCH_SECONDS = 2
WRITE_SECONDS = 60
LOOK_EVERY_MS = 10
CURRENT = "current"
MISSING = ("index_not_found", "document_not_found")


class Server:
    """One namespace on a Meilisearch server: names of indexes begin with it."""

    def __init__(self, url: str, key: str, namespace: str, folder: Path) -> None:
        """`folder` holds the locks of rebuilds begun on this machine."""
        self.folder = folder
        self.url = url
        self._pointer = f"{namespace}-{CURRENT}"
        self._namespace = namespace
        # One for people who wait, one for work that may take its time.
        self._search = Client(url, key or None, timeout=SEARCH_SECONDS, custom_headers=HEADERS)
        self._write = Client(url, key or None, timeout=WRITE_SECONDS, custom_headers=HEADERS)

    def generation_prefix(self, version: str) -> str:
        """How the names of indexes of this version begin."""
        return f"{self._namespace}-{version}-"

    def version(self) -> str:
        """The server's own version."""
        with speaking():
            return self._search.get_version().pkg_version

    def searches(
        self, questions: list[SearchParams], *, patient: bool = False
    ) -> Sequence[SearchResultsWithUID[Any]]:
        """The answers to several questions, in one request; `patient` where nobody waits for them."""
        with speaking():
            answers = (self._write if patient else self._search).multi_search(questions)
        assert isinstance(answers, list)  # noqa: S101 (only a federated search answers otherwise)
        return answers

    def current(self) -> str | None:
        """The name of the index in use; None when there is none."""
        try:
            with speaking():
                return str(self._search.index(self._pointer).get_document(CURRENT)["uid"])
        except IndexMissing:
            return None

    def point_to(self, uid: str) -> None:
        """From now on `uid` is the index in use."""
        self.write(self._pointer, [], [{"id": CURRENT, "uid": uid}])

    def generations(self) -> list[tuple[str, float]]:
        """(name, when it was made, in seconds since 1970) of every index of the namespace."""
        with speaking():
            indexes = self._write.get_raw_indexes(limit=1000) or []
        return [
            (index.uid, index.created_at.timestamp())
            for index in indexes
            if index.uid.startswith(f"{self._namespace}-v")
        ]

    def number_of_documents(self, uid: str) -> int:
        """Documents an index holds, its state among them."""
        with speaking():
            return self._write.index(uid).get_stats().number_of_documents

    def create(self, uid: str, settings: dict[str, Any]) -> None:
        """Make an empty index with these settings."""
        with speaking():
            made = self._write.index(uid).update_settings(MeilisearchSettings.model_validate(settings))
        self._wait(made.task_uid)

    def delete(self, uid: str) -> None:
        """Delete an index; one that is not there is no error."""
        with contextlib.suppress(IndexMissing):
            with speaking():
                task = self._write.index(uid).delete()
            self._wait(task.task_uid)

    def write(
        self, uid: str, gone: list[str], documents: list[dict[str, Any]], *, seconds: float = WRITE_SECONDS
    ) -> None:
        """Take documents out and put others in; both are done when this returns."""
        self._wait(self.send(uid, gone, documents), seconds)

    def send(self, uid: str, gone: list[str], documents: list[dict[str, Any]]) -> list[int]:
        """Hand changes over; the numbers of the tasks, to wait for."""
        index = self._write.index(uid)
        tasks = []
        with speaking():
            if gone:
                tasks.append(index.delete_documents(gone).task_uid)
            if documents:
                tasks.append(index.add_documents(documents, "id").task_uid)
        return tasks

    def wait(self, tasks: Sequence[int], seconds: float = WRITE_SECONDS) -> None:
        """Until these tasks are done."""
        for task in tasks:
            self._wait(task, seconds)

    def _wait(self, tasks: int | Sequence[int], seconds: float = WRITE_SECONDS) -> None:
        for task in [tasks] if isinstance(tasks, int) else tasks:
            with speaking():
                done = self._write.wait_for_task(
                    task, timeout_in_ms=round(seconds * 1000), interval_in_ms=LOOK_EVERY_MS
                )
            if done.status != "succeeded":
                raise _failed(done.error or {})


def _failed(error: dict[str, Any]) -> SearchError:
    message = str(error.get("message", "no reason given"))
    if error.get("code") in MISSING:
        return IndexMissing(message)
    if error.get("type") == "invalid_request":
        return DocumentRefused(message)
    return SearchError(f"Meilisearch could not do its task: {message}")


@contextlib.contextmanager
def speaking() -> Iterator[None]:
    """Turn whatever goes wrong between us and the server into a SearchError that says what it is."""
    try:
        yield
    except MeilisearchApiError as error:
        if error.code in MISSING:
            raise IndexMissing(error.message) from error
        if error.status_code in (401, 403):
            raise KeyRefused("Meilisearch refuses the key") from error
        raise SearchError(f"Meilisearch refuses: {error.message}") from error
    except MeilisearchTimeoutError as error:
        raise Away("Meilisearch is too slow with its tasks") from error
    except (MeilisearchError, PayloadTooLarge, httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Away(f"Meilisearch does not answer: {error}") from error
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise SearchError("what answers there does not speak as Meilisearch") from error
