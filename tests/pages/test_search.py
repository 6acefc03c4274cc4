"""The search page and its JSON: what an applicant types, and what is found."""

import re

import httpx
import pytest


def titles(portal: httpx.Client, **params: str | list[str]) -> list[str]:
    answer = portal.get("/api/v1/search", params=params)
    assert answer.status_code == 200
    return [hit["title"] for hit in answer.json()["hits"]]


def test_a_subject_finds_the_programmes_that_carry_its_name(portal: httpx.Client) -> None:
    found = titles(portal, q="кібербезпека")
    assert len(found) == 20
    assert all("ібербезпек" in title for title in found[:6])


def test_a_title_and_a_city_find_that_programme_in_that_city(portal: httpx.Client) -> None:
    answer = portal.get(
        "/api/v1/search", params={"q": "інженерія програмного забезпечення", "city": "Харків"}
    ).json()
    assert answer["total"] >= 3
    assert {hit["city"] for hit in answer["hits"]} == {"Харків"}
    assert answer["hits"][0]["title"] == "Інженерія програмного забезпечення"
    assert answer["hits"][0]["speciality"] == {
        "code": "F2",
        "old_code": "121",
        "name": "Інженерія програмного забезпечення",
    }


@pytest.mark.parametrize(
    "typed",
    ["кибербезпека", "кібербезпеки", "кібербезпекa", "КІБЕРБЕЗПЕКА", "кібербезпе"],
)
def test_slips_forms_and_beginnings_find_the_same_subject(portal: httpx.Client, typed: str) -> None:
    assert any("Кібербезпека" in title for title in titles(portal, q=typed)[:3])


def test_the_page_says_how_it_read_a_slip_and_offers_the_word_as_typed(portal: httpx.Client) -> None:
    page = portal.get("/search", params={"q": "кибербезпека"}).text
    assert "Показуємо результати для «кібербезпека»" in page
    assert "exact=1" in page


def test_old_and_new_codes_and_both_keyboards_mean_one_speciality(portal: httpx.Client) -> None:
    totals = {
        portal.get("/api/v1/search", params={"speciality": code}).json()["total"]
        for code in ("F3", "f3", "Ф3", "122")
    }
    assert len(totals) == 1
    assert totals.pop() > 20


def test_a_city_in_english_and_a_region_without_its_noun_are_understood(portal: httpx.Client) -> None:
    def total(**params: str) -> int:
        return int(portal.get("/api/v1/search", params=params).json()["total"])

    assert total(city="Kharkiv") == total(city="харків") == total(city="Харків") > 0
    assert total(region="Харківська") == total(region="Харківська область") > 0


def test_a_facets_own_values_stay_to_be_chosen(portal: httpx.Client) -> None:
    free = portal.get("/api/v1/search", params={"kind": "programme"}).json()["facets"]
    chosen = portal.get("/api/v1/search", params={"kind": "programme", "city": "Харків"}).json()["facets"]
    assert chosen["city"] == free["city"]
    assert set(chosen["institution"]) < set(free["institution"])


def test_repeated_values_of_a_filter_mean_any_of_them(portal: httpx.Client) -> None:
    def total(cities: list[str]) -> int:
        return int(portal.get("/api/v1/search", params={"city": cities}).json()["total"])

    assert total(["Харків", "Львів"]) == total(["Харків"]) + total(["Львів"])


def test_pages_of_an_answer_hold_every_listing_once(portal: httpx.Client) -> None:
    seen: list[str] = []
    page = 1
    while True:
        answer = portal.get("/api/v1/search", params={"page": page, "per_page": 100}).json()
        seen += [hit["id"] for hit in answer["hits"]]
        if len(seen) >= answer["total"] or not answer["hits"]:
            break
        page += 1
    assert len(seen) == len(set(seen)) == answer["total"]


def test_every_way_out_of_an_empty_answer_gives_as_many_as_it_promises(portal: httpx.Client) -> None:
    answer = portal.get("/api/v1/search", params={"q": "ветеранам", "kind": "course", "city": "Ялта"}).json()
    assert answer["total"] == 0
    relaxations = answer["rescue"]["relaxations"]
    assert relaxations
    for way in relaxations:
        page = portal.get(way["url"]).text
        heading = re.search(r'<h1 id="found"[^>]*>([^<]+)<', page)
        assert heading is not None
        assert heading.group(1).split()[0].replace("\xa0", " ").split()[0] == str(way["total"])
    assert answer["rescue"]["nearest"]


def test_an_empty_page_is_never_a_bare_nothing(portal: httpx.Client) -> None:
    page = portal.get("/search", params={"q": "щщщщщщщ"}).text
    assert "Поки немає нічого за запитом" in page
    assert "Усі програми, курси й шляхи" in page


