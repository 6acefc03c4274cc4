"""The feed of changes: whoever follows it has what the catalogue has."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest
from sqlalchemy import delete, select, update

from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.models import Listing, OutboxEntry
from applicant_portal.kit.db import Database
from tests.seeded import Templates
from tests.servers import LiveServer

FEED = "/api/v1/changes"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[LiveServer]:
    with LiveServer(templates.portal(tmp_path_factory.mktemp("changes") / "data")) as running:
        yield running


@pytest.fixture
def database(server: LiveServer) -> Iterator[Database]:
    opened = Database(f"sqlite:///{server.data_dir / 'portal.sqlite3'}")
    yield opened
    opened.dispose()


@pytest.fixture
def client(server: LiveServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as one:
        yield one


def ids(database: Database, number: int) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Listing.id).order_by(Listing.id).limit(number)))


def test_who_follows_the_pages_sees_every_listing_once_oldest_first(client: httpx.Client) -> None:
    seen: list[dict[str, str]] = []
    address = f"{FEED}?since=2020-01-01T00:00:00Z&limit=100"
    for _ in range(20):
        answer = client.get(address).json()
        seen += answer["changes"]
        address = answer["next"]
        if not answer["more"]:
            break
    total = client.get("/api/v1/search", params={"per_page": 1}).json()["total"]
    assert len({change["id"] for change in seen}) == len(seen) == total
    assert [change["at"] for change in seen] == sorted(change["at"] for change in seen)
    assert {change["change"] for change in seen} == {"updated"}
    assert client.get(address).json() == {"changes": [], "next": address, "more": False}


def test_an_edit_and_a_withdrawal_come_after_the_place_where_one_stopped(
    client: httpx.Client, database: Database
) -> None:
    here = client.get(FEED, params={"since": "2099-01-01T00:00:00Z"}).json()["next"]
    first, second, draft = ids(database, 3)
    now = datetime.now(UTC)
    with database.write() as session:
        session.execute(update(Listing).where(Listing.id == second).values(visibility="withdrawn"))
        session.execute(update(Listing).where(Listing.id == draft).values(visibility="draft"))
        outbox.publish(session, [first, second, draft], now)
    with database.write() as session:
        outbox.publish(session, [first], now)
    answer = client.get(here).json()
    assert [(change["id"], change["change"]) for change in answer["changes"]] == [
        (second, "withdrawn"),
        (first, "updated"),
    ]
    kinds = {"p": "programme", "c": "course", "t": "track"}
    for change in answer["changes"]:
        assert change["kind"] == kinds[change["id"][0]]
        assert change["url"].startswith(f"/{change['kind']}s/")
    since = (now - timedelta(seconds=1)).isoformat()
    again = client.get(FEED, params={"since": since, "lang": "en"}).json()
    assert {change["id"] for change in again["changes"]} >= {first, second}
    assert all(change["url"].startswith("/en/") for change in again["changes"])


def test_entries_of_one_listing_never_hide_those_of_others_behind_a_page(
    client: httpx.Client, database: Database
) -> None:
    here = client.get(FEED, params={"since": "2099-01-01T00:00:00Z"}).json()["next"].split("&")[0]
    first, *_, last = ids(database, 6)
    now = datetime.now(UTC)
    with database.write() as session:
        session.execute(update(Listing).where(Listing.id.in_((first, last))).values(visibility="published"))
        for one in (first, first, first, last):
            outbox.publish(session, [one], now)
    answer = client.get(f"{here}&limit=2").json()
    assert [change["id"] for change in answer["changes"]] == [first]
    assert answer["more"]
    answer = client.get(answer["next"]).json()
    assert [change["id"] for change in answer["changes"]] == [first, last]


def test_a_place_that_the_log_has_forgotten_is_said_to_be_gone(
    client: httpx.Client, database: Database
) -> None:
    with database.write() as session:
        oldest = session.scalar(select(OutboxEntry.position).order_by(OutboxEntry.position).limit(1)) or 0
        session.execute(delete(OutboxEntry).where(OutboxEntry.position < oldest + 3))
    answer = client.get(FEED, params={"after": oldest})
    assert answer.status_code == 410
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(FEED, params={"after": oldest + 2}).status_code == 200


def test_a_place_that_the_log_has_not_come_to_is_none_of_this_log(client: httpx.Client) -> None:
    assert client.get(FEED, params={"after": 2**31 - 1}).status_code == 410


def test_a_moment_is_read_in_any_zone(client: httpx.Client) -> None:
    now = datetime.now(UTC) + timedelta(minutes=5)
    for later in (
        now.isoformat(),
        now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        now.strftime("%Y-%m-%dT%H:%M:%S"),
        now.astimezone(timezone(timedelta(hours=3))).isoformat(),
        (now + timedelta(days=1)).date().isoformat(),
    ):
        assert client.get(FEED, params={"since": later}).json()["changes"] == []
    # A + that nobody encoded comes as a space.
    earlier = (now - timedelta(days=1)).astimezone(timezone(timedelta(hours=3))).isoformat()
    assert client.get(f"{FEED}?since={earlier}").json()["changes"]


@pytest.mark.parametrize(
    "params",
    [
        {"since": "yesterday"},
        {"since": ""},
        {"since": "0"},
        {"since": "20261125"},
        {"since": "2026-13-01T00:00:00Z"},
        {"since": "2026-11-25T10:00:00Zulu"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"since": "9999-12-31T23:59:59-14:00"},
        {"since": "2026-11-25\0"},
        {"after": "-1"},
        {"limit": "0"},
        {"limit": "501"},
    ],
)
def test_what_cannot_be_read_is_named(client: httpx.Client, params: dict[str, str]) -> None:
    answer = client.get(FEED, params=params)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in params
