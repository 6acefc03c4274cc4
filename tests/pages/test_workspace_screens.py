"""The workspace's screens over HTTP, without a script: what is worth doing, last year beside the field, ticks
and sentences, copies and new listings of every kind."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from applicant_portal.catalogue.models import Institution, Listing, Skill
from applicant_portal.kit.db import Database
from applicant_portal.workspace import service
from applicant_portal.workspace.policy import By
from tests.pages.test_workspace import CYRILLIC, LONG_AGO, WHOLE, Caller, World, form
from tests.pages.test_workspace import _come as sign_up
from tests.servers import LiveServer
from tests.workspace.made_up import STAFF

# What these screens ask a database is asked of both in tests/workspace.
pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)

_NUMBERS = count(1)
THIS_YEAR = datetime.now(UTC).year
Json = dict[str, Any]


@pytest.fixture(scope="module")
def portal_world(server: LiveServer, database: Database) -> World:
    """A portal with its staff; institutions come test by test."""
    made = World(server, database, 0, 0, {})
    sign_up(made, "staff of screens", None, "staff")
    return made


@pytest.fixture
def house(portal_world: World) -> World:
    """A new institution with an editor and nothing in it yet."""
    number = next(_NUMBERS)
    with portal_world.database.write() as session:
        one = Institution(
            edebo_id=f"7700{number}",
            slug=f"screens-{number}",
            name=f"Заклад екранів {number}",
            folded_name=f"заклад екранів {number}",
            name_key=f"заклад екранів {number}",
            origin="portal",
            stamps={},
        )
        session.add(one)
        session.flush()
        own = one.id
    made = replace(portal_world, own=own, names={own: f"Заклад екранів {number}"})
    who = f"editor of screens {number}"
    sign_up(made, who, own, "editor")
    made.callers["editor"] = made.callers[who]
    return made


def staff(world: World) -> Caller:
    return world.callers["staff of screens"]


def text(answer: httpx.Response) -> str:
    """What a reader reads: no markup, plain spaces."""
    plain = re.sub(r"<[^>]+>", "", answer.text)
    return " ".join(html.unescape(plain).split())


def change(world: World, listing_id: str, wanted: Json) -> None:
    with world.database.write() as session:
        (listing,) = service.find_all(session, STAFF, [listing_id], to_change=True)
        by = By("person:0", frozenset({listing.institution_id or 0}))
        service.change(session, by if listing.institution_id else STAFF, listing, wanted, LONG_AGO)


def with_last_year(world: World, **offer: Any) -> str:
    """A published programme of the house with an offer of last year, and none since."""
    listing_id = world.published()
    values = {"year": THIS_YEAR - 1, "form": "full_time", "entry_base": 40, **offer}
    change(world, listing_id, {"offers": [values]})
    return listing_id


def screen_of(listing_id: str, section: str) -> str:
    return f"/workspace/listings/{listing_id}/{section}"


def save(caller: Caller, path: str, sent: Mapping[str, Any]) -> str:
    """Send the screen, through the difference where it is asked for; what was said of it on the way."""
    answer = caller.post(path, sent)
    said = ""
    if answer.status_code == 200:
        said = text(answer)
        answer = caller.post(path, form(answer, path))
    assert answer.headers["location"] == f"{path}?done=saved"
    return said


# What is worth doing today


def test_the_list_says_what_is_worth_doing_and_leads_there(house: World) -> None:
    caller = house.callers["editor"]
    listing_id = with_last_year(house)
    change(house, listing_id, {"fields": {"price_year": None}})
    draft = house.draft(**{**WHOLE, "official_url": None})
    page = caller.get("/workspace")
    assert re.findall(r'<li><span><a href="([^"]+)">', page.text) == [
        "/workspace?due=offer",
        "/workspace?due=price",
        "/workspace?due=stale",
    ]
    assert f"Заповніть вступ {THIS_YEAR} у 1 програмі" in text(page)
    for due in ("offer", "price", "stale", "draft"):
        narrowed = caller.get(f"/workspace?due={due}")
        assert (house.title(listing_id) in narrowed.text) == (due != "draft")
        assert (house.title(draft) in narrowed.text) == (due == "draft")
    assert "До публікації бракує: Офіційна сторінка" in text(caller.get("/workspace?due=draft"))
    # Each thing is done where its link leads.
    added = screen_of(listing_id, "admission")
    opened = caller.get(re.findall(rf'href="({added}\?add=1)"', page.text)[0])
    save(caller, added, form(opened, added, offers__new1__year=str(THIS_YEAR)))
    money = screen_of(listing_id, "money")
    save(caller, money, form(caller.get(money), money, price_year=str(THIS_YEAR)))
    caller.post("/workspace/confirm", form(caller.get("/workspace?due=stale"), "/workspace/confirm"))
    page = caller.get("/workspace")
    assert re.findall(r'<li><span><a href="([^"]+)">', page.text) == ["/workspace?due=draft"]
    assert f"Завершіть 1 чернетку Найближча до готової — «{house.title(draft)}»: бракує 1 поля." in text(page)


def test_a_row_says_state_what_it_is_and_what_is_due(house: World) -> None:
    caller, listing_id = house.callers["editor"], house.published(languages=["uk"])
    row = text(caller.get("/workspace"))
    assert "на сайті" in row
    assert "Комп’ютерні науки · бакалавр · денна" in row
    assert re.search(r"\d+ з \d+ полів", row)
    assert "Підтвердьте відомості" in row
    caller.post(screen_of(listing_id, "close-now"), {})
    assert "прийом закрито" in text(caller.get("/workspace"))


def test_an_unknown_narrowing_shows_all_and_an_empty_house_says_so(house: World) -> None:
    caller = house.callers["editor"]
    assert "Поки порожньо." in text(caller.get("/workspace?due=nothing"))
    assert "Тут усе зроблено." in text(caller.get("/workspace?due=stale"))
    assert "Варто зробити" not in caller.get("/workspace").text


# What was written last year


def test_last_years_values_stand_beside_those_of_this_year(house: World) -> None:
    caller, listing_id = house.callers["editor"], with_last_year(house, licence_volume=120, price_uah=38000)
    path = screen_of(listing_id, "admission")
    offers = house.shown(listing_id)["offers"]
    change(house, listing_id, {"offers": [*offers, {**offers[0], "id": None, "year": THIS_YEAR}]})
    number = house.shown(listing_id)["offers"][0]["id"]
    change(
        house, listing_id, {"offers": [{"id": number, "licence_volume": None, "price_uah": 50000}, *offers]}
    )
    page = caller.get(path)
    assert f"вступ {THIS_YEAR - 1}, денна, повна загальна середня освіта ({house.names[house.own]})" in text(
        page
    )
    assert f"{THIS_YEAR - 1} 120 Взяти торішнє: Місць за ліцензією" in text(page)
    before = house.state(listing_id)
    sent = form(page, path, **{f"offers.{number}.contract_places": "7"})
    taken = caller.post(path, {**sent, "take": f"offers.{number}.licence_volume"})
    assert taken.status_code == 200
    assert "Узято у форму, ще не збережено." in text(taken)
    assert form(taken, path) == {**sent, f"offers.{number}.licence_volume": ["120"]}
    assert house.state(listing_id) == before
    save(caller, path, form(taken, path))
    offer = house.shown(listing_id)["offers"][0]
    assert (offer["licence_volume"], offer["contract_places"], offer["price_uah"]) == (120, 7, 50000)


def test_a_new_offer_takes_over_last_years_values_but_no_dates_and_nothing_typed(house: World) -> None:
    caller = house.callers["editor"]
    listing_id = with_last_year(
        house, licence_volume=120, price_uah=38000, applications_to=f"{THIS_YEAR - 1}-07-25"
    )
    path = screen_of(listing_id, "admission")
    page = caller.get(f"{path}?add=1")
    assert f"25 липня {THIS_YEAR - 1}" in text(page)
    before = house.state(listing_id)
    sent = form(page, path, offers__new1__licence_volume="90")
    taken = caller.post(path, {**sent, "take": "offers.new1"})
    assert form(taken, path) == {
        **sent,
        "offers.new1.year": [str(THIS_YEAR)],
        "offers.new1.form": ["full_time"],
        "offers.new1.entry_base": ["40"],
        "offers.new1.price_uah": ["38000"],
    }
    assert house.state(listing_id) == before
    save(caller, path, form(taken, path))
    offer = house.shown(listing_id)["offers"][0]
    assert (offer["year"], offer["licence_volume"], offer["applications_to"]) == (THIS_YEAR, 90, None)


def test_a_new_offer_can_be_compared_with_another_of_last_year(house: World) -> None:
    caller, listing_id = house.callers["editor"], with_last_year(house, licence_volume=120)
    offers = house.shown(listing_id)["offers"]
    other = {"year": THIS_YEAR - 1, "form": "part_time", "entry_base": 520, "licence_volume": 15}
    change(house, listing_id, {"offers": [*offers, other]})
    path = screen_of(listing_id, "admission")
    page = caller.get(f"{path}?add=1")
    (link,) = re.findall(r'href="([^"]+like=\d+)"', page.text)
    chosen = caller.get(html.unescape(link))
    taken = caller.post(path, {**form(chosen, path), "take": "offers.new1"})
    assert form(taken, path)["offers.new1.licence_volume"] == ["15"]
    assert form(taken, path)["offers.new1.form"] == ["part_time"]
    for like in ("0", "x", "9" * 40, "-1"):
        assert form(caller.get(f"{path}?add=1&like={like}"), path)["offers.new1.year"] == [""]


def test_a_changed_field_can_be_put_back_into_the_form(house: World) -> None:
    caller, listing_id = house.callers["editor"], house.published()
    path = screen_of(listing_id, "money")
    save(caller, path, form(caller.get(path), path, price_uah="51000"))
    page = caller.get(path)
    assert re.search(rf"До \d+ \w+ \d+, {house.names[house.own]} 40 000 грн", text(page))
    before = house.state(listing_id)
    put_back = caller.post(path, {**form(page, path, price_year="2027"), "take": "price_uah"})
    assert form(put_back, path, price_year="2027")["price_uah"] == ["40000"]
    assert house.state(listing_id) == before
    for take in ("", "nothing", "price_year", "offers.new1", "\0"):
        answer = caller.post(path, {**form(page, path), "take": take})
        assert answer.status_code in (200, 303)
        assert house.state(listing_id) == before


def test_enter_in_a_field_saves_and_takes_nothing_over(house: World) -> None:
    """A browser presses the first button of a form."""
    caller, listing_id = house.callers["editor"], with_last_year(house, licence_volume=120)
    path = screen_of(listing_id, "admission")
    for page in (caller.get(path), caller.get(f"{path}?add=1")):
        own = page.text.split(f'action="{path}"')[1]
        (first,) = re.findall(r"<button[^>]*>", own)[:1]
        assert "take" not in first


# Skills and professions


def test_skills_are_ticked_and_keep_their_order(house: World) -> None:
    caller, listing_id = house.callers["editor"], house.published()
    change(house, listing_id, {"skills": ["testing", "python", "linux"]})
    path = screen_of(listing_id, "skills")
    page = caller.get(path)
    sent = form(page, path)
    assert sorted(sent["skills"]) == ["linux", "python", "testing"]
    for heading in ("Програмування", "Системи й мережі"):
        assert f'role="group" aria-label="{heading}"' in page.text
    sent["skills"] = ["networks", "testing", "linux", "git"]
    said = save(caller, path, sent)
    assert "Тестування програм, Linux, Git і спільна робота з кодом, Комп’ютерні мережі" in said
    assert "було: Тестування програм, Python, Linux" in said
    assert house.shown(listing_id)["skills"] == ["testing", "linux", "git", "networks"]
    past = text(caller.get(screen_of(listing_id, "history")))
    assert "Тестування програм, Linux, Git і спільна робота з кодом, Комп’ютерні мережі" in past
    english = text(caller.get(f"/en{screen_of(listing_id, 'history')}"))
    assert "Software testing, Linux, Git" in english
    # And the way back, as of any field.
    back = caller.post(path, {**form(caller.get(path), path), "take": "skills"})
    assert sorted(form(back, path)["skills"]) == ["linux", "python", "testing"]
    sent = form(caller.get(path), path)
    del sent["skills"]
    save(caller, path, sent)
    assert house.shown(listing_id)["skills"] == []


def test_every_skill_there_is_can_be_ticked(house: World) -> None:
    caller, listing_id = house.callers["editor"], house.draft()
    with house.database.write() as session:
        if session.get(Skill, "weaving") is None:
            session.add(Skill(key="weaving", name_uk="Ткацтво", name_en="Weaving", aliases=[]))
        session.flush()
        keys = sorted(session.scalars(select(Skill.key)))
    page = caller.get(screen_of(listing_id, "skills")).text
    assert sorted(re.findall(r'name="skills" value="([^"]+)"', page)) == keys
    assert 'role="group" aria-label="Інші"' in page


def test_professions_of_the_speciality_are_shown_and_not_offered(house: World) -> None:
    caller, listing_id = house.callers["editor"], house.draft(**WHOLE)
    path = screen_of(listing_id, "skills")
    follow = house.shown(listing_id)["professions"]
    assert follow
    page = caller.get(path)
    assert "Випливають зі спеціальності" in text(page)
    offered = re.findall(r'name="professions" value="([^"]+)"', page.text)
    assert not set(offered) & set(follow)
    assert "professions" not in form(page, path)
    save(caller, path, form(page, path) | {"professions": offered[:2]})
    assert house.shown(listing_id)["professions"] == sorted([*follow, *offered[:2]])
    sent = form(caller.get(path), path)
    assert sorted(sent.pop("professions")) == sorted(offered[:2])
    save(caller, path, sent)
    assert house.shown(listing_id)["professions"] == follow


def test_a_skill_that_there_is_not_is_refused_at_the_field(house: World) -> None:
    caller, listing_id = house.callers["editor"], house.draft()
    path = screen_of(listing_id, "skills")
    before = house.state(listing_id)
    sent = form(caller.get(path), path)
    for bad in ("nothing", "<b>", "x" * 60):
        answer = caller.post(path, {**sent, "skills": ["python", bad]})
        assert answer.status_code == 422
        assert 'id="skills-error"' in answer.text
        assert form(answer, path)["skills"] == ["python"]
        assert house.state(listing_id) == before
    many = caller.post(path, {**sent, "professions": [f"p{number}" for number in range(50)]})
    assert many.status_code == 422
    assert 'id="professions-error"' in many.text
    # An invisible character is no skill.
    save(caller, path, {**sent, "skills": ["python", "\0"]})
    assert house.shown(listing_id)["skills"] == ["python"]


# Sentences


@pytest.fixture
def track(portal_world: World) -> str:
    wanted = {
        "fields": {
            "title": f"Шлях для перевірки {next(_NUMBERS)}",
            "organiser_uk": "Кластер",
            "eligibility": [
                {"uk": "учасники бойових дій", "en": "combatants", "audience": "combatant"},
                {"uk": "люди з дипломом", "education": ["bachelor", "master"]},
            ],
        }
    }
    with portal_world.database.write() as session:
        made = service.make(session, STAFF, None, "track", wanted, LONG_AGO)
        assert made is not None
        return made.id


def rows(world: World, listing_id: str) -> list[Json]:
    found: list[Json] = world.shown(listing_id)["fields"]["eligibility"]
    return found


def test_sentences_are_mended_added_and_taken_away_and_keep_what_else_they_say(
    portal_world: World, track: str
) -> None:
    caller, path = staff(portal_world), screen_of(track, "admission")
    sent = form(caller.get(path), path)
    sent["eligibility.0.uk"] = ["учасники <бойових> дій\r\nі їхні діти"]
    sent["eligibility.1.en"] = ["people with a degree"]
    sent["eligibility.3.uk"] = ["ще хтось"]
    save(caller, path, sent)
    assert rows(portal_world, track) == [
        {"uk": "учасники <бойових> дій і їхні діти", "en": "combatants", "audience": "combatant"},
        {"uk": "люди з дипломом", "en": "people with a degree", "education": ["bachelor", "master"]},
        {"uk": "ще хтось"},
    ]
    sent = form(caller.get(path), path)
    sent["eligibility.0.uk"] = sent["eligibility.0.en"] = [" "]
    save(caller, path, sent)
    assert [row["uk"] for row in rows(portal_world, track)] == ["люди з дипломом", "ще хтось"]
    past = text(caller.get(screen_of(track, "history")))
    assert "люди з дипломом / people with a degree ще хтось" in past


def test_a_row_without_ukrainian_comes_back_as_typed(portal_world: World, track: str) -> None:
    caller, path = staff(portal_world), screen_of(track, "admission")
    before = rows(portal_world, track)
    sent = form(caller.get(path), path)
    sent["eligibility.2.en"] = ["only English"]
    answer = caller.post(path, sent)
    assert answer.status_code == 422
    assert 'id="eligibility-error"' in answer.text
    again = form(answer, path)
    assert again["eligibility.2.en"] == ["only English"]
    assert again["eligibility.0.beside"] == sent["eligibility.0.beside"]
    assert rows(portal_world, track) == before


@pytest.mark.parametrize(
    "beside",
    [
        "[",
        "[" * 50_000,
        '{"uk": "інше"}',
        '{"evil": "1"}',
        '{"audience": {"a": 1}}',
        '{"audience": "\\u0000"}',
        "7",
    ],
    ids=range(7),
)
def test_what_a_row_carries_unseen_is_checked_as_all_else(
    portal_world: World, track: str, beside: str
) -> None:
    caller, path = staff(portal_world), screen_of(track, "admission")
    sent = form(caller.get(path), path)
    sent["eligibility.0.beside"] = [beside]
    assert caller.post(path, sent).status_code in (303, 413, 422)
    assert rows(portal_world, track)[0]["uk"] == "учасники бойових дій"
    assert set(rows(portal_world, track)[0]) <= {"uk", "en", "audience"}


# Copies


def test_a_copy_is_a_new_draft_without_offers_and_prices(house: World) -> None:
    caller, listing_id = house.callers["editor"], house.published(faculty="Факультет копій")
    change(house, listing_id, {"skills": ["testing", "python"]})
    path = screen_of(listing_id, "copy")
    assert f'href="{path}"' in caller.get(screen_of(listing_id, "about")).text
    opened = caller.get(path)
    sent = form(opened, path)
    assert sent == {"title": [house.title(listing_id)], "degree": ["bachelor"], "speciality": ["F3"]}
    assert "Вступ за роками, ціни, дати й назва англійською не переходять" in text(opened)
    before = house.state(listing_id)
    refused = caller.post(path, sent)
    assert refused.status_code == 422
    assert 'id="title-error"' in refused.text
    wrong = caller.post(path, {**sent, "title": "Нова <назва>", "speciality": "Я9"})
    assert wrong.status_code == 422
    assert form(wrong, path) == {"title": ["Нова <назва>"], "degree": ["bachelor"], "speciality": ["Я9"]}
    assert 'id="speciality-error"' in wrong.text
    assert house.state(listing_id) == before
    made = caller.post(path, {**sent, "degree": "master"})
    assert made.status_code == 303
    copied = house.shown(made.headers["location"].split("/")[3])
    assert made.headers["location"] == screen_of(copied["id"], "about?done=copied")
    assert copied["visibility"] == "draft"
    assert (copied["fields"]["faculty"], copied["fields"]["degree"]) == ("Факультет копій", "master")
    assert (copied["offers"], copied["fields"]["price_uah"]) == ([], None)
    assert copied["skills"] == ["testing", "python"]
    assert "Копію створено." in text(caller.get(made.headers["location"]))


def test_a_listing_of_another_is_nothing_to_copy(house: World, portal_world: World, track: str) -> None:
    caller = house.callers["editor"]
    with house.database.read() as session:
        foreign = session.scalars(
            select(Listing.id).where(Listing.kind == "programme", Listing.institution_id != house.own)
        ).first()
    for listing_id in (foreign, track, "p-nothing", "%00"):
        path = screen_of(str(listing_id), "copy")
        assert caller.get(path).status_code == 404
        assert caller.post(path, {"title": "Чуже"}).status_code == 404


def test_the_staff_copies_a_track(portal_world: World, track: str) -> None:
    caller, path = staff(portal_world), screen_of(track, "copy")
    refused = caller.post(path, form(caller.get(path), path))
    assert refused.status_code == 422
    assert "Такий шлях уже є" in refused.text
    made = caller.post(path, {"title": f"Копія шляху {next(_NUMBERS)}"})
    copied = portal_world.shown(made.headers["location"].split("/")[3])
    assert copied["fields"]["eligibility"] == rows(portal_world, track)


# New listings


def test_an_institution_begins_programmes_and_courses_and_no_tracks(house: World) -> None:
    caller = house.callers["editor"]
    page = caller.get("/workspace/new")
    assert re.findall(r'href="/workspace/new\?kind=(\w+)"', page.text) == ["programme", "course"]
    course = caller.get("/workspace/new?kind=course")
    sent = form(course, "/workspace/new", title=f"Курс {next(_NUMBERS)}")
    assert "provider" not in sent
    made = caller.post("/workspace/new", sent)
    listing = house.shown(made.headers["location"].split("/")[3])
    assert (listing["kind"], listing["visibility"]) == ("course", "draft")
    assert listing["institution"]["name"] == house.names[house.own]
    again = caller.post("/workspace/new", sent)
    assert again.status_code == 422
    assert "Такий курс уже є" in again.text
    assert form(again, "/workspace/new") == sent
    for kind in ("track", "nothing", "\0"):
        assert caller.post("/workspace/new", {**sent, "kind": kind, "title": "Інше"}).status_code == 404
    assert caller.get("/workspace/new?kind=track").status_code == 404


def test_the_staff_begins_anything_for_any_institution_or_none(house: World) -> None:
    caller = staff(house)
    page = caller.get("/workspace/new")
    assert re.findall(r'href="/workspace/new\?kind=(\w+)"', page.text) == ["programme", "course", "track"]
    sent = form(page, "/workspace/new", title=f"Програма {next(_NUMBERS)}")
    for code, sentence in (
        ("", "Програма належить закладу освіти"),
        ("999999999", "Закладу з таким кодом немає"),
    ):
        refused = caller.post("/workspace/new", {**sent, "edebo": code})
        assert refused.status_code == 422
        assert 'id="edebo-error"' in refused.text
        assert sentence in refused.text
        assert form(refused, "/workspace/new") == {**sent, "edebo": [code]}
    with house.database.read() as session:
        code = str(session.get_one(Institution, house.own).edebo_id)
    made = caller.post("/workspace/new", {**sent, "edebo": f" {code} "})
    assert house.shown(made.headers["location"].split("/")[3])["institution"]["edebo_id"] == code

    sent = form(caller.get("/workspace/new?kind=course"), "/workspace/new", title=f"Курс {next(_NUMBERS)}")
    refused = caller.post("/workspace/new", sent)
    assert refused.status_code == 422
    assert 'id="provider-error"' in refused.text
    made = caller.post("/workspace/new", {**sent, "provider": "Академія"})
    listing = house.shown(made.headers["location"].split("/")[3])
    assert (listing["institution"], listing["fields"]["provider"]) == (None, "Академія")

    sent = form(
        caller.get("/workspace/new?kind=track"),
        "/workspace/new",
        title=f"Шлях {next(_NUMBERS)}",
        organiser_uk="Кластер",
    )
    made = caller.post("/workspace/new", sent)
    listing = house.shown(made.headers["location"].split("/")[3])
    assert (listing["kind"], listing["fields"]["organiser_uk"]) == ("track", "Кластер")


# Both languages


def test_no_ukrainian_is_left_on_the_english_pages(house: World, track: str) -> None:
    caller, there = house.callers["editor"], staff(house)
    with house.database.write() as session:
        one = session.get_one(Institution, house.own)
        one.name = one.short_name = f"House {one.id}"
    listing_id = with_last_year(house, licence_volume=120)
    change(house, listing_id, {"fields": {"price_year": None, "summary_uk": "About"}, "skills": ["python"]})
    change(house, listing_id, {"skills": ["linux"]})
    house.draft(title="A draft")
    here = f"/en/workspace/listings/{listing_id}"
    sent = form(caller.get(f"{here}/admission?add=1"), f"{here}/admission")
    pages = [
        caller.get("/en/workspace"),
        *(caller.get(f"/en/workspace?due={due}") for due in ("offer", "price", "stale", "draft")),
        caller.get(f"{here}/admission?add=1"),
        caller.post(f"{here}/admission", {**sent, "take": "offers.new1"}),
        caller.get(f"{here}/skills?done=copied"),
        caller.get(f"{here}/copy"),
        caller.post(f"{here}/copy", form(caller.get(f"{here}/copy"), f"{here}/copy")),
        caller.get("/en/workspace/new?kind=course"),
        there.get("/en/workspace/new?kind=track"),
        there.post("/en/workspace/new", {"kind": "course", "title": "A course"}),
        there.post("/en/workspace/new", {"kind": "programme", "title": "A programme"}),
    ]
    for page in pages:
        main = page.text.split("<main")[1].split("</main>")[0]
        assert not CYRILLIC.search(re.sub(r'data-words="[^"]*"', "", main)), page.url
        assert page.headers["cache-control"] == "no-store"
    labels = re.findall(r"<dt>.*?</dt>", caller.get(f"{here}/history").text)
    assert len(labels) > 3
    assert not CYRILLIC.search("".join(labels))