def test_while_typing_only_the_results_come(portal: httpx.Client) -> None:
    part = portal.get("/search", params={"q": "python", "sort": ""}, headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith("<section")
    assert "<html" not in part.text
    assert part.headers["hx-replace-url"] == "/search?q=python"
    assert "HX-Request" in part.headers["vary"]


def test_a_search_page_stays_light(portal: httpx.Client) -> None:
    for address in ("/search", "/en/search", "/search?kind=programme&city=Київ&per_page=20"):
        assert len(portal.get(address).content) < 60 * 1024


def test_the_highlight_is_escaped_and_marks_what_was_found(portal: httpx.Client) -> None:
    hit = portal.get("/api/v1/search", params={"q": "програмування"}).json()["hits"][0]
    assert "<mark>" in hit["highlight"]
    assert re.sub(r"</?mark>", "", hit["highlight"]).count("<") == 0


def test_numbers_out_of_bounds_are_a_problem_that_names_the_field(portal: httpx.Client) -> None:
    answer = portal.get("/api/v1/search", params={"per_page": "1000"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "per_page"


def test_filters_are_read_out_of_words_and_can_be_taken_away(portal: httpx.Client) -> None:
    answer = portal.get("/api/v1/search", params={"q": "де вивчати кібербезпеку в Харкові"}).json()
    assert answer["understood"]["filters"] == {"city": ["Харків"]}
    assert (
        answer["total"]
        == portal.get("/api/v1/search", params={"q": "кібербезпеку", "city": "Харків"}).json()["total"]
    )
    page = portal.get("/search", params={"q": "кібербезпека в Харкові"}).text
    assert "Зі слів запиту зробили фільтри: Харків." in page
    as_it_is = portal.get("/api/v1/search", params={"q": "кібербезпека в Харкові", "exact": "1"}).json()
    assert as_it_is["understood"]["filters"] == {}


def test_a_filter_chosen_by_hand_wins_over_one_in_the_words(portal: httpx.Client) -> None:
    answer = portal.get("/api/v1/search", params={"q": "кібербезпека Харків", "city": "Львів"}).json()
    assert "city" not in answer["understood"]["filters"]


def test_a_whole_title_is_the_listing_and_no_question(portal: httpx.Client) -> None:
    title = "Магістратура без ЄВІ для учасників бойових дій"
    answer = portal.get("/api/v1/search", params={"q": title}).json()
    assert answer["hits"][0]["title"] == title
    assert answer["understood"]["filters"] == {}


def test_a_word_nobody_knows_is_left_out_and_named(portal: httpx.Client) -> None:
    answer = portal.get("/api/v1/search", params={"q": "кібербезпека щщщщщщщ"}).json()
    assert answer["total"] == portal.get("/api/v1/search", params={"q": "кібербезпека"}).json()["total"]
    assert answer["understood"]["left_out"] == ["щщщщщщщ"]
    page = portal.get("/search", params={"q": "кібербезпека щщщщщщщ"}).text
    assert "Показуємо без нього." in page


def test_beside_a_few_results_stand_listings_with_some_of_the_words(portal: httpx.Client) -> None:
    query = {"q": "обчислювальний інтелект смарт"}
    answer = portal.get("/api/v1/search", params=query).json()
    assert 0 < answer["total"] < 5
    beside = [hit["id"] for hit in answer["beside"]]
    assert 0 < len(set(beside)) == len(beside) <= 6
    assert not set(beside) & {hit["id"] for hit in answer["hits"]}
    page = portal.get("/search", params=query).text
    assert "Близьке до запиту" in page
    for number in beside:
        assert page.count(f'<h3 id="title-{number}"') == 1
    for more in ({"exact": "1"}, {"page": "2"}, {"q": "кібербезпека"}, {"q": "щщщщщщщ"}):
        assert portal.get("/api/v1/search", params={**query, **more}).json()["beside"] == []


def test_beside_a_narrow_thing_stands_what_it_is_part_of(portal: httpx.Client) -> None:
    answer = portal.get("/api/v1/search", params={"q": "комп’ютерний зір"}).json()
    assert 0 < answer["total"] < 5
    assert any("тучний інтелект" in hit["title"] for hit in answer["beside"])


def test_a_question_whose_filter_leaves_nothing_is_asked_without_it(portal: httpx.Client) -> None:
    answer = portal.get(
        "/api/v1/search", params={"q": "чи оплатить держава контракт дитині військового"}
    ).json()
    assert answer["total"]
    assert answer["understood"]["left_out"]


@pytest.mark.parametrize(
    "text",
    [
        "кибербезопасность",
        "rs,th,tpgtrf",
        "kiberbezpeka",
        "cybersecurity",
        "кібербезпеки",
        "кібербезпка",
        "Ф5",
    ],
)
def test_what_was_typed_any_way_finds_cyber_security(portal: httpx.Client, text: str) -> None:
    titles = [hit["title"] for hit in portal.get("/api/v1/search", params={"q": text}).json()["hits"][:3]]
    assert any("ібербезпек" in title or "ybersecurity" in title for title in titles)
