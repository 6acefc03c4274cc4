"""What an institution says of itself, over HTTP: who reaches it, and what becomes of a form that is sent."""

import re

import pytest
from fastapi.routing import APIRoute

from applicant_portal.workspace import institution_pages
from tests.pages.test_workspace import (
    CYRILLIC,
    INSIDERS,
    NOBODY,
    OUTSIDERS,
    Caller,
    World,
    form,
    within_a_second,
    world,
)

__all__ = ["world"]

HOME = "/workspace/institutions"
OF_A = HOME + "/{number}"
# Statuses for people of A and for others who are signed in.
ROUTES = {
    ("GET", HOME): (303, 303),
    ("GET", OF_A): (200, 404),
    ("POST", OF_A): (409, 404),
    ("POST", OF_A + "/confirm"): (303, 404),
    ("POST", OF_A + "/undo"): (404, 404),
}


def test_every_route_is_in_the_matrix() -> None:
    there = {
        (method, one.path)
        for one in institution_pages.router.routes
        if isinstance(one, APIRoute)
        for method in one.methods or ()
    }
    assert there == set(ROUTES)


@pytest.mark.parametrize("who", [*INSIDERS, *OUTSIDERS, *NOBODY])
@pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
def test_an_institution_is_reached_by_its_people_only(world: World, method: str, path: str, who: str) -> None:
    caller, address = world.callers[who], path.format(number=world.own)
    answer = caller.get(address) if method == "GET" else caller.post(address, {"batch": "b-none"})
    if who in NOBODY:
        assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")
    elif path == HOME and who in ("staff", "removed from A"):
        assert answer.status_code == 200
    else:
        assert answer.status_code == ROUTES[method, path][who not in INSIDERS]


def test_a_change_is_shown_first_then_live_on_the_pages_of_programmes_and_undone(world: World) -> None:
    caller, public = world.callers["editor of A"], Caller(world.server)
    page = world.shown(world.published())["url"]
    address = f"{HOME}/{world.own}"
    sent = form(caller.get(address), address, backup_power__note_uk="Генератор на два корпуси")
    refused = caller.post(address, sent)
    assert refused.status_code == 422
    assert "Спершу скажіть" in refused.text
    assert "Генератор на два корпуси" in refused.text
    review = caller.post(address, {**sent, "backup_power.answer": "yes"})
    assert "Перевірте зміни" in review.text
    assert "Генератор на два корпуси" not in public.get(page).text
    answer = caller.post(address, form(review, address))
    assert answer.headers["location"] == f"{address}?done=saved"
    assert within_a_second(lambda: "Генератор на два корпуси" in public.get(page).text)
    # A second editor who began before is shown both, and keeps what was typed.
    stale = caller.post(address, {**sent, "backup_power.answer": "partly"})
    assert stale.status_code == 409
    assert "Поки ви писали" in stale.text
    batch = re.findall(r'name="batch" value="([^"]+)"', caller.get(address).text)[0]
    answer = caller.post(f"{address}/undo", {"batch": batch})
    assert answer.headers["location"] == f"{address}?done=undone"
    assert within_a_second(lambda: "Генератор на два корпуси" not in public.get(page).text)


def test_what_is_typed_is_text_and_nothing_else(world: World) -> None:
    caller, address = world.callers["editor of A"], f"{HOME}/{world.own}"
    script = "<script>alert(1)</script>"
    sent = form(caller.get(address), address, admission_phone=script)
    review = caller.post(address, sent)
    assert script not in review.text
    assert "&lt;script&gt;" in review.text


def test_the_pages_are_one_persons_and_in_one_language(world: World) -> None:
    address = f"/en{HOME}/{world.own}"
    answer = world.callers["editor of A"].get(address)
    assert answer.headers["cache-control"] == "no-store"
    text = re.sub(r"<textarea.*?</textarea>|<div class=\"was\">.*?</div>", "", answer.text, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text.split("<main")[1].split("</main>")[0].partition('id="history"')[0])
    for name in world.names.values():
        text = text.replace(name, "")
    assert not CYRILLIC.search(text), text


def test_a_number_that_is_none_is_not_found(world: World) -> None:
    for number in ("0", "999999", "99999999999999999999"):
        assert world.callers["staff"].get(f"{HOME}/{number}").status_code == 404
