"""A university's own program keeps its listings with a key: who may, what is refused, what is live."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select, update

from applicant_portal import migrations
from applicant_portal.accounts import keys, queries
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.app import create_app
from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.finder import index
from applicant_portal.kit.db import Database
from applicant_portal.kit.kept_version import FRESH_FOR
from applicant_portal.kit.limits import MAX_BODY, Throttle
from applicant_portal.settings import Settings
from applicant_portal.workspace import api, representation, service
from applicant_portal.workspace.models import ListingChange
from tests.servers import Postgres
from tests.workspace.made_up import NOW, OWN, RIVAL, fill, read_register, shown

LISTINGS = "/api/v1/workspace/listings"
FEED = "/api/v1/changes"
_NUMBERS = count(1)

Json = dict[str, Any]
Headers = dict[str, str]


@dataclass(frozen=True)
class Site:
    """The portal over two institutions; `client` is a program that has no key yet."""

    client: TestClient
    database: Database
    index: index.Index
    written: list[float] = field(default_factory=lambda: [0.0])

    def ask(self, key: str, method: str, path: str = "", json: Any = None, **headers: str) -> Response:
        """A request to the workspace under a key."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["authorization"] = f"Bearer {key}"
        answer = self.client.request(method, LISTINGS + path, json=json, headers=sent)
        if method != "GET":
            self.written[0] = time.monotonic()
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["status"] == answer.status_code
        else:
            assert answer.headers["cache-control"] == "no-store"
        return answer

    def read(self, key: str, listing_id: str) -> tuple[Json, str]:
        """A listing as its keeper reads it, and its ETag."""
        answer = self.ask(key, "GET", f"/{listing_id}")
        assert answer.status_code == 200
        return answer.json(), answer.headers["etag"]

    def change(self, key: str, listing_id: str, **values: Any) -> Response:
        """Take the listing, set some of its fields, and bring it back."""
        body, etag = self.read(key, listing_id)
        body["fields"] |= values
        answer = self.ask(key, "PUT", f"/{listing_id}", body, if_match=etag)
        assert answer.status_code == 200, answer.text
        return answer

    def ids(self, key: str) -> list[str]:
        """Every listing that the key is shown."""
        found: list[str] = []
        for page in count(1):
            answer = self.ask(key, "GET", f"?page={page}&per_page=100").json()
            found += [one["id"] for one in answer["listings"]]
            if len(found) >= answer["total"]:
                break
        assert len(set(found)) == len(found)
        return found

    def look(self, path: str, **params: str) -> Response:
        """What the public is answered, once the portal looks whether its kept pages are old."""
        time.sleep(max(0.0, self.written[0] + 1.2 * FRESH_FOR - time.monotonic()))
        return self.client.get(path, params=params)

    def found(self, words: str) -> set[str]:
        """What the public finds, once the index has followed."""
        index.catch_up(self.database, self.index, datetime.now(UTC).date())
        self.written[0] = time.monotonic()
        answer = self.look("/api/v1/search", q=words, exact="true")
        assert answer.status_code == 200
        return {hit["id"] for hit in answer.json()["hits"]}

    def public(self, listing: Json) -> tuple[int, int]:
        """What the public is answered for the listing: status of its page, and of its JSON."""
        page = self.look(listing["url"])
        return page.status_code, self.look(f"/api/v1/listings/{listing['id']}").status_code

    def changes(self, listing_id: str) -> int:
        """Rows of the listing's history."""
        with self.database.read() as session:
            rows = select(func.count()).select_from(ListingChange)
            return session.scalar(rows.where(ListingChange.listing_id == listing_id)) or 0


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole portal of this file, on each database."""
    url = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.new_database()
    settings = Settings(data_dir=tmp_path_factory.mktemp("workspace") / "data", database_url=url)
    database = Database(settings.database_url)
    migrations.upgrade(database.engine)
    fill(database)
    (followed,) = index.opened(settings, database)
    index.fill(database, followed, datetime.now(UTC).date(), force=True)
    yield Site(TestClient(create_app(settings), follow_redirects=False), database, followed)
    database.dispose()
    if url:
        postgres.drop_database(url)


def new_key(site: Site, institution_id: int = OWN, *scopes: str) -> keys.NewKey:
    with site.database.write() as session:
        return keys.make_key(
            session, institution_id, "наш сайт", scopes or ("read", "write"), by=COMMAND, now=NOW
        )


@pytest.fixture
def key(site: Site) -> str:
    """A key of institution A that reads and writes."""
    return new_key(site).shown


@pytest.fixture
def rival(site: Site) -> str:
    """A key of institution B that reads and writes."""
    return new_key(site, RIVAL).shown


@pytest.fixture
def title() -> str:
    """A name of this test alone, that is found by its last word."""
    return f"Інформатика назва{next(_NUMBERS)}ж"


@pytest.fixture
def listing_id(site: Site, title: str) -> str:
    """A published programme of institution A, as the register brought it: with gaps."""
    with site.database.write() as session:
        made = read_register(session, title, offer_id=str(10_000 + next(_NUMBERS)))
        outbox.publish(session, [made], NOW)
    listing = shown(site.database, made)
    assert listing["visibility"] == "published"
    assert listing["completeness"]["missing"]
    return made


def whole(title: str) -> Json:
    """A programme with all that the public cannot do without."""
    return {
        "title": title,
        "degree": "master",
        "speciality": "F5",
        "forms": ["full_time"],
        "languages": ["uk"],
        "city": "Харків",
        "summary_uk": "Про захист мереж.",
        "official_url": "https://ua.example.edu/cyber",
    }


@pytest.fixture
def draft(site: Site, key: str, title: str) -> Json:
    """A draft of institution A with nothing but a title."""
    made = site.ask(key, "POST", "", {"kind": "programme", "fields": {"title": title}})
    assert made.status_code == 201
    answer: Json = made.json()
    return answer


def wrong_fields(answer: Response) -> list[str]:
    """The fields that a 422 names."""
    assert answer.status_code == 422, answer.text
    errors = answer.json()["errors"]
    assert all(error["message"] for error in errors)
    return [error["field"] for error in errors]


# Who may do what


@dataclass(frozen=True)
class Sent:
    """What a well-made request of a route brings, and what it is answered when all is right."""

    status: int = 200
    body: Callable[[Json], Any] = lambda listing: None
    headers: Callable[[str], Headers] = field(default=lambda etag: {})


def _changed(listing: Json) -> Json:
    return listing | {"fields": listing["fields"] | {"faculty": "Факультет із матриці"}}


# A route that is not here fails the matrix: whoever adds one thinks about who may ask it.
SENT = {
    "GET ": Sent(),
    "POST ": Sent(201, lambda _: {"kind": "course", "fields": {"title": f"Курс {next(_NUMBERS)}"}}),
    "GET /{listing_id}": Sent(),
    "PUT /{listing_id}": Sent(200, _changed, lambda etag: {"if_match": etag}),
    "POST /{listing_id}/publish": Sent(),
    "POST /{listing_id}/withdraw": Sent(),
}
ROUTES = sorted(
    f"{method} {route.path.removeprefix(LISTINGS)}"
    for route in api.router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
)

# Whoever is nobody: what they send, made from a good key, a good one of the other institution, a revoked one.
NOBODY: dict[str, Callable[[str, str, str], str | None]] = {
    "no key": lambda good, other, revoked: None,
    "an empty header": lambda good, other, revoked: "",
    "a scheme alone": lambda good, other, revoked: "Bearer",
    "a key without a scheme": lambda good, other, revoked: good,
    "another scheme": lambda good, other, revoked: f"Basic {good}",
    "two keys": lambda good, other, revoked: f"Bearer {good} {good}",
    "half a key": lambda good, other, revoked: f"Bearer {good[:20]}",
    "an unknown key": lambda good, other, revoked: f"Bearer {good[:13]}{good[13:][::-1]}",
    "the secret of another key": lambda good, other, revoked: f"Bearer {good[:12]}{other[12:]}",
    "a key that is far too long": lambda good, other, revoked: f"Bearer {good * 50}",
    "a revoked key": lambda good, other, revoked: f"Bearer {revoked}",
}


def send(site: Site, key: str, route: str, listing_id: str) -> Response:
    """A request of the route about a listing of A that is right in everything but perhaps the key."""
    method, _, path = route.partition(" ")
    listing = shown(site.database, listing_id)
    sent = SENT[route]
    path = path.format(listing_id=listing_id)
    return site.ask(key, method, path, sent.body(listing), **sent.headers(representation.etag(listing)))


def counted(site: Site) -> list[int]:
    """How many listings each institution has."""
    with site.database.read() as session:
        pages = (service.listings(session, service.By("t", frozenset({one}))) for one in (OWN, RIVAL))
        return [page.total for page in pages]


def test_every_route_is_considered_here_and_there_are_no_others(site: Site) -> None:
    assert len(ROUTES) == len(api.router.routes)
    assert set(ROUTES) == set(SENT)
    described = site.client.get("/api/openapi.json").json()["paths"]
    assert (
        sorted(
            f"{method.upper()} {path.removeprefix(LISTINGS)}"
            for path, methods in described.items()
            if path.startswith("/api/v1/workspace")
            for method in methods
        )
        == ROUTES
    )


@dataclass(frozen=True)
class Untouched:
    """A listing of A that nobody here may change, and keys to make wrong headers of."""

    listing_id: str
    good: str
    other: str
    revoked: str


@pytest.fixture(scope="module")
def untouched(site: Site) -> Untouched:
    revoked = new_key(site)
    with site.database.write() as session:
        assert keys.revoke_key(session, OWN, revoked.key.id, by=COMMAND, now=NOW)
        made = read_register(session, "Недоторкана", offer_id=str(10_000 + next(_NUMBERS)))
    return Untouched(made, new_key(site).shown, new_key(site, RIVAL).shown, revoked.shown)


@pytest.mark.parametrize("caller", NOBODY)
@pytest.mark.parametrize("route", ROUTES)
def test_whoever_is_nobody_is_told_to_send_a_key_and_changes_nothing(
    site: Site, untouched: Untouched, route: str, caller: str
) -> None:
    header = NOBODY[caller](untouched.good, untouched.other, untouched.revoked)
    before, listings = shown(site.database, untouched.listing_id), counted(site)
    method, _, path = route.partition(" ")
    sent = {"if-match": representation.etag(before)}
    answer = site.client.request(
        method,
        LISTINGS + path.format(listing_id=untouched.listing_id),
        json=SENT[route].body(before),
        headers=sent if header is None else sent | {"authorization": header},
    )
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert untouched.listing_id not in answer.text
    assert shown(site.database, untouched.listing_id) == before
    assert counted(site) == listings


@pytest.mark.parametrize("scopes", [("read", "write"), ("read",)], ids=["writes", "reads"])
@pytest.mark.parametrize("route", ROUTES)
def test_for_another_institution_there_is_no_such_listing(
    site: Site, rival: str, listing_id: str, route: str, scopes: tuple[str, ...]
) -> None:
    own = site.ask(
        rival, "POST", "", {"kind": "course", "fields": {"title": f"Курс {next(_NUMBERS)}"}}
    ).json()
    before, (listings, _) = shown(site.database, listing_id), counted(site)
    answer = send(site, new_key(site, RIVAL, *scopes).shown, route, listing_id)
    if "write" not in scopes and not route.startswith("GET"):
        assert answer.status_code == 403
    elif "{" in route:
        assert answer.status_code == 404
        assert answer.json() == site.ask(rival, "GET", "/p-none").json(), "as for one that nobody has"
    else:
        assert answer.status_code == SENT[route].status
    assert before["fields"]["title"] not in answer.text
    assert shown(site.database, listing_id) == before
    seen = site.ids(rival)
    assert own["id"] in seen
    assert listing_id not in seen
    assert counted(site)[0] == listings


@pytest.mark.parametrize("route", ROUTES)
def test_a_key_that_reads_reads_and_changes_nothing(site: Site, listing_id: str, route: str) -> None:
    before, listings = shown(site.database, listing_id), counted(site)
    reader = new_key(site, OWN, "read").shown
    answer = send(site, reader, route, listing_id)
    assert answer.status_code == (200 if route.startswith("GET") else 403)
    assert shown(site.database, listing_id) == before
    assert counted(site) == listings


@pytest.mark.parametrize("route", ROUTES)
def test_a_key_of_the_institution_does_all_of_it(site: Site, key: str, listing_id: str, route: str) -> None:
    answer = send(site, key, route, listing_id)
    assert answer.status_code == SENT[route].status
    told = answer.json()
    if route == "GET ":
        assert listing_id in site.ids(key)
        assert told["total"] == counted(site)[0]
    else:
        assert (told["id"] == listing_id) == ("{" in route)
        assert site.read(key, told["id"]) == (told, answer.headers["etag"])


@pytest.mark.parametrize("route", [route for route in ROUTES if "{" in route])
def test_a_listing_that_nobody_has_is_not_found(site: Site, key: str, listing_id: str, route: str) -> None:
    method, _, path = route.partition(" ")
    body = SENT[route].body(shown(site.database, listing_id))
    answer = site.ask(key, method, path.format(listing_id="p-none"), body, if_match="*")
    assert answer.status_code == 404


def test_the_listings_come_in_pages_by_title(site: Site, key: str, listing_id: str, draft: Json) -> None:
    first = site.ask(key, "GET", "?per_page=1").json()
    second = site.ask(key, "GET", "?per_page=1&page=2").json()
    assert first["total"] == second["total"] == counted(site)[0]
    assert [one["listings"][0]["id"] for one in (first, second)] == site.ids(key)[:2]
    everything = site.ids(key)
    assert {listing_id, draft["id"]} <= set(everything), "drafts too"
    assert first["listings"][0] == site.read(key, everything[0])[0]
    assert wrong_fields(site.ask(key, "GET", "?per_page=101")) == ["per_page"]


# A version that is changed is named


def test_a_change_names_the_version_it_was_made_from(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    wanted = body | {"fields": body["fields"] | {"faculty": "Новий факультет"}}
    unnamed = site.ask(key, "PUT", f"/{listing_id}", wanted)
    assert unnamed.status_code == 428
    assert site.read(key, listing_id) == (body, etag)
    assert site.ask(key, "PUT", f"/{listing_id}", wanted, if_match=etag).status_code == 200
    present, newer = site.read(key, listing_id)
    late = site.ask(key, "PUT", f"/{listing_id}", body, if_match=etag)
    assert late.status_code == 412
    assert late.json()["present"] == present
    assert late.headers["etag"] == newer
    assert site.read(key, listing_id) == (present, newer)


def test_a_change_of_the_register_makes_a_version_stale_too(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    with site.database.write() as session:
        found = service.find(session, service.By("x", None, "portal"), listing_id, to_change=True)
        assert found is not None
        found.summary_uk = "Прийшло з реєстру"
    answer = site.ask(key, "PUT", f"/{listing_id}", body, if_match=etag)
    assert answer.status_code == 412
    assert answer.json()["present"]["fields"]["summary_uk"] == "Прийшло з реєстру"


def test_what_was_read_and_changed_is_live_at_once(site: Site, key: str, listing_id: str, title: str) -> None:
    body, etag = site.read(key, listing_id)
    assert site.public(body) == (200, 200)
    word = f"вивчаємо{next(_NUMBERS)}ж"
    body["fields"] |= {"summary_uk": f"Тут {word}.", "title_en": "Computing", "price_uah": 51_234}
    body["skills"] = ["networks", "python"]
    body["offers"][0]["contract_places"] = 77
    body["offers"].append({"year": 2025, "form": "part_time", "contract_places": 5})
    answer = site.ask(key, "PUT", f"/{listing_id}", body, if_match=etag)
    assert answer.status_code == 200
    told = answer.json()
    assert answer.headers["etag"] != etag
    assert told["fields"] == body["fields"]
    assert told["skills"] == ["networks", "python"]
    assert [(one["year"], one["contract_places"]) for one in told["offers"]] == [(2026, 77), (2025, 5)]
    assert told["confirmed"]["price_uah"]["origin"] == "institution"
    assert site.read(key, listing_id) == (told, answer.headers["etag"])
    public = site.look(f"/api/v1/listings/{listing_id}").text
    assert word in public
    assert "51234" in public
    assert word in site.look(told["url"]).text
    assert site.found(word) == {listing_id}


def test_a_new_title_moves_the_page_and_the_former_address_leads_there(
    site: Site, key: str, listing_id: str
) -> None:
    before, _ = site.read(key, listing_id)
    told = site.change(key, listing_id, title=f"Нова назва {next(_NUMBERS)}").json()
    assert told["url"] != before["url"]
    assert site.public(told) == (200, 200)
    moved = site.look(before["url"])
    assert (moved.status_code, moved.headers["location"]) == (301, told["url"])


def test_what_was_read_and_not_changed_changes_nothing(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    here = site.client.get(FEED, params={"since": "2099-01-01T00:00:00Z"}).json()["next"]
    for match in (etag, etag, "*"):
        answer = site.ask(key, "PUT", f"/{listing_id}", body, if_match=match)
        assert answer.status_code == 200
        assert (answer.json(), answer.headers["etag"]) == (body, etag)
    assert site.changes(listing_id) == 0
    assert site.client.get(here).json()["changes"] == []


def test_a_part_of_a_listing_leaves_the_rest_as_it_is(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    answer = site.ask(key, "PUT", f"/{listing_id}", {"fields": {"department": "Кафедра"}}, if_match=etag)
    assert answer.status_code == 200
    assert answer.json()["fields"] == body["fields"] | {"department": "Кафедра"}
    assert answer.json()["offers"] == body["offers"]


# The same request twice


def test_the_same_change_under_the_same_key_is_answered_the_same_and_made_once(
    site: Site, key: str, listing_id: str
) -> None:
    body, etag = site.read(key, listing_id)
    body["offers"].append({"year": 2024})
    sent = {"if_match": etag, "idempotency_key": "change-1"}
    first = site.ask(key, "PUT", f"/{listing_id}", body, **sent)
    assert first.status_code == 200
    rows = site.changes(listing_id)
    site.change(key, listing_id, faculty="Хтось змінив після того")
    again = site.ask(key, "PUT", f"/{listing_id}", body, **sent)
    assert (again.status_code, again.json(), again.headers["etag"]) == (
        200,
        first.json(),
        first.headers["etag"],
    )
    assert again.headers["content-type"] == first.headers["content-type"]
    assert len(site.read(key, listing_id)[0]["offers"]) == 2
    assert site.read(key, listing_id)[0]["fields"]["faculty"] == "Хтось змінив після того"
    assert site.changes(listing_id) > rows > 0


def test_the_same_draft_under_the_same_key_is_made_once(site: Site, key: str, title: str) -> None:
    body = {"kind": "programme", "fields": {"title": title}}
    first, again = (site.ask(key, "POST", "", body, idempotency_key="draft-1") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.headers["etag"] == again.headers["etag"]
    assert first.headers["location"] == again.headers["location"] == f"{LISTINGS}/{first.json()['id']}"
    other = site.ask(key, "POST", "", body, idempotency_key="draft-2")
    assert other.status_code == 409
    assert first.json()["id"] in other.json()["detail"]


def test_an_old_withdrawal_sent_again_does_not_hide_what_was_published_since(
    site: Site, key: str, draft: Json
) -> None:
    path = f"/{draft['id']}"
    site.change(key, draft["id"], **whole(draft["fields"]["title"]))
    assert site.ask(key, "POST", f"{path}/publish", idempotency_key="w-0").status_code == 200
    first = site.ask(key, "POST", f"{path}/withdraw", idempotency_key="w-1")
    assert first.json()["visibility"] == "withdrawn"
    assert site.ask(key, "POST", f"{path}/publish", idempotency_key="w-2").status_code == 200
    again = site.ask(key, "POST", f"{path}/withdraw", idempotency_key="w-1")
    assert again.json() == first.json()
    present, _ = site.read(key, draft["id"])
    assert present["visibility"] == "published"
    assert site.public(present) == (200, 200)


def test_another_request_under_the_same_key_is_refused(
    site: Site, key: str, listing_id: str, draft: Json
) -> None:
    body, etag = site.read(key, listing_id)
    body["fields"]["faculty"] = "Перший"
    sent = {"if_match": etag, "idempotency_key": "other-1"}
    assert site.ask(key, "PUT", f"/{listing_id}", body, **sent).status_code == 200
    assert site.ask(key, "POST", f"/{listing_id}/publish", idempotency_key="other-2").status_code == 200
    after = site.read(key, listing_id)
    other = body | {"fields": body["fields"] | {"faculty": "Другий"}}
    refusals = [
        site.ask(key, "PUT", f"/{listing_id}", other, if_match=after[1], idempotency_key="other-1"),
        site.ask(key, "PUT", f"/{draft['id']}", body, if_match="*", idempotency_key="other-1"),
        site.ask(key, "POST", f"/{listing_id}/withdraw", idempotency_key="other-2"),
        site.ask(key, "POST", f"/{listing_id}/withdraw", idempotency_key="other-1"),
        site.ask(key, "POST", "", {"kind": "course"}, idempotency_key="other-1"),
    ]
    for refused in refusals:
        assert refused.status_code == 422
        assert "Idempotency-Key" in refused.json()["detail"]
    assert site.read(key, listing_id) == after
    assert site.read(key, draft["id"])[0] == draft


def test_what_one_program_keeps_under_a_key_is_not_told_to_another(
    site: Site, key: str, rival: str, title: str
) -> None:
    body = {"kind": "programme", "fields": {"title": title}}
    made = [site.ask(one, "POST", "", body, idempotency_key="shared-1").json() for one in (key, rival)]
    assert made[0]["id"] != made[1]["id"]
    assert [one["institution"]["edebo_id"] for one in made] == ["101", "102"]
    beside = new_key(site).shown
    assert site.ask(beside, "POST", "", body, idempotency_key="shared-1").status_code == 409


def test_what_was_refused_may_be_sent_again_under_its_key(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    path = f"/{listing_id}"
    bad = body | {"fields": body["fields"] | {"price_uah": "багато"}}
    good = body | {"fields": body["fields"] | {"price_uah": 43_210}}
    once = {"idempotency_key": "again-1"}
    assert site.ask(key, "PUT", path, bad, if_match=etag, **once).status_code == 422
    assert site.ask(key, "PUT", path, good, if_match='"stale"', **once).status_code == 412
    assert site.ask(key, "PUT", path, good, **once).status_code == 428
    assert site.ask(key, "PUT", "/p-none", good, if_match=etag, **once).status_code == 404
    assert site.read(key, listing_id) == (body, etag)
    answer = site.ask(key, "PUT", path, good, if_match=etag, **once)
    assert answer.status_code == 200
    assert answer.json()["fields"]["price_uah"] == 43_210
    assert site.ask(key, "PUT", path, good, if_match=etag, **once).json() == answer.json()


def test_a_publication_refused_for_gaps_may_be_asked_again_under_its_key(
    site: Site, key: str, draft: Json
) -> None:
    path = f"/{draft['id']}/publish"
    assert site.ask(key, "POST", path, idempotency_key="gaps-1").status_code == 422
    site.change(key, draft["id"], **whole(draft["fields"]["title"]))
    answer = site.ask(key, "POST", path, idempotency_key="gaps-1")
    assert (answer.status_code, answer.json()["visibility"]) == (200, "published")


def test_a_key_for_one_request_has_an_end(site: Site, key: str, title: str) -> None:
    body = {"kind": "course", "fields": {"title": title}}
    refused = site.ask(key, "POST", "", body, idempotency_key="k" * (api.LONGEST_KEY + 1))
    assert refused.status_code == 422
    accepted = site.ask(key, "POST", "", body, idempotency_key="k" * api.LONGEST_KEY)
    assert accepted.status_code == 201


# What cannot be set


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"fields": {"colour": "red"}}, "colour"),
        ({"fields": {"wide" * 100: 1}}, ("wide" * 100)[:60]),
        ({"id": "p-other"}, "id"),
        ({"kind": "course"}, "kind"),
        ({"visibility": "withdrawn"}, "visibility"),
        ({"state": "closed"}, "state"),
        ({"url": "/programmes/other"}, "url"),
        ({"institution": {"edebo_id": "102"}}, "institution"),
        ({"institution": None}, "institution"),
        ({"completeness": {"filled": 20, "of": 20, "missing": []}}, "completeness"),
        ({"confirmed": {}}, "confirmed"),
        ({"fields": []}, "fields"),
        ({"fields": {"price_uah": "багато"}}, "price_uah"),
        ({"fields": {"price_uah": -1}}, "price_uah"),
        ({"fields": {"price_uah": True}}, "price_uah"),
        ({"fields": {"price_uah": {"amount": 1}}}, "price_uah"),
        ({"fields": {"title": None}}, "title"),
        ({"fields": {"title": " "}}, "title"),
        ({"fields": {"summary_uk": "ж" * 601}}, "summary_uk"),
        ({"fields": {"degree": "wizard"}}, "degree"),
        ({"fields": {"speciality": "999"}}, "speciality"),
        ({"fields": {"languages": ["uk", "klingon"]}}, "languages"),
        ({"fields": {"languages": 7}}, "languages"),
        ({"fields": {"official_url": "javascript:alert(1)"}}, "official_url"),
        ({"skills": ["nothing-like-it"]}, "skills"),
        ({"professions": ["nothing-like-it"]}, "professions"),
        ({"professions": "developer"}, "professions"),
        ({"offers": "none"}, "offers"),
        ({"offers": [7]}, "offers"),
        ({"offers": []}, "offers"),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=True)[:60] if isinstance(value, dict) else "",
)
def test_what_cannot_be_set_is_named_and_nothing_of_the_request_is_stored(
    site: Site, key: str, listing_id: str, part: Json, named: str
) -> None:
    body, etag = site.read(key, listing_id)
    good = {"summary_en": "This one is right."} if part.get("fields") != [] else None
    wanted = body | part
    if good is not None:
        wanted["fields"] = body["fields"] | part.get("fields", {}) | good
    answer = site.ask(key, "PUT", f"/{listing_id}", wanted, if_match=etag)
    # Another sentence may follow from the first: a profession that the speciality gives and that is missing.
    assert set(wrong_fields(answer)) == {named}
    assert site.read(key, listing_id) == (body, etag)
    assert site.changes(listing_id) == 0


def test_everything_that_is_wrong_is_named_at_once(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    offer = body["offers"][0]
    body["fields"] |= {"price_uah": "багато", "degree": "wizard", "faculty": "Правильний"}
    body |= {"url": "/programmes/other", "colour": "red"}
    body["offers"] = [
        offer | {"contract_places": "десь сто"},
        {"year": "колись"},
        {"form": "full_time"},
    ]
    answer = site.ask(key, "PUT", f"/{listing_id}", body, if_match=etag)
    assert sorted(wrong_fields(answer)) == sorted(
        [
            "colour",
            "degree",
            "price_uah",
            "url",
            f"offers.{offer['id']}.contract_places",
            "offers.new1.year",
            "offers.new2.year",
        ]
    )
    assert site.read(key, listing_id)[1] == etag


def test_an_offer_of_another_programme_is_refused(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    with site.database.write() as session:
        other_id = read_register(session, f"Сусідня {next(_NUMBERS)}", offer_id=str(10_000 + next(_NUMBERS)))
    other, other_etag = site.read(key, other_id)
    foreign = other["offers"][0] | {"contract_places": 1}
    for offers in ([*body["offers"], foreign], [foreign], [*body["offers"], *body["offers"]]):
        answer = site.ask(key, "PUT", f"/{listing_id}", body | {"offers": offers}, if_match=etag)
        assert set(wrong_fields(answer)) == {"offers"}
    for number in (10**30, -1, "1", 1.5, [1], {"id": 1}):
        offers = [*body["offers"], {"id": number, "year": 2026}]
        answer = site.ask(key, "PUT", f"/{listing_id}", body | {"offers": offers}, if_match=etag)
        assert wrong_fields(answer) == ["offers"]
    assert site.read(key, listing_id) == (body, etag)
    assert site.read(key, other_id) == (other, other_etag)


def test_a_draft_takes_no_offer_of_another_programme(
    site: Site, key: str, listing_id: str, title: str
) -> None:
    other, etag = site.read(key, listing_id)
    wanted = {"kind": "programme", "fields": {"title": f"{title} друга"}, "offers": other["offers"]}
    assert wrong_fields(site.ask(key, "POST", "", wanted)) == ["offers"]
    assert site.read(key, listing_id) == (other, etag)


def test_a_published_listing_with_gaps_takes_a_change_of_its_other_fields(
    site: Site, key: str, listing_id: str
) -> None:
    body, _ = site.read(key, listing_id)
    assert body["fields"]["official_url"] is None
    assert body["fields"]["languages"] == []
    told = site.change(key, listing_id, department="Кафедра із прогалинами").json()
    assert told["visibility"] == "published"
    assert "Кафедра із прогалинами" in site.look(told["url"]).text


def test_a_programme_does_not_become_another_one_that_there_is(
    site: Site, key: str, listing_id: str, title: str
) -> None:
    with site.database.write() as session:
        other_id = read_register(session, f"{title} інша", offer_id=str(10_000 + next(_NUMBERS)))
    body, etag = site.read(key, other_id)
    wanted = body | {"fields": body["fields"] | {"title": title}}
    answer = site.ask(key, "PUT", f"/{other_id}", wanted, if_match=etag)
    assert answer.status_code == 409
    assert listing_id in answer.json()["detail"]
    assert site.read(key, other_id) == (body, etag)


@pytest.mark.parametrize("content", ["", "null", "[]", "7", '"text"', "{", '{"fields": '])
@pytest.mark.parametrize("route", ["POST ", "PUT /{listing_id}"])
def test_a_body_that_is_no_object_is_a_problem(
    site: Site, key: str, listing_id: str, route: str, content: str
) -> None:
    method, _, path = route.partition(" ")
    answer = site.client.request(
        method,
        LISTINGS + path.format(listing_id=listing_id),
        content=content,
        headers={"authorization": f"Bearer {key}", "content-type": "application/json", "if-match": "*"},
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


# From a draft to the public and back


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "kind"),
        ({"fields": {"title": "Х"}}, "kind"),
        ({"kind": "track", "fields": {"title": "Х"}}, "kind"),
        ({"kind": ["programme"], "fields": {"title": "Х"}}, "kind"),
        ({"kind": "programme"}, "title"),
        ({"kind": "programme", "fields": {"title": ""}}, "title"),
        ({"kind": "course", "fields": "Х"}, "title"),
        ({"kind": "programme", "fields": {"title": "Х", "degree": "wizard"}}, "degree"),
        ({"kind": "programme", "fields": {"title": "Х", "price_uah": "багато"}}, "price_uah"),
        ({"kind": "programme", "fields": {"title": "Х"}, "colour": "red"}, "colour"),
        ({"kind": "programme", "fields": {"title": "Х"}, "visibility": "published"}, "visibility"),
        ({"kind": "programme", "fields": {"title": "Х"}, "institution": {"edebo_id": "102"}}, "institution"),
        ({"kind": "course", "fields": {"title": "Х"}, "offers": [{"year": 2026}]}, "offers"),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=True)[:80] if isinstance(value, dict) else "",
)
def test_a_draft_that_cannot_be_made_is_refused_and_leaves_nothing(
    site: Site, key: str, body: Json, named: str
) -> None:
    before = counted(site)
    assert wrong_fields(site.ask(key, "POST", "", body)) == [named]
    assert counted(site) == before


def test_a_draft_is_nobody_elses_until_it_is_whole_and_published(
    site: Site, key: str, rival: str, draft: Json, title: str
) -> None:
    path, word = f"/{draft['id']}", title.split()[-1]
    assert draft["visibility"] == "draft"
    assert draft["institution"]["edebo_id"] == "101"
    assert site.public(draft) == (404, 404)
    assert draft["id"] not in site.found(word)

    needed = set(whole(title)) - {"title"}
    refused = site.ask(key, "POST", f"{path}/publish")
    assert set(wrong_fields(refused)) == needed
    told = site.change(key, draft["id"], **whole(title) | {"official_url": None}).json()
    assert told["visibility"] == "draft"
    assert wrong_fields(site.ask(key, "POST", f"{path}/publish")) == ["official_url"]
    told = site.change(key, draft["id"], official_url="https://ua.example.edu/cyber").json()
    assert site.public(told) == (404, 404)
    assert draft["id"] not in site.found(word)

    published = site.ask(key, "POST", f"{path}/publish")
    assert published.status_code == 200
    told = published.json()
    assert told["visibility"] == "published"
    assert site.read(key, draft["id"]) == (told, published.headers["etag"])
    assert site.public(told) == (200, 200)
    assert title in site.look(told["url"]).text
    assert site.found(word) == {draft["id"]}

    withdrawn = site.ask(key, "POST", f"{path}/withdraw")
    assert withdrawn.status_code == 200
    assert withdrawn.json()["visibility"] == "withdrawn"
    assert site.public(told) == (404, 404)
    assert site.found(word) == set()
    assert withdrawn.json()["fields"] == told["fields"], "nothing is lost"
    assert draft["id"] in site.ids(key)
    assert site.ask(key, "POST", f"{path}/publish").status_code == 200
    assert site.public(told) == (200, 200)


def test_publishing_or_withdrawing_twice_is_doing_it_once(site: Site, key: str, draft: Json) -> None:
    site.change(key, draft["id"], **whole(draft["fields"]["title"]))
    for act in ("publish", "withdraw"):
        first, again = (site.ask(key, "POST", f"/{draft['id']}/{act}") for _ in range(2))
        assert first.status_code == again.status_code == 200
        assert (first.json(), first.headers["etag"]) == (again.json(), again.headers["etag"])
    with site.database.read() as session:
        rows = select(ListingChange.after).where(
            ListingChange.listing_id == draft["id"], ListingChange.field == "visibility"
        )
        assert list(session.scalars(rows.order_by(ListingChange.id))) == ["published", "withdrawn"]


def test_a_course_goes_the_same_way(site: Site, key: str, title: str) -> None:
    wanted = {
        "kind": "course",
        "fields": {
            "title": title,
            "languages": ["uk"],
            "summary_uk": "Курс про тестування.",
            "format": "online",
            "official_url": "https://ua.example.edu/course",
        },
        "skills": ["testing"],
    }
    made = site.ask(key, "POST", "", wanted)
    assert made.status_code == 201
    assert made.json()["skills"] == ["testing"]
    published = site.ask(key, "POST", f"/{made.json()['id']}/publish")
    assert published.status_code == 200
    assert site.public(published.json()) == (200, 200)


def test_the_feed_tells_of_what_the_public_saw_and_never_of_a_draft(
    site: Site, key: str, listing_id: str, draft: Json
) -> None:
    here = site.client.get(FEED, params={"since": "2099-01-01T00:00:00Z"}).json()["next"]

    def told() -> list[tuple[str, str]]:
        nonlocal here
        answer = site.client.get(here).json()
        here = answer["next"]
        return [(change["id"], change["change"]) for change in answer["changes"]]

    other = site.ask(
        key, "POST", "", {"kind": "course", "fields": {"title": f"Курс {next(_NUMBERS)}"}}
    ).json()
    site.change(key, draft["id"], **whole(draft["fields"]["title"]))
    assert site.ask(key, "POST", f"/{other['id']}/publish").status_code == 422
    assert site.ask(key, "POST", f"/{other['id']}/withdraw").status_code == 200
    site.change(key, other["id"], title_en="Nobody has seen it")
    assert told() == []

    site.ask(key, "POST", f"/{draft['id']}/publish")
    assert told() == [(draft["id"], "updated")]
    site.change(key, listing_id, faculty="Інший факультет")
    assert told() == [(listing_id, "updated")]
    site.ask(key, "POST", f"/{draft['id']}/withdraw")
    assert told() == [(draft["id"], "withdrawn")]
    site.change(key, draft["id"], faculty="Після того, як її сховали")
    assert told() == []


def test_what_was_shown_and_is_a_draft_again_or_is_no_more_is_told_as_withdrawn(
    site: Site, key: str, draft: Json, title: str
) -> None:
    here = site.client.get(FEED, params={"since": "2099-01-01T00:00:00Z"}).json()["next"]
    site.change(key, draft["id"], **whole(draft["fields"]["title"]))
    officer, batch = service.By("person:12", frozenset({OWN})), service.Batch()
    with site.database.write() as session:
        institution = session.get(Institution, OWN)
        made = service.make(
            session, officer, institution, "programme", {"fields": whole(f"{title} ще")}, NOW, batch
        )
        kept = service.find(session, officer, draft["id"], to_change=True)
        assert made is not None
        assert kept is not None
        service.publish(session, officer, made, NOW, batch)
        service.publish(session, officer, kept, NOW, batch)
        batch.finish(session, NOW)
    shown_ids = {made.id, kept.id}
    answer = site.client.get(here).json()
    assert {(one["id"], one["change"]) for one in answer["changes"]} == {
        (one, "updated") for one in shown_ids
    }
    with site.database.write() as session:
        assert service.undo(session, officer, batch.id, NOW) is not None
    answer = site.client.get(answer["next"]).json()
    assert {(one["id"], one["change"]) for one in answer["changes"]} == {
        (one, "withdrawn") for one in shown_ids
    }
    assert all(one["url"].startswith("/programmes/") for one in answer["changes"])
    assert site.ask(key, "GET", f"/{draft['id']}").json()["visibility"] == "draft"
    assert site.ask(key, "GET", f"/{made.id}").status_code == 404


def test_whoever_pages_while_others_edit_misses_nothing_and_is_told_nothing_twice(
    site: Site, key: str, listing_id: str
) -> None:
    here = site.client.get(FEED, params={"since": "2099-01-01T00:00:00Z", "limit": 3}).json()["next"]
    unseen = site.ask(key, "POST", "", {"kind": "course", "fields": {"title": f"Курс {next(_NUMBERS)}"}})
    edited = [listing_id, *(one for one in site.ids(key) if one != unseen.json()["id"])][:6]
    with site.database.write() as session:
        session.execute(update(Listing).where(Listing.id.in_(edited)).values(visibility="published"))
    last: dict[str, datetime] = {}

    def edit(those: list[str]) -> None:
        for number in range(25):
            one = those[number % len(those)]
            with site.database.write() as session:
                now = datetime.now(UTC)
                # An import touches drafts as well.
                outbox.publish(session, [one, unseen.json()["id"]], now)
            last[one] = now

    told: list[tuple[str, str]] = []
    with ThreadPoolExecutor(2) as pool:
        editing = [pool.submit(edit, those) for those in (edited[::2], edited[1::2])]
        over = False
        while True:
            answer = site.client.get(here).json()
            told += [(one["id"], one["at"]) for one in answer["changes"]]
            here = answer["next"]
            if over and not answer["more"]:
                break
            over = all(one.done() for one in editing)
    for done in editing:
        done.result()
    assert len(told) == len(set(told))
    assert {one for one, _ in told} == set(edited)
    for one, at in last.items():
        assert (one, at.isoformat()) in told
    assert site.client.get(here).json()["changes"] == []


# Bounds, and what is told to nobody


def test_too_many_requests_of_one_key_wait_and_those_of_another_do_not(
    site: Site, key: str, rival: str, listing_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (api._throttle.times, api._throttle.seconds) == (600, 60)
    monkeypatch.setattr(api, "_throttle", Throttle(times=3, seconds=60))
    before = shown(site.database, listing_id)
    assert [send(site, key, "GET ", listing_id).status_code for _ in range(3)] == [200] * 3
    for route in ROUTES:
        refused = send(site, key, route, listing_id)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "60"
    assert shown(site.database, listing_id) == before
    assert send(site, rival, "GET ", listing_id).status_code == 200
    assert send(site, new_key(site).shown, "GET ", listing_id).status_code == 200
    assert site.ask("", "GET").status_code == 401


def test_a_key_is_in_no_log_and_in_no_answer(
    site: Site,
    key: str,
    rival: str,
    listing_id: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    revoked = new_key(site)
    with site.database.write() as session:
        keys.revoke_key(session, OWN, revoked.key.id, by=COMMAND, now=NOW)
    reader = new_key(site, OWN, "read").shown
    answers = [
        send(site, one, route, listing_id)
        for one in (key, rival, reader, revoked.shown, f"{key}x")
        for route in ROUTES
    ]
    body, etag = site.read(key, listing_id)
    sent: Headers = {"if_match": etag, "idempotency_key": "log-1"}
    answers += [site.ask(key, "PUT", f"/{listing_id}", body, **sent) for _ in range(2)]
    red = body | {"colour": "red"}
    for headers in (sent, {"if_match": etag}, {"if_match": "stale"}, {}):
        answers.append(site.ask(key, "PUT", f"/{listing_id}", red, **headers))
    for header in (key, f"Basic {key}", f"Bearer {key} {key}"):
        answers.append(site.client.get(LISTINGS, headers={"authorization": header}))

    def fails(*_: object) -> None:
        raise RuntimeError("made to fail")

    with monkeypatch.context() as patched:
        patched.setattr(service, "change", fails)
        with pytest.raises(RuntimeError):
            send(site, key, "PUT /{listing_id}", listing_id)
    monkeypatch.setattr(api, "_throttle", Throttle(times=0, seconds=60))
    answers.append(site.ask(key, "GET"))
    assert {answer.status_code for answer in answers} == {200, 201, 401, 403, 404, 412, 422, 428, 429}
    told = "\n".join(f"{answer.headers}\n{answer.text}" for answer in answers)
    logged = caplog.text + "\n".join(repr(vars(record)) for record in caplog.records)
    for one in (key, rival, reader, revoked.shown):
        secret = one.split("_", 2)[2]
        assert secret not in told
        assert secret not in logged


def test_half_a_character_is_refused_wherever_it_stands(site: Site, key: str, listing_id: str) -> None:
    etag = site.ask(key, "GET", f"/{listing_id}").headers["etag"]
    for body in (rb'{"fields": {"title": "\ud800"}}', rb'{"fields": {"\ud800": "a"}}', rb'{"\udc00": 1}'):
        answer = site.client.put(
            f"{LISTINGS}/{listing_id}",
            content=body,
            headers={
                "authorization": f"Bearer {key}",
                "if-match": etag,
                "content-type": "application/json",
            },
        )
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_request_that_is_too_large_is_a_problem_like_any_other(site: Site, key: str) -> None:
    answer = site.ask(key, "POST", "", {"kind": "course", "fields": {"title": "а" * 1_100_000}})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_the_largest_listing_that_there_is_may_be_brought_back(site: Site, key: str, listing_id: str) -> None:
    # As many offers as a programme may have, and of all of them everything is known.
    offer = {
        "form": "full_time", "entry_base": 40, "offer_type": "open", "licence_volume": 100,
        "budget_places": 10, "contract_places": 90, "price_uah": 51_000, "study_from": "2026-09-01",
        "study_to": "2030-06-30", "applications_from": "2026-07-10", "applications_to": "2026-08-20",
    }  # fmt: skip
    body, etag = site.read(key, listing_id)
    body["offers"] += [offer | {"year": 2000 + number // 4} for number in range(199)]
    told = site.ask(key, "PUT", f"/{listing_id}", body, if_match=etag)
    assert told.status_code == 200
    whole = told.json()
    assert len(json.dumps(whole)) > MAX_BODY
    whole["fields"]["faculty"] = "Факультет великих програм"
    answer = site.ask(key, "PUT", f"/{listing_id}", whole, if_match=told.headers["etag"])
    assert answer.status_code == 200, answer.text[:500]
    assert answer.json()["fields"]["faculty"] == "Факультет великих програм"


def test_any_of_the_versions_named_may_be_the_present_one(site: Site, key: str, listing_id: str) -> None:
    etag = site.ask(key, "GET", f"/{listing_id}").headers["etag"]
    answer = site.ask(
        key, "PUT", f"/{listing_id}", {"fields": {"price_uah": 31}}, **{"if-match": f'"old", {etag}'}
    )
    assert answer.status_code == 200
    answer = site.client.put(
        f"{LISTINGS}/{listing_id}",
        json={"fields": {"price_uah": 32}},
        headers=[
            ("authorization", f"Bearer {key}"),
            ("if-match", '"old"'),
            ("if-match", answer.headers["etag"]),
        ],
    )
    assert answer.status_code == 200


def test_a_version_is_the_same_only_when_its_etag_is(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    wanted = {"fields": {"price_uah": 33}}
    for named, status in [
        (f"W/{etag}", 412),
        (etag.strip('"'), 412),
        (etag.upper(), 412),
        ('"old", *', 412),
        ("", 428),
        (" , ", 428),
    ]:
        answer = site.ask(key, "PUT", f"/{listing_id}", wanted, if_match=named)
        assert answer.status_code == status, named
    assert site.read(key, listing_id) == (body, etag)


@pytest.mark.parametrize("act", ["publish", "withdraw"])
def test_an_act_that_names_a_version_is_done_to_that_version_only(
    site: Site, key: str, listing_id: str, act: str
) -> None:
    body, etag = site.read(key, listing_id)
    late = site.ask(key, "POST", f"/{listing_id}/{act}", if_match='"old"')
    assert (late.status_code, late.json()["present"], late.headers["etag"]) == (412, body, etag)
    assert site.read(key, listing_id) == (body, etag)
    assert site.ask(key, "POST", f"/{listing_id}/{act}", if_match=etag).status_code == 200


def test_whoever_has_the_version_is_not_sent_it_again(site: Site, key: str, listing_id: str) -> None:
    body, etag = site.read(key, listing_id)
    for known in (etag, f"W/{etag}", f'"old", {etag}'):
        answer = site.ask(key, "GET", f"/{listing_id}", if_none_match=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert site.ask(key, "GET", f"/{listing_id}", if_none_match='"old"').json() == body


def test_the_pages_are_followed_by_their_own_word(site: Site, key: str, listing_id: str, draft: Json) -> None:
    found: list[str] = []
    address: str | None = f"{LISTINGS}?per_page=30"
    while address:
        answer = site.client.get(address, headers={"authorization": f"Bearer {key}"}).json()
        found += [one["id"] for one in answer["listings"]]
        address = answer["next"]
    assert found == site.ids(key)
    assert {listing_id, draft["id"]} <= set(found)


# What is refused first, and how


@pytest.mark.parametrize("route", ["POST ", "PUT /{listing_id}"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"{}", "text/plain"),
        (b"x" * 1_000_000, "application/json"),
    ],
)
def test_before_a_body_is_looked_at_the_key_is(
    site: Site, listing_id: str, route: str, content: bytes, kind: str
) -> None:
    method, _, path = route.partition(" ")
    reader = new_key(site, OWN, "read").shown
    for key, status in ((None, 401), ("ptl_none_at_all", 401), (reader, 403)):
        answer = site.client.request(
            method,
            LISTINGS + path.format(listing_id=listing_id),
            content=content,
            headers={
                "content-type": kind,
                "idempotency-key": "",
                **({"authorization": f"Bearer {key}"} if key else {}),
            },
        )
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON", 200),
        ("application/merge-patch+json", 200),
        (None, 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("json", 415),
    ],
)
def test_a_listing_comes_as_json(
    site: Site, key: str, listing_id: str, kind: str | None, status: int
) -> None:
    answer = site.client.put(
        f"{LISTINGS}/{listing_id}",
        content=b'{"fields": {}}',
        headers={
            "authorization": f"Bearer {key}",
            "if-match": "*",
            **({"content-type": kind} if kind else {}),
        },
    )
    assert answer.status_code == status
    if status == 415:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"fields": ' * 500 + b"1" + b"}" * 500,
        b'{"fields": {"price_uah": ' + b"9" * 5000 + b"}}",
        b'{"fields": {"price_uah": 1e400}}',
        b'{"fields": {"price_uah": NaN}}',
        b'{"fields": {"price_uah": 99999999999999999999}}',
        b'{"fields": {"faculty": ' + b"[" * 200 + b"]" * 200 + b"}}",
        b'{"offers": [{"id": 18446744073709551615, "year": 2026}]}',
        rb'{"a\u0000b": 1}',
        rb'{"fields": {"degree": "\u0000"}, "id": "\u0000"}',
        b'{"faculty": "\xff"}',
        '{"fields": {}}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
    ],
    ids=range(13),
)
def test_what_json_allows_and_nobody_means_is_a_problem(
    site: Site, key: str, listing_id: str, content: bytes
) -> None:
    answer = site.client.put(
        f"{LISTINGS}/{listing_id}",
        content=content,
        headers={"authorization": f"Bearer {key}", "if-match": "*", "content-type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["", "ключ", "a\tb"])
def test_a_name_for_one_request_is_plain_text(site: Site, key: str, listing_id: str, name: str) -> None:
    answer = site.client.post(
        f"{LISTINGS}/{listing_id}/withdraw",
        headers={b"authorization": f"Bearer {key}".encode(), b"idempotency-key": name.encode()},
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_another_method_is_told_which_there_are(site: Site, key: str, listing_id: str) -> None:
    headers = {"authorization": f"Bearer {key}"}
    for path, allowed in [
        ("", "GET, HEAD, POST"),
        (f"/{listing_id}", "GET, HEAD, PUT"),
        (f"/{listing_id}/publish", "POST"),
    ]:
        for method in ("PATCH", "DELETE", "OPTIONS"):
            answer = site.client.request(method, LISTINGS + path, headers=headers)
            assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
            assert answer.headers["content-type"] == "application/problem+json"


def test_head_is_get_without_the_body(site: Site, key: str, listing_id: str) -> None:
    address = f"{LISTINGS}/{listing_id}"
    assert site.client.head(address).status_code == 401
    whole = site.ask(key, "GET", f"/{listing_id}")
    answer = site.client.head(address, headers={"authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == whole.headers["etag"]
    assert site.client.head("/api/v1/institutions").status_code == 200
    assert site.client.head("/").status_code == 200


def test_a_browser_of_another_site_is_refused_with_a_problem(site: Site, key: str, listing_id: str) -> None:
    answer = site.ask(key, "PUT", f"/{listing_id}", {}, if_match="*", origin="https://elsewhere.example")
    assert answer.status_code == 403


def test_a_key_that_only_reads_is_seen_to_be_in_use(site: Site) -> None:
    reader = new_key(site, OWN, "read")
    site.ask(reader.shown, "GET")
    with site.database.read() as session:
        used = {one.id: one.used_on for one in queries.keys(session, OWN)}
    assert used[reader.key.id] is not None
