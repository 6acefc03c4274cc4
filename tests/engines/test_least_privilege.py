"""The key of meilisearch-key.json is enough for everything the engine does, and for nothing else."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from search.engine import Change, EngineSettings, SearchError, open_engine
from tests.engines.catalogue import catalogue
from tests.engines.conftest import ask, filled, ids
from tests.servers import ROOT, Meilisearch

REQUEST = ROOT / "docs" / "deployment" / "meilisearch-key.json"
WANTED: dict[str, Any] = json.loads(REQUEST.read_text())
FOREIGN = "somebodyelses"
ALL = catalogue()


def call(server: Meilisearch, key: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and answer of one request under a key."""
    request = urllib.request.Request(
        f"{server.url}{path}",
        None if body is None else json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def new_key(server: Meilisearch, actions: Sequence[str]) -> str:
    """A key as the file asks for, with these actions."""
    wanted = {**WANTED, "uid": str(uuid4()), "actions": list(actions)}
    status, made = call(server, server.key, "POST", "/keys", wanted)
    assert status == 201, made
    return str(made["key"])


def settings(server: Meilisearch, key: str, folder: Path) -> EngineSettings:
    # Named as the portal names them: "portal" and the beginning of the catalogue's id.
    return EngineSettings(folder, server.url, key, f"portal{uuid4().hex[:12]}")


def use_everything(where: EngineSettings, server: Meilisearch) -> None:
    """All an engine is asked to do: build, build anew, edit, search, sweep."""
    engine = open_engine(where)
    assert not engine.ready()
    filled(engine, ALL, mark=1)
    filled(engine, ALL, mark=2)
    engine.apply([Change("p-1", replace(ALL[0], title="Квантові обчислення")), Change("p-2", None)], 3)
    assert (engine.position(), engine.count()) == (3, len(ALL) - 1)
    assert ids(ask(engine, "квантові")) == ["p-1"]
    engine.shadow(4).discard()
    # A rebuild that was begun on this machine and whose process is gone.
    left = f"{next(uid for uid in server.indexes() if uid.startswith(f'{where.namespace}-v'))}0"
    assert call(server, server.key, "POST", "/indexes", {"uid": left})[0] == 202
    (where.folder / f"{left}.lock").touch()
    _wait_for(server, left)
    engine.sweep()
    assert left not in server.indexes()


def _wait_for(server: Meilisearch, uid: str) -> None:
    deadline = time.monotonic() + 60
    while uid not in server.indexes():
        assert time.monotonic() < deadline, f"{uid} was not made"
        time.sleep(0.02)


@pytest.fixture
def foreign(meilisearch: Meilisearch) -> Iterator[str]:
    """An index of somebody else on the same server."""
    call(meilisearch, meilisearch.key, "POST", f"/indexes/{FOREIGN}/documents", [{"id": 1, "secret": "x"}])
    _wait_for(meilisearch, FOREIGN)
    yield FOREIGN
    meilisearch.delete(FOREIGN)


def test_with_this_key_the_engine_can_do_all_it_does(meilisearch: Meilisearch, tmp_path: Path) -> None:
    key = new_key(meilisearch, WANTED["actions"])
    use_everything(settings(meilisearch, key, tmp_path), meilisearch)


@pytest.mark.parametrize("action", WANTED["actions"])
def test_without_any_one_of_its_actions_it_cannot(
    meilisearch: Meilisearch, tmp_path: Path, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Meilisearch refuses a write before it has read it, and sometimes forgets the connection over that.
    monkeypatch.setattr("search.meilisearch_server.WRITE_SECONDS", 3)
    key = new_key(meilisearch, [one for one in WANTED["actions"] if one != action])
    with pytest.raises(SearchError):
        use_everything(settings(meilisearch, key, tmp_path), meilisearch)


def test_the_key_opens_no_index_of_another_name(meilisearch: Meilisearch, foreign: str) -> None:
    key = new_key(meilisearch, WANTED["actions"])
    for method, path, body in (
        ("GET", f"/indexes/{foreign}", None),
        ("GET", f"/indexes/{foreign}/documents", None),
        ("POST", f"/indexes/{foreign}/documents", [{"id": 2}]),
        ("POST", f"/indexes/{foreign}/documents/delete-batch", [1]),
        ("POST", f"/indexes/{foreign}/search", {"q": ""}),
        ("POST", "/multi-search", {"queries": [{"indexUid": foreign, "q": ""}]}),
        ("PATCH", f"/indexes/{foreign}/settings", {"filterableAttributes": ["secret"]}),
        ("GET", f"/indexes/{foreign}/stats", None),
        ("DELETE", f"/indexes/{foreign}", None),
        ("PATCH", f"/indexes/new{foreign}/settings", {"filterableAttributes": ["secret"]}),
    ):
        status, answer = call(meilisearch, key, method, path, body)
        assert (status, answer["code"]) == (403, "invalid_api_key"), (method, path)


def test_the_key_does_not_even_see_other_indexes(meilisearch: Meilisearch, foreign: str) -> None:
    key = new_key(meilisearch, WANTED["actions"])
    for path in ("/indexes?limit=1000", "/tasks?limit=1000", "/stats"):
        status, answer = call(meilisearch, key, "GET", path)
        assert status == 200
        assert foreign not in json.dumps(answer)


def test_the_key_makes_no_keys_and_no_dumps(meilisearch: Meilisearch) -> None:
    key = new_key(meilisearch, WANTED["actions"])
    for method, path, body in (
        ("GET", "/keys", None),
        ("POST", "/keys", {**WANTED, "uid": str(uuid4()), "indexes": ["*"]}),
        ("POST", "/dumps", None),
        ("POST", "/snapshots", None),
    ):
        assert call(meilisearch, key, method, path, body)[0] == 403, (method, path)


def test_a_server_that_lost_its_data_makes_the_same_key_again(own_meilisearch: Meilisearch) -> None:
    """The value follows from the file's uid and the master key alone: what stands in .env stays right."""
    status, made = call(own_meilisearch, own_meilisearch.key, "POST", "/keys", WANTED)
    assert status == 201
    follows = hmac.new(own_meilisearch.key.encode(), WANTED["uid"].encode(), hashlib.sha256)
    assert made["key"] == follows.hexdigest()
