"""The staff's screens for professions, over HTTP and without a script."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from applicant_portal.accounts import service, sessions
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.models import AuditEntry
from applicant_portal.accounts.passwords import Passwords
from applicant_portal.catalogue.models import Institution, OutboxEntry
from applicant_portal.kit.db import Database
from applicant_portal.workspace import profession_pages, professions
from applicant_portal.workspace.models import ListingChange
from tests.accounts.conftest import PASSWORD, CountingHasher
from tests.pages.test_workspace import Caller, form
from tests.servers import LiveServer

LIST = "/workspace/professions"
EDIT = f"{LIST}/data-analyst"
SOURCE = {
    "basis": "new",
    "source_name": "Опитування роботодавців Харкова",
    "source_url": "https://example.edu/survey",
    "as_of": "20.11.2026",
}


@dataclass
class World:
    """A seeded portal, its staff (two of them) and an owner of an institution."""

    server: LiveServer
    database: Database
    callers: dict[str, Caller] = field(default_factory=dict)

    def state(self) -> tuple[str, ...]:
        """Whatever these pages may change."""
        with self.database.read() as session:
            versions = [professions.version(one) for one in professions.professions(session)]
            counts = [
                session.scalar(select(func.count()).select_from(table))
                for table in (ListingChange, OutboxEntry, AuditEntry)
            ]
        return (*versions, *map(str, counts))

    def save(self, who: str, **typed: str) -> None:
        """Type into the screen, look at the difference, publish it."""
        caller = self.callers[who]
        review = caller.post(EDIT, form(caller.get(EDIT), EDIT) | dict(typed))
        assert review.status_code == 200
        assert caller.post(EDIT, form(review, EDIT)).headers["location"] == f"{EDIT}?done=saved"


@pytest.fixture(scope="module")
def world(server: LiveServer, database: Database) -> World:
    """On each database."""
    made = World(server, database, {"anonymous": Caller(server)})
    cheap, now = Passwords(CountingHasher()), datetime.now(UTC)
    with database.read() as session:
        house = session.scalars(select(Institution.id).order_by(Institution.id).limit(1)).one()
    for who, institution, role in (
        ("staff", None, "staff"),
        ("other staff", None, "staff"),
        ("owner", house, "owner"),
    ):
        email = f"{who.replace(' ', '-')}@example.edu"
        with database.write() as session:
            invited = service.invite(session, email, institution, role, by=COMMAND, now=now)
        assert service.accept(database, cheap, token=invited.token or "", password=PASSWORD, now=now)
        token = sessions.sign_in(database, cheap, email=email, password=PASSWORD, agent="", now=now)
        made.callers[who] = Caller(server, token)
    return made


def routes() -> list[tuple[str, str]]:
    return sorted(
        (method, route.path)
        for route in profession_pages.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    )


@pytest.mark.parametrize("who", ["anonymous", "owner"])
@pytest.mark.parametrize(("method", "path"), routes())
def test_nobody_but_the_staff_reaches_any_of_it(world: World, method: str, path: str, who: str) -> None:
    caller, before = world.callers[who], world.state()
    batch = "b-000000000000"
    sent = {**form(world.callers["staff"].get(EDIT), EDIT), **SOURCE, "seen": "1", "summary_uk": "Чуже"}
    address = path.format(key="data-analyst")
    answer = caller.post(address, sent | {"batch": batch}) if method == "POST" else caller.get(address)
    if who == "anonymous":
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")
    else:
        assert answer.status_code == 404
        assert answer.headers["cache-control"] == "no-store"
    assert world.state() == before


@pytest.mark.parametrize("path", [f"{LIST}/no-such", f"{LIST}/a%00b"])
def test_a_profession_that_is_not_there_is_not_found(world: World, path: str) -> None:
    staff = world.callers["staff"]
    assert staff.get(path).status_code == 404
    assert staff.post(path, {}).status_code == 404
    assert staff.post(f"{path}/undo", {"batch": "b-1"}).status_code == 404
    assert staff.post(f"{EDIT}/undo", {"batch": "b-1\0"}).status_code == 404


def test_the_list_tells_what_each_profession_lacks_and_how_old_its_facts_are(world: World) -> None:
    staff = world.callers["staff"]
    page = staff.get(LIST).text
    assert len(set(re.findall(rf'href="{LIST}/([\w-]+)"', page))) == 17
    assert page.count("Усе заповнено") == 17
    world.save("staff", summary_en="", **SOURCE)
    page = staff.get(LIST).text
    assert page.count("Усе заповнено") == 16
    assert "Коротко англійською" in page
    assert "O*NET 29.3" in page
    assert staff.get(f"/en{LIST}").status_code == 200


def test_the_difference_is_shown_and_nothing_is_live_before_it_was(world: World) -> None:
    staff, before = world.callers["staff"], world.state()
    review = staff.post(EDIT, form(staff.get(EDIT), EDIT, summary_uk="Питає дані") | SOURCE)
    assert review.status_code == 200
    assert "Питає дані" in review.text
    assert "Опитування роботодавців Харкова" in review.text
    assert "було:" in review.text
    assert world.state() == before


def test_a_change_is_at_once_on_the_page_with_its_source_and_in_the_search(world: World) -> None:
    anyone = world.callers["anonymous"]
    public = "/professions/data-analyst"
    anyone.get(public)
    aliases = f"{_field(world, 'aliases')}\nперемірковувачка таблиць"
    world.save("staff", summary_uk="Питає дані про все", aliases=aliases, **SOURCE)
    assert until(lambda: "Питає дані про все" in anyone.get(public).text)
    page = anyone.get(public).text
    assert "Опитування роботодавців Харкова" in page
    assert "O*NET 29.3" in page
    search = "/api/v1/search?q=перемірковувачка"
    # The documents of all that leads there are made anew, on a machine that runs other tests beside this one.
    assert until(lambda: anyone.get(search).json()["total"] > 0)


def test_tasks_and_skills_are_edited_in_their_order(world: World) -> None:
    skills = _field(world, "skills").splitlines()
    turned = "\n".join([skills[1], skills[0], *skills[2:]])
    world.save("staff", skills=turned, **{"tasks.0.uk": "Ставить питання", "basis": "same"})
    assert _field(world, "skills") == turned
    anyone = world.callers["anonymous"]
    assert until(lambda: "Ставить питання" in anyone.get("/professions/data-analyst").text)


def test_without_a_source_nothing_is_saved_and_nothing_typed_is_lost(world: World) -> None:
    staff, before = world.callers["staff"], world.state()
    sent = form(staff.get(EDIT), EDIT, summary_uk="Без джерела", skills="вишивання")
    answer = staff.post(EDIT, sent | {"source_name": "Чутки", "seen": "1"})
    assert answer.status_code == 422
    again = form(answer, EDIT)
    assert (again["summary_uk"], again["skills"]) == (["Без джерела"], ["вишивання"])
    assert again["source_name"] == ["Чутки"]
    for name in ("skills", "basis"):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}-error"' in answer.text
    assert world.state() == before


def test_the_second_of_two_editors_is_shown_both_and_loses_nothing_typed(world: World) -> None:
    staff = world.callers["staff"]
    sent = form(staff.get(EDIT), EDIT, summary_uk="Друге слово") | SOURCE
    world.save("other staff", summary_uk="Перше слово", **SOURCE)
    answer = staff.post(EDIT, sent | {"seen": "1"})
    assert answer.status_code == 409
    assert "Перше слово" in answer.text
    again = form(answer, EDIT)
    assert again["summary_uk"] == ["Друге слово"]
    assert again["source_name"] == [SOURCE["source_name"]]
    review = staff.post(EDIT, again | {"basis": "new"})
    assert staff.post(EDIT, form(review, EDIT)).status_code == 303
    assert _field(world, "summary_uk") == "Друге слово"


def test_the_history_tells_who_changed_what_and_sets_it_back(world: World) -> None:
    staff = world.callers["staff"]
    old = _field(world, "summary_uk")
    world.save("other staff", summary_uk="Помилка", **SOURCE)
    page = staff.get(EDIT)
    assert "команда кластера" in page.text
    batch = re.findall(r'name="batch" value="([\w-]+)"', page.text)[0]
    answer = staff.post(f"{EDIT}/undo", {"batch": batch})
    assert answer.headers["location"] == f"{EDIT}?done=undone"
    assert _field(world, "summary_uk") == old
    assert staff.post(f"{EDIT}/undo", {"batch": batch}).status_code == 404
    with world.database.read() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject == "profession:data-analyst"))
        assert {"profession_changed", "profession_undone"} <= set(acts)


def test_a_screen_sent_back_as_it_came_changes_nothing(world: World) -> None:
    staff, before = world.callers["staff"], world.state()
    answer = staff.post(EDIT, form(staff.get(EDIT), EDIT))
    assert answer.headers["location"] == f"{EDIT}?done=same"
    assert world.state() == before


def test_all_of_it_is_checked_against_a_source_in_one_step(world: World) -> None:
    staff = world.callers["staff"]
    checked: Mapping[str, str] = SOURCE | {"source_name": "O*NET 30.1 Database", "as_of": "11.2026"}
    world.save("staff", **checked)
    assert "O*NET 30.1 Database" in staff.get(LIST).text
    assert "O*NET 30.1 Database" in staff.get(f"{EDIT}?done=saved").text


def until(is_so: Callable[[], bool], seconds: float = 10) -> bool:
    ends = time.monotonic() + seconds
    while not (found := is_so()) and time.monotonic() < ends:
        time.sleep(0.05)
    return found


def _field(world: World, name: str) -> str:
    return form(world.callers["staff"].get(EDIT), EDIT)[name][0]
