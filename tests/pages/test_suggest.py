"""Suggestions of the seeded portal over HTTP."""

import re

import httpx
import pytest


def suggestions(portal: httpx.Client, q: str, **params: str | int) -> list[dict[str, str]]:
    answer = portal.get("/api/v1/suggest", params={"q": q, **params})
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"query", "suggestions"}
    found: list[dict[str, str]] = body["suggestions"]
    assert all(set(one) == {"kind", "label", "detail", "url"} for one in found)
    return found


def labels(portal: httpx.Client, q: str, **params: str | int) -> list[str]:
    return [one["label"] for one in suggestions(portal, q, **params)]


@pytest.mark.parametrize(
    "typed", ["хнуре", "ХНУРЕ", "[yeht", "nure", "університет радіоелектр", "Kharkiv National Univ Radio"]
)
def test_an_institution_is_found_by_each_of_its_names(portal: httpx.Client, typed: str) -> None:
    first = suggestions(portal, typed)[0]
    assert (first["kind"], first["label"]) == ("institution", "ХНУРЕ")
    assert "радіоелектроніки" in first["detail"]
    assert portal.get(first["url"]).status_code == 200


def test_a_title_of_many_listings_is_said_once_and_leads_to_the_search_for_it(portal: httpx.Client) -> None:
    found = [one for one in suggestions(portal, "кіберб") if one["label"] == "Кібербезпека"]
    assert len(found) == 1
    assert found[0]["url"].startswith("/search?q=")
    said = re.fullmatch(r"(\d+) програм\w* з такою назвою", found[0]["detail"])
    assert said is not None
    hits = portal.get("/api/v1/search", params={"q": "Кібербезпека", "per_page": 100}).json()["hits"]
    assert sum(hit["title"] == "Кібербезпека" for hit in hits) == int(said.group(1)) > 1


def test_a_title_of_one_listing_leads_to_its_page(portal: httpx.Client) -> None:
    found = suggestions(portal, "ваучер на навч")[0]
    assert found["label"] == "Ваучер на навчання"
    assert found["url"].startswith("/tracks/")
    assert found["detail"].startswith("Шлях для ветеранів · ")
    assert portal.get(found["url"]).status_code == 200


@pytest.mark.parametrize("typed", ["харків", "харк", "xfhrsd", "[fhrsd", "Kharkiv", "у Харкові", "харкв"])
def test_a_city_leads_to_as_many_results_as_it_says(portal: httpx.Client, typed: str) -> None:
    first = suggestions(portal, typed)[0]
    assert (first["kind"], first["label"]) == ("city", "Харків")
    total = portal.get("/api/v1/search", params={"city": "Харків"}).json()["total"]
    assert first["detail"].startswith(f"{total} ")
    assert "у Харкові" in portal.get(first["url"]).text


def test_a_beginning_gives_titles_and_professions(portal: httpx.Client) -> None:
    found = suggestions(portal, "програм")
    assert {"listing", "profession"} <= {one["kind"] for one in found}
    assert found[0]["label"].startswith("Програм")
    profession = next(one for one in found if one["kind"] == "profession")
    assert portal.get(profession["url"]).status_code == 200


def test_a_word_people_use_finds_the_profession(portal: httpx.Client) -> None:
    assert suggestions(portal, "програміст")[0]["url"] == "/professions/software-developer"


def test_apostrophes_of_every_kind_and_none_mean_the_same(portal: httpx.Client) -> None:
    found = [labels(portal, f"комп{sign}ютерні") for sign in ("'", "’", "ʼ", "`", "")]
    assert "Комп’ютерні науки" in found[0]
    assert all(one == found[0] for one in found)


def test_in_english_labels_details_and_addresses_are_english(portal: httpx.Client) -> None:
    city = suggestions(portal, "хар", lang="en")[0]
    assert (city["label"], city["detail"].split()[1]) == ("Kharkiv", "results")
    assert city["url"].startswith("/en/search?city=")
    institution = suggestions(portal, "хнуре", lang="en")[0]
    assert institution["label"] == "Kharkiv National University of Radio Electronics"
    assert institution["detail"] == "ХНУРЕ · Kharkiv"
    assert portal.get(institution["url"]).status_code == 200
    assert suggestions(portal, "software dev", lang="en")[0]["url"] == "/en/professions/software-developer"


@pytest.mark.parametrize("text", ["університет", "програм", "data"])
def test_there_are_never_more_than_asked_for(portal: httpx.Client, text: str) -> None:
    assert len(suggestions(portal, text)) <= 8
    assert len(suggestions(portal, text, limit=1)) == 1
    assert 8 < len(suggestions(portal, text, limit=20)) <= 20 or text == "data"


@pytest.mark.parametrize("limit", ["0", "21", "x"])
def test_an_absurd_limit_is_a_problem_that_names_the_field(portal: httpx.Client, limit: str) -> None:
    answer = portal.get("/api/v1/suggest", params={"q": "хнуре", "limit": limit})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "х",
        " х ",
        "\x00",
        "\x00\x1f\u202e",
        "😀😀",
        "я" * 300,
        "a b " * 100,
        "%",
        "_",
        "'",
        '"><script>',
        "\ufffd",
        "\\",
    ],
)
def test_odd_input_is_answered_with_nothing(portal: httpx.Client, text: str) -> None:
    assert suggestions(portal, text) == []


def test_bytes_that_are_no_text_are_answered_too(portal: httpx.Client) -> None:
    assert portal.get("/api/v1/suggest?q=%ff%fe%ed%a0%80").json()["suggestions"] == []
    assert portal.get("/api/v1/suggest").json() == {"query": "", "suggestions": []}


def test_the_description_of_the_api_has_it(portal: httpx.Client) -> None:
    described = portal.get("/api/openapi.json").json()["paths"]["/api/v1/suggest"]["get"]
    assert {parameter["name"] for parameter in described["parameters"]} == {"q", "lang", "limit"}


def test_every_page_with_a_search_field_has_an_empty_list_in_its_language(portal: httpx.Client) -> None:
    for address, words in (
        ("/", "Підказки"),
        ("/search", "Підказки"),
        ("/en", "Suggestions"),
        ("/en/nothing", "Sug"),
    ):
        page = portal.get(address).text
        assert f'role="listbox" aria-label="{words}' in page
        assert "js/suggest.js" in page
        assert 'role="combobox"' not in page


def test_the_script_stays_small(portal: httpx.Client) -> None:
    assert len(portal.get("/static/js/suggest.js").content) < 4096
