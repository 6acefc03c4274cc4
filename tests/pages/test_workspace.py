"""The workspace over HTTP, without a script: who reaches what, and what becomes of a form that is sent."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from html.parser import HTMLParser
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from applicant_portal.accounts import service as accounts_service
from applicant_portal.accounts import sessions
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.accounts.state import COOKIE
from applicant_portal.catalogue.models import Institution, Listing
from applicant_portal.kit.db import Database
from applicant_portal.workspace import fields, pages, representation, service
from applicant_portal.workspace.policy import By
from tests.accounts.conftest import PASSWORD, CountingHasher
from tests.servers import LiveServer
from tests.workspace.made_up import REGISTER, STAFF, counts, shown

LONG_AGO = datetime(2025, 9, 1, 12, tzinfo=UTC)
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
WHOLE: Mapping[str, Any] = {
    "degree": "bachelor",
    "speciality": "F3",
    "forms": ["full_time"],
    "languages": ["uk"],
    "city": "Харків",
    "summary_uk": "Про захист",
    "official_url": "https://example.edu/cyber",
    "price_uah": 40000,
    "price_year": 2025,
}
Fields = dict[str, list[str]]
_NUMBERS = count(1)


class Caller:
    """One browser with cookies of its own; it follows no redirect by itself."""

    def __init__(self, server: LiveServer, token: str | None = None) -> None:
        self.client = httpx.Client(base_url=server.url, timeout=60)
        self.origin = server.url
        for place in ("/workspace", "/en/workspace") if token else ():
            self.client.cookies.set(COOKIE, token or "", domain="127.0.0.1", path=place)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, data: Mapping[str, Any], **headers: str) -> httpx.Response:
        return self.client.post(path, data=data, headers=headers or {"origin": self.origin})


class _Forms(HTMLParser):
    """The forms of a page by their action, with the fields as a browser sends them untouched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, Fields] = {}
        self._form: Fields = {}
        self._name: str | None = None
        self._options: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action", ""), {})
        elif tag == "input" and "name" in given:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self._form.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag in ("select", "textarea"):
            self._name, self._options = given["name"], []
            if tag == "textarea":
                self._form[self._name] = [""]
        elif tag == "option":
            self._options.append((given["value"], "selected" in given))

    def handle_data(self, data: str) -> None:
        if self._name is not None and not self._options and self._name in self._form:
            self._form[self._name][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._name is not None:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [
                value for value, _ in self._options[:1]
            ]
            self._form[self._name] = chosen
        if tag in ("select", "textarea"):
            self._name, self._options = None, []


def form(answer: httpx.Response, path: str, **typed: str) -> Fields:
    """The fields of the form that goes to `path`, with some of them typed anew (a dot as "__")."""
    sent = _Forms(answer.text).forms[path]
    for name, value in typed.items():
        key = name.replace("__", ".")
        assert key in sent, f"{key} is not on the screen"
        sent[key] = [value]
    return sent


def within_a_second(is_so: Callable[[], bool]) -> bool:
    """A page that is kept whole asks each tenth of a second whether anything has changed."""
    until = time.monotonic() + 1
    while not (found := is_so()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


@dataclass
class World:
    """A portal, institutions A and B of its seed, and people of every sort."""

    server: LiveServer
    database: Database
    own: int
    rival: int
    names: dict[int, str]
    callers: dict[str, Caller] = field(default_factory=dict)

    def draft(self, *, institution: int | None = None, **values: Any) -> str:
        """A new draft, by default of A, that stands on a word of long ago; its id."""
        owner = institution or self.own
        wanted = {"fields": {"title": f"Made for a test {next(_NUMBERS)}"} | values}
        with self.database.write() as session:
            house = session.get_one(Institution, owner)
            by = By("person:0", frozenset({owner}))
            made = service.make(session, by, house, "programme", wanted, LONG_AGO)
            assert made is not None
            return made.id

    def published(self, **values: Any) -> str:
        """A new published programme of A with an offer of 2026."""
        listing_id = self.draft(**{**WHOLE, **values})
        with self.database.write() as session:
            by = By("person:0", frozenset({self.own}))
            listing = service.find(session, by, listing_id, to_change=True)
            assert listing is not None
            service.change(session, by, listing, {"offers": [{"year": 2026, "price_uah": 40000}]}, LONG_AGO)
            service.publish(session, by, listing, LONG_AGO)
        return listing_id

    @cached_property
    def untouched(self) -> str:
        """A published programme of A for those who only look at it, or try."""
        return self.published()

    def shown(self, listing_id: str) -> dict[str, Any]:
        return shown(self.database, listing_id)

    def title(self, listing_id: str) -> str:
        title: str = self.shown(listing_id)["fields"]["title"]
        return title

    def batch(self, listing_id: str) -> str:
        """The newest save in the history."""
        with self.database.read() as session:
            rows = service.history(session, STAFF, listing_id)
            assert rows
            return rows[0].batch

    def state(self, listing_id: str) -> Any:
        """Whatever the workspace may change: the listing, and how many there are of listings, lines of
        history and of the log."""
        with self.database.read() as session:
            listings = session.scalar(select(func.count()).select_from(Listing))
        return self.shown(listing_id), listings, counts(self.database)


def _come(world: World, who: str, institution: int | None, role: str) -> int:
    """Somebody who was invited, came and signed in."""
    email = email_of(who)
    now = datetime.now(UTC)
    with world.database.write() as session:
        invited = accounts_service.invite(session, email, institution, role, by=COMMAND, now=now)
    cheap = Passwords(CountingHasher())
    assert accounts_service.accept(
        world.database, cheap, token=invited.token or "", password=PASSWORD, now=now
    )
    token = sessions.sign_in(world.database, cheap, email=email, password=PASSWORD, agent="", now=now)
    assert token is not None
    world.callers[who] = Caller(world.server, token)
    return invited.person_id


def email_of(who: str) -> str:
    return f"{who.replace(' ', '-').lower()}@example.edu"


@pytest.fixture(scope="module")
def world(server: LiveServer, database: Database) -> World:
    """On each database."""
    with database.read() as session:
        houses = session.scalars(select(Institution).order_by(Institution.id).limit(2)).all()
    own, rival = (house.id for house in houses)
    made = World(server, database, own, rival, {house.id: house.display_name for house in houses})
    _come(made, "owner of A", own, "owner")
    _come(made, "editor of A", own, "editor")
    _come(made, "editor of B", rival, "editor")
    _come(made, "staff", None, "staff")
    removed = _come(made, "removed from A", own, "editor")
    ended = _come(made, "signed out elsewhere", own, "editor")
    disabled = _come(made, "disabled", own, "editor")
    now = datetime.now(UTC)
    with database.write() as session:
        accounts_service.remove_member(session, removed, own, by=COMMAND, now=now)
        sessions.end_all(session, ended, now)
        accounts_service.disable(session, disabled, by=COMMAND, now=now)
    made.callers["anonymous"] = Caller(server)
    return made


# Who reaches what

INSIDERS = ("owner of A", "editor of A", "staff")
OUTSIDERS = ("editor of B", "removed from A")
NOBODY = ("anonymous", "signed out elsewhere", "disabled")


@dataclass(frozen=True)
class Route:
    """How a route is asked about a listing of A. `paths`: every address it has; `data`: what is sent there.
    `inside`, `outside`: statuses for A's people and for others who are signed in; where somebody's own
    institutions count, the staff has a status of its own."""

    paths: tuple[str, ...]
    inside: int
    outside: int
    data: Callable[[World, str], Mapping[str, Any]] | None = None
    staff: int | None = None


LISTING = "/workspace/listings/{listing_id}"
ROUTES: Mapping[tuple[str, str], Route] = {
    ("GET", "/workspace"): Route(
        ("/workspace?q={title}", "/workspace?page=1", "/workspace?due=stale", "/workspace?due=offer"),
        200,
        200,
    ),
    ("POST", "/workspace/confirm"): Route(
        ("/workspace/confirm",), 303, 303, lambda world, one: {"listing": [one]}
    ),
    ("POST", "/workspace/undo"): Route(
        ("/workspace/undo",), 303, 404, lambda world, one: {"batch": world.batch(one), "back": one}
    ),
    ("GET", "/workspace/new"): Route(("/workspace/new",), 200, 200),
    ("POST", "/workspace/new"): Route(
        ("/workspace/new",),
        303,
        422,
        lambda world, one: {"institution": str(world.own), "title": f"New one {next(_NUMBERS)}"},
        staff=422,
    ),
    ("GET", LISTING + "/copy"): Route((LISTING + "/copy",), 200, 404),
    ("POST", LISTING + "/copy"): Route(
        (LISTING + "/copy",), 303, 404, lambda world, one: {"title": f"Copy {next(_NUMBERS)}"}
    ),
    ("GET", LISTING + "/history"): Route((LISTING + "/history",), 200, 404),
    ("POST", LISTING + "/{act}-now"): Route(
        tuple(f"{LISTING}/{act}-now" for act in ("close", "reopen", "withdraw", "publish")),
        303,
        404,
        lambda world, one: {},
    ),
    ("GET", LISTING + "/{act}-now"): Route((LISTING + "/publish-now",), 303, 404),
    ("GET", LISTING + "/{section}"): Route(
        (*(f"{LISTING}/{section}" for section in fields.SECTIONS), LISTING + "/admission?add=1"), 200, 404
    ),
    ("POST", LISTING + "/{section}"): Route(
        (LISTING + "/about",),
        303,
        404,
        lambda world, one: {
            "version": representation.etag(world.shown(one)),
            "seen": "1",
            "has.summary_uk": "1",
            "summary_uk": f"Сказано {next(_NUMBERS)}",
        },
    ),
}


def routes() -> list[tuple[str, str]]:
    """What the router really has."""
    return sorted(
        (method, route.path)
        for route in pages.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    )


def test_every_route_of_the_workspace_is_in_the_matrix() -> None:
    assert len(routes()) == len(pages.router.routes)
    assert routes() == sorted(ROUTES)


@pytest.mark.parametrize("who", [*INSIDERS, *OUTSIDERS, *NOBODY])
@pytest.mark.parametrize(("method", "path"), routes())
def test_a_listing_of_a_is_reached_by_its_people_only(world: World, method: str, path: str, who: str) -> None:
    route, caller = ROUTES[method, path], world.callers[who]
    may_change = method == "POST" and who in INSIDERS
    listing_id = world.published() if may_change else world.untouched
    title, state = world.title(listing_id), world.state(listing_id)
    for address in route.paths:
        target = address.format(listing_id=listing_id, title=title)
        data = route.data(world, listing_id) if route.data else {}
        answer = caller.post(target, data) if method == "POST" else caller.get(target)
        before, state = state, world.state(listing_id)
        changed = state != before
        if who in NOBODY:
            assert answer.status_code == 303
            assert re.fullmatch(
                r"/sign-in\?next=/workspace[^?]*" if method == "GET" else "/sign-in",
                answer.headers["location"],
            )
            assert not changed
        elif who in OUTSIDERS:
            assert answer.status_code == route.outside
            # A page that is not there repeats the address that it was asked by.
            assert listing_id not in answer.text.replace(target.partition("?")[0], "…")
            assert listing_id not in answer.headers.get("location", "")
            assert world.names[world.own] not in answer.text
            assert not (title in answer.text and "q=" not in target)
            assert not changed
        else:
            expected = route.staff if who == "staff" and route.staff else route.inside
            assert answer.status_code == expected
            assert changed == (method == "POST" and expected == 303)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_listing_of_another_is_told_apart_from_none_by_nothing(world: World, who: str) -> None:
    caller, listing_id = world.callers[who], world.published()
    for (method, _), route in ROUTES.items():
        for address in (one for one in route.paths if "{listing_id}" in one):
            answers = [
                (caller.post(target, {}) if method == "POST" else caller.get(target)).text.replace(one, "…")
                for one, target in (
                    (one, address.format(listing_id=one)) for one in (listing_id, "p-nothing")
                )
            ]
            assert answers[0] == answers[1]


def test_a_batch_of_both_sets_back_only_what_is_ones_own(world: World) -> None:
    own, other = world.published(), world.draft(institution=world.rival, **WHOLE)
    batch = service.Batch()
    with world.database.write() as session:
        for listing in service.find_all(session, STAFF, [own, other], to_change=True):
            service.change(session, STAFF, listing, {"fields": {"faculty": "Новий"}}, LONG_AGO, batch)
        batch.finish(session, LONG_AGO)
    done = world.callers["editor of B"].post("/workspace/undo", {"batch": batch.id, "back": own})
    assert done.headers["location"] == "/workspace?done=undone"
    assert world.shown(own)["fields"]["faculty"] == "Новий"
    assert world.shown(other)["fields"]["faculty"] is None


def test_an_address_that_is_none_is_not_found(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    here = f"/workspace/listings/{listing_id}"
    assert caller.get(f"{here}/nothing").status_code == 404
    assert caller.post(f"{here}/nothing", {}).status_code == 404
    assert caller.post(f"{here}/delete-now", {}).status_code == 404
    assert caller.post("/workspace/undo", {"batch": "b-nothing"}).status_code == 404
    assert caller.post("/workspace/undo", {}).status_code == 404


# Saving


def test_what_the_public_sees_is_changed_after_the_difference_was_shown(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/about"
    before = world.state(listing_id)
    public = world.shown(listing_id)["url"]
    sent = form(caller.get(screen), screen, summary_uk="Про <захист> і напад")
    asked = caller.post(screen, sent)
    assert asked.status_code == 200
    assert "Перевірте зміни" in asked.text
    assert "Про &lt;захист&gt; і напад" in asked.text
    assert "Про захист" in asked.text
    assert world.state(listing_id) == before
    assert "Про захист" in caller.get(public).text
    review = form(asked, screen)
    assert review == {**sent, "seen": ["1"]}
    done = caller.post(screen, review)
    assert (done.status_code, done.headers["location"]) == (303, f"{screen}?done=saved")
    assert world.shown(listing_id)["fields"]["summary_uk"] == "Про <захист> і напад"
    assert within_a_second(lambda: "Про &lt;захист&gt; і\u00a0напад" in caller.get(public).text)
    saved = caller.get(done.headers["location"]).text
    assert "Це вже на сайті." in saved
    assert f'href="{public}"' in saved


def test_a_draft_is_saved_at_once_and_nobody_else_sees_it(world: World) -> None:
    caller, listing_id = world.callers["owner of A"], world.draft()
    screen = f"/workspace/listings/{listing_id}/money"
    done = caller.post(screen, form(caller.get(screen), screen, price_uah="47 500 грн", price_year="2026"))
    assert (done.status_code, done.headers["location"]) == (303, f"{screen}?done=saved")
    assert "Чернетку бачите лише ви." in caller.get(done.headers["location"]).text
    assert world.shown(listing_id)["fields"]["price_uah"] == 47500
    assert caller.get(world.shown(listing_id)["url"]).status_code == 404


def test_every_screen_sent_back_as_it_came_changes_nothing(world: World) -> None:
    caller = world.callers["staff"]
    with world.database.read() as session:
        chosen = [
            listing_id
            for kind in ("programme", "course", "track")
            for listing_id in session.scalars(
                select(Listing.id)
                .where(Listing.kind == kind, Listing.visibility == "published")
                .order_by(Listing.id)
                .limit(3)
            )
        ]
    for listing_id in [*chosen, world.published(), world.draft()]:
        before = world.state(listing_id)
        for section in fields.SECTIONS:
            screen = f"/workspace/listings/{listing_id}/{section}"
            done = caller.post(screen, form(caller.get(screen), screen))
            assert done.headers["location"] == f"{screen}?done=same"
        assert world.state(listing_id) == before
        assert "Нічого не змінилося." in caller.get(done.headers["location"]).text


def test_a_wrong_value_comes_back_with_its_sentence_and_all_that_was_typed(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/money"
    before = world.state(listing_id)
    sent = form(caller.get(screen), screen, price_uah='47 5оо "<b>', price_year="2027")
    for more in ({}, {"seen": "1"}):
        answer = caller.post(screen, {**sent, **more})
        assert answer.status_code == 422
        assert "<title>Помилка:" in answer.text
        control = re.search(r'<input[^>]*id="price_uah"[^>]*>', answer.text)
        assert control is not None
        assert 'aria-invalid="true"' in control[0]
        assert 'aria-describedby="price_uah-error"' in control[0]
        assert re.search(r'id="price_uah-error">.*Тут має бути ціле число', answer.text)
        assert 'href="#price_uah"' in answer.text
        assert answer.text.count('aria-invalid="true"') == 1
        assert form(answer, screen) == sent
        assert world.state(listing_id) == before


def test_all_wrong_values_of_a_screen_are_told_at_once(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/about"
    sent = form(
        caller.get(screen), screen, title=" ", speciality="Я9", summary_en="a" * 601, faculty="Мій факультет"
    )
    answer = caller.post(screen, sent)
    assert answer.status_code == 422
    for name in ("title", "speciality", "summary_en"):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}-error"' in answer.text
    assert form(answer, screen) == sent


def test_a_name_that_another_programme_has_is_refused_at_the_name(world: World) -> None:
    caller, there, listing_id = world.callers["editor of A"], world.published(), world.published()
    screen = f"/workspace/listings/{listing_id}/about"
    before = world.state(listing_id)
    answer = caller.post(screen, form(caller.get(screen), screen, title=world.title(there)))
    assert answer.status_code == 422
    assert f"Така програма вже є: {world.title(there)}" in answer.text
    assert 'href="#title"' in answer.text
    assert world.state(listing_id) == before


def test_whoever_saves_over_anothers_change_is_shown_both_and_loses_nothing(world: World) -> None:
    one, other, listing_id = world.callers["editor of A"], world.callers["owner of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/money"
    mine = form(one.get(screen), screen, price_uah="51000", price_year="2026")
    theirs = form(other.get(screen), screen, price_uah="49000")
    assert other.post(screen, {**theirs, "seen": "1"}).status_code == 303
    before = world.state(listing_id)
    for more in ({}, {"seen": "1"}):
        answer = one.post(screen, {**mine, **more})
        assert answer.status_code == 409
        assert "Поки ви писали, це змінив хтось інший." in answer.text
        assert re.search("зараз 49\u00a0000.*у вас 51\u00a0000", answer.text)
        assert world.state(listing_id) == before
    again = form(answer, screen)
    assert again == {**mine, "version": again["version"]}
    assert again["version"] != mine["version"]
    asked = one.post(screen, again)
    assert asked.status_code == 200
    assert one.post(screen, form(asked, screen)).status_code == 303
    assert world.shown(listing_id)["fields"]["price_uah"] == 51000
    assert world.shown(listing_id)["fields"]["price_year"] == 2026


def test_a_form_without_a_version_is_a_stale_one(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.draft()
    screen = f"/workspace/listings/{listing_id}/money"
    sent = form(caller.get(screen), screen, price_uah="51000")
    del sent["version"]
    assert caller.post(screen, sent).status_code == 409
    assert world.shown(listing_id)["fields"]["price_uah"] is None


# Publishing, history, the way back


def test_a_new_programme_is_filled_in_screen_by_screen_and_published(world: World) -> None:
    caller, name = world.callers["editor of A"], f"Кібербезпека {next(_NUMBERS)}"
    opened = caller.get("/workspace/new")
    assert world.names[world.own] in opened.text
    wrong = caller.post("/workspace/new", form(opened, "/workspace/new", title=name, speciality="Я9"))
    assert wrong.status_code == 422
    assert 'id="speciality-error"' in wrong.text
    sent = form(wrong, "/workspace/new", speciality="125")
    assert sent["title"] == [name]
    made = caller.post("/workspace/new", sent)
    screen = made.headers["location"]
    listing_id = screen.split("/")[3]
    assert screen == f"/workspace/listings/{listing_id}/about"
    assert caller.post("/workspace/new", sent).status_code == 422

    refused = caller.post(f"/workspace/listings/{listing_id}/publish-now", {})
    assert refused.status_code == 422
    with world.database.read() as session:
        listing = service.find(session, STAFF, listing_id)
        assert listing is not None
        gaps = service.gaps(listing)
    assert len(gaps) > 3
    known = fields.of_kind("programme")
    linked = re.findall(rf'href="/workspace/listings/{listing_id}/(\w+)#(\w+)"', refused.text)
    assert linked == [(known[gap].section, gap) for gap in gaps]
    for section, gap in linked:
        assert f'id="{gap}"' in caller.get(f"/workspace/listings/{listing_id}/{section}").text
    assert world.shown(listing_id)["visibility"] == "draft"

    for section, typed in {
        "about": {
            "degree": "bachelor",
            "forms": "full_time",
            "languages": "uk",
            "summary_uk": "Про захист",
        },
        "place": {"city": "Харків"},
        "contacts": {"official_url": "example.edu"},
    }.items():
        path = f"/workspace/listings/{listing_id}/{section}"
        filled: Fields = form(caller.get(path), path)
        assert caller.post(path, {**filled, **typed}).headers["location"] == f"{path}?done=saved"
    done = caller.post(f"/workspace/listings/{listing_id}/publish-now", {})
    assert done.status_code == 303
    assert name in caller.get(world.shown(listing_id)["url"]).text
    past = caller.get(done.headers["location"]).text
    assert "Чи видно на сайті" in past


def test_the_history_says_who_changed_what_and_sets_it_back(world: World) -> None:
    listing_id = world.published()
    screen = f"/workspace/listings/{listing_id}/money"
    first = world.shown(listing_id)
    for who, price in (("owner of A", "61000"), ("staff", "62000"), ("editor of A", "63000")):
        caller = world.callers[who]
        sent = form(caller.get(screen), screen, price_uah=price)
        assert caller.post(screen, {**sent, "seen": "1"}).status_code == 303
    caller = world.callers["editor of A"]
    past = caller.get(f"/workspace/listings/{listing_id}/history").text
    said = re.findall(r'class="h3">[^<]*· ([^<]+)</h2>', past)
    assert said[:3] == ["ви", "команда кластера", email_of("owner of A")]
    assert email_of("staff") not in past
    for price in ("61", "62", "63"):
        assert f"{price}\u00a0000" in past
    for number in range(3):
        past = caller.get(f"/workspace/listings/{listing_id}/history").text
        batches = re.findall(r'name="batch" value="([^"]+)"', past)
        # The undoings stand before what was not undone.
        done = caller.post("/workspace/undo", {"batch": batches[number], "back": listing_id})
        assert done.headers["location"] == f"/workspace/listings/{listing_id}/history?done=undone"
    assert world.shown(listing_id) == first
    assert caller.get(f"/workspace/listings/{listing_id}/history").text.count(">скасовано<") == 3


def test_undoing_leaves_what_was_changed_since_and_says_so(world: World) -> None:
    one, other, listing_id = world.callers["editor of A"], world.callers["owner of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/money"
    sent = form(one.get(screen), screen, price_uah="61000", price_year="2026")
    assert one.post(screen, {**sent, "seen": "1"}).status_code == 303
    batch = world.batch(listing_id)
    sent = form(other.get(screen), screen, price_uah="62000")
    assert other.post(screen, {**sent, "seen": "1"}).status_code == 303
    done = one.post("/workspace/undo", {"batch": batch, "back": listing_id})
    assert done.headers["location"] == f"/workspace/listings/{listing_id}/history?done=partly"
    assert "Скасовано не все." in one.get(done.headers["location"]).text
    now = world.shown(listing_id)["fields"]
    assert (now["price_uah"], now["price_year"]) == (62000, 2025)


def test_the_same_undoing_sent_twice_is_done_once(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/money"
    sent = form(caller.get(screen), screen, price_uah="61000")
    assert caller.post(screen, {**sent, "seen": "1"}).status_code == 303
    undo = {"batch": world.batch(listing_id), "back": listing_id}
    assert caller.post("/workspace/undo", undo).status_code == 303
    before = world.state(listing_id)
    assert caller.post("/workspace/undo", undo).status_code == 303
    assert world.state(listing_id) == before


def test_an_offer_is_added_and_a_bad_year_keeps_the_price(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/admission"
    first = world.shown(listing_id)
    plain = caller.get(screen)
    assert f'href="{screen}?add=1"' in plain.text
    assert "offers.new1.year" not in plain.text
    sent = form(
        caller.get(f"{screen}?add=1"), screen, offers__new1__year="202x", offers__new1__price_uah="51000"
    )
    wrong = caller.post(screen, sent)
    assert wrong.status_code == 422
    assert 'href="#offers.new1.year"' in wrong.text
    assert 'id="offers.new1.year-error"' in wrong.text
    assert form(wrong, screen) == sent
    assert world.shown(listing_id) == first
    sent = form(wrong, screen, offers__new1__year="2027", offers__new1__applications_to="31.07.2027")
    asked = caller.post(screen, sent)
    assert asked.status_code == 200
    assert "2027: Ціна за рік, грн" in asked.text
    assert world.shown(listing_id) == first
    assert caller.post(screen, form(asked, screen)).status_code == 303
    offer = world.shown(listing_id)["offers"][0]
    assert (offer["year"], offer["price_uah"], offer["applications_to"]) == (2027, 51000, "2027-07-31")
    assert [one["year"] for one in world.shown(listing_id)["offers"]] == [2027, 2026]
    undo = {"batch": world.batch(listing_id), "back": listing_id}
    assert caller.post("/workspace/undo", undo).status_code == 303
    assert world.shown(listing_id)["offers"] == first["offers"]


def test_an_offer_is_changed_in_its_own_year_alone(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/admission"
    number = world.shown(listing_id)["offers"][0]["id"]
    sent = form(caller.get(screen), screen)
    sent[f"offers.{number}.applications_from"] = ["01.08.2026"]
    sent[f"offers.{number}.applications_to"] = ["01.07.2026"]
    wrong = caller.post(screen, sent)
    assert wrong.status_code == 422
    assert f'id="offers.{number}.applications_to-error"' in wrong.text
    sent[f"offers.{number}.applications_to"] = ["15.08.2026"]
    asked = caller.post(screen, sent)
    assert "2026: Заяви до" in asked.text
    assert caller.post(screen, form(asked, screen)).status_code == 303
    offer = world.shown(listing_id)["offers"][0]
    assert (offer["applications_from"], offer["applications_to"]) == ("2026-08-01", "2026-08-15")
    assert offer["price_uah"] == 40000


def test_confirming_renews_the_dates_of_what_is_on_the_site(world: World) -> None:
    caller, name = world.callers["editor of A"], f"Confirmed {next(_NUMBERS)}"
    public, draft = world.published(title=f"{name} public"), world.draft(**WHOLE, title=f"{name} draft")
    kept = world.shown(draft)
    page = caller.get(f"/workspace?q={name}")
    assert f"{name} draft" in page.text
    assert form(page, "/workspace/confirm") == {"listing": [public]}
    before = world.shown(public)
    done = caller.post("/workspace/confirm", {"listing": [public, draft]})
    assert done.headers["location"] == "/workspace?done=confirmed"
    assert "Підтверджено." in caller.get(done.headers["location"]).text
    after = world.shown(public)
    assert after["fields"] == before["fields"]
    today = datetime.now(UTC).date().isoformat()
    assert {one["as_of"] for one in before["confirmed"].values()} == {LONG_AGO.date().isoformat()}
    assert {one["as_of"] for one in after["confirmed"].values()} == {today}
    assert {one["origin"] for one in after["confirmed"].values()} == {"institution"}
    assert world.shown(draft) == kept


# Every page


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_is_one_persons_and_in_one_language(world: World, prefix: str) -> None:
    caller, listing_id, draft = world.callers["editor of A"], world.published(), world.draft()
    here = f"{prefix}/workspace/listings/{listing_id}"
    opened = caller.get(f"{here}/money")
    review = form(opened, f"{here}/money", price_uah="52000")
    wrong = form(opened, f"{here}/money", price_uah="much")
    answers = [
        caller.get(f"{prefix}/workspace"),
        caller.get(f"{prefix}/workspace?q=Made&done=confirmed"),
        caller.get(f"{prefix}/workspace/new"),
        caller.post(f"{prefix}/workspace/new", {"institution": "0"}),
        *(caller.get(f"{here}/{section}?done=saved") for section in fields.SECTIONS),
        caller.get(f"{here}/admission?add=1"),
        caller.post(f"{here}/money", review),
        caller.post(f"{here}/money", wrong),
        caller.post(f"{here}/money", {**review, "version": "old"}),
        caller.post(f"{prefix}/workspace/listings/{draft}/publish-now", {}),
        caller.get(f"{here}/history?done=partly"),
    ]
    assert {answer.status_code for answer in answers} == {200, 409, 422}
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text
        assert f'<html lang="{"en" if prefix else "uk"}">' in answer.text
        assert ("<title>Помилка:" in answer.text or "<title>Error:" in answer.text) == (
            answer.status_code == 422
        )
        if prefix:
            for tag in ("label", "legend", "h1", "h2", "button", "dt", "th", "nav"):
                for words in re.findall(rf"<{tag}[ >].*?</{tag}>", answer.text, re.DOTALL):
                    assert not CYRILLIC.search(words), words
    for answer in (
        caller.post(f"{here}/money", {**review, "seen": "1"}),
        caller.post(f"{prefix}/workspace/confirm", {"listing": listing_id}),
        Caller(world.server).get(f"{prefix}/workspace"),
    ):
        assert answer.status_code == 303
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["location"].startswith(f"{prefix}/")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_a_form_from_another_site_is_refused(world: World, headers: dict[str, str]) -> None:
    caller, listing_id = world.callers["owner of A"], world.published()
    before = world.state(listing_id)
    for (method, _), route in ROUTES.items():
        if method == "POST":
            for address in route.paths:
                target = address.format(listing_id=listing_id)
                data = route.data(world, listing_id) if route.data else {}
                assert caller.post(target, data, **headers).status_code == 403
    assert world.state(listing_id) == before


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_an_institution_that_is_no_number_is_refused_at_the_field(world: World, number: str) -> None:
    answer = world.callers["editor of A"].post("/workspace/new", {"institution": number, "title": "Назва"})
    assert answer.status_code == 422


def test_a_page_far_behind_the_last_is_empty(world: World) -> None:
    assert world.callers["editor of A"].get(f"/workspace?page={10**22}").status_code in (200, 400, 404)


def test_a_nul_in_a_form_finds_nothing(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    batch = world.batch(listing_id)
    assert caller.post("/workspace/undo", {"batch": "\0", "back": listing_id}).status_code == 404
    assert caller.post("/workspace/confirm", {"listing": "\0"}).status_code == 303
    assert caller.post("/workspace/undo", {"batch": batch, "back": "\0"}).status_code == 303


def test_what_is_not_there_is_not_kept_either(world: World) -> None:
    for who in (*INSIDERS, *OUTSIDERS):
        answer = world.callers[who].get("/workspace/listings/p-nothing/about")
        assert answer.headers.get("cache-control") == "no-store"


def test_the_next_page_is_one_of_the_same_search(world: World) -> None:
    page = world.callers["staff"].get("/workspace?q=а").text
    assert re.search(r'href="/workspace\?(q=[^"]*&amp;page=2|page=2&amp;q=)', page)


def test_gaps_are_told_in_the_other_language_too(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.draft()
    refused = caller.post(f"/workspace/listings/{listing_id}/publish-now", {}).text
    (other,) = re.findall(r'href="(/en/workspace/[^"]*)" lang="en"', refused)
    assert caller.get(other).status_code in (200, 303)


def test_a_wrong_choice_of_several_is_told_at_the_field(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    screen = f"/workspace/listings/{listing_id}/about"
    sent = {"version": representation.etag(world.shown(listing_id)), "has.forms": "1", "forms": "nothing"}
    assert 'id="forms-error"' in caller.post(screen, sent).text


def test_paragraphs_of_a_description_stay(world: World) -> None:
    caller, listing_id = world.callers["editor of A"], world.draft()
    screen = f"/workspace/listings/{listing_id}/about"
    caller.post(screen, form(caller.get(screen), screen, description_uk="Перший.\r\n\r\nДругий."))
    assert world.shown(listing_id)["fields"]["description_uk"] == "Перший.\n\nДругий."


def test_the_programme_page_tells_what_of_this_years_admission_the_institution_said_itself(
    world: World,
) -> None:
    caller, listing_id = world.callers["editor of A"], world.published()
    with world.database.write() as session:
        listing = service.find(session, STAFF, listing_id, to_change=True)
        assert listing is not None
        (offer,) = listing.offers
        offer.stamps = {"offer": REGISTER}
        path, price = listing.path, f"offers.{offer.id}.price_uah"
    assert "не підтвердив." in world.callers["anonymous"].get(path).text
    screen = f"/workspace/listings/{listing_id}/admission"
    caller.post(screen, form(caller.get(screen), screen, **{price: "51000"}) | {"seen": ["1"]})
    assert within_a_second(lambda: "підтвердив частково" in world.callers["anonymous"].get(path).text)
    caller.post("/workspace/confirm", {"listing": listing_id})
    assert within_a_second(lambda: "заклад підтвердив сам" in world.callers["anonymous"].get(path).text)
