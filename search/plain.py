"""Meilisearch as it comes, without our pipeline: what the search is measured against."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from meilisearch_python_sdk import Client

from search.evaluation import DEPTH, Key, key
from search.meilisearch_server import HEADERS, speaking
from search.schema import TEXT_WEIGHTS, Document

WAIT_MS = 600_000


class PlainMeilisearch:
    """An index of its own with Meilisearch's own settings over the same texts; gone after `close`."""

    def __init__(self, url: str, api_key: str) -> None:
        self._client = Client(url, api_key or None, timeout=60, custom_headers=HEADERS)
        self._index = self._client.index(f"portalplain{secrets.token_hex(4)}")

    def fill(self, documents: Iterable[Document]) -> None:
        """Take the documents in."""
        rows = [_plain(document) for document in documents]
        with speaking():
            task = self._index.add_documents(rows, "id")
            self._client.wait_for_task(task.task_uid, timeout_in_ms=WAIT_MS, raise_for_status=True)

    def search(self, text: str) -> Sequence[Key]:
        """The first ones found."""
        with speaking():
            hits = self._index.search(text, limit=3 * DEPTH).hits
        return [key(hit["listing"]) for hit in hits]

    def close(self) -> None:
        """Delete the index."""
        with speaking():
            self._index.delete()
        self._client.close()


def _plain(document: Document) -> dict[str, Any]:
    institution = document.payload.get("institution") or {}
    return {
        "id": document.id,
        **{name: document.text(name) for name in TEXT_WEIGHTS},
        "listing": {
            "kind": document.kind,
            "title": document.title,
            "edebo_id": institution.get("edebo_id") if document.kind == "programme" else None,
        },
    }
