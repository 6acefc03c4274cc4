"""Pages of programmes, courses and tracks say what is known, with its year, and that the rest is unknown."""

import json
import re
from typing import Any

import httpx
import pytest


def hit(portal: httpx.Client, **params: str) -> dict[str, Any]:
    found: dict[str, Any] = portal.get("/api/v1/search", params=params).json()["hits"][0]
    return found


@pytest.fixture(scope="module")
def informatics(portal: httpx.Client) -> str:
    return portal.get(hit(portal, q="Інформатика", institution="92")["url"]).text


def test_a_programme_shows_its_offer_with_the_campaigns_year(informatics: str) -> None:
    assert "01.09.2025 – 30.06.2029" in informatics
    assert re.search(r"100</dd>|100 <small>2025</small>", informatics)
    assert "159,79" in informatics
    assert "Це не «прохідний бал» на наступний рік" in informatics


def test_a_programme_shows_subjects_with_weights_and_minimums(informatics: str) -> None:
    table = informatics[informatics.index('id="subj"') : informatics.index('id="year"')]
    assert table.index("Українська мова") < table.index("Математика") < table.index("Історія України")
    assert "0,5" in table
    assert "Мотиваційний лист" not in table


def test_what_no_source_says_is_unknown_and_never_no(informatics: str) -> None:
    place = informatics[informatics.index('id="place"') :]
    assert "невідомо" in place
    assert "немає</span>" not in place


def test_an_unconfirmed_admission_is_said_to_be_unconfirmed(informatics: str) -> None:
    assert "заклад на порталі не підтвердив" in informatics


def test_a_track_shows_who_pays_what_may_stop_you_and_the_first_steps(portal: httpx.Client) -> None:
    page = portal.get(hit(portal, q="ваучер на навчання", kind="track")["url"]).text
    assert "33 280" in page.replace("\xa0", " ")
    assert page.index("Що може завадити") < page.index("З чого почати")
    assert "Підстава:" in page


def test_a_closed_track_says_so_first(portal: httpx.Client) -> None:
    page = portal.get(hit(portal, q="IT Generation", kind="track", status="closed")["url"]).text
    assert page.index("Цей шлях закрито") < page.index("Хто організовує")


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("programme", "EducationalOccupationalProgram"),
        ("course", "Course"),
        ("track", "EducationalOccupationalProgram"),
    ],
)
def test_json_ld_describes_the_page_and_holds_nothing_unknown(
    portal: httpx.Client, kind: str, type_: str
) -> None:
    found = hit(portal, kind=kind)
    page = portal.get(found["url"]).text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    data = json.loads(block.group(1))
    assert data["@type"] == type_
    assert data["name"] == found["title"]
    assert all(value is not None for value in data.values())


def test_every_address_of_the_site_map_is_a_page_in_both_languages(portal: httpx.Client) -> None:
    addresses = re.findall(r"<loc>(.*?)</loc>", portal.get("/sitemap.xml").text)
    assert len(addresses) > 700
    for address in addresses[::9]:
        answer = portal.get(address)
        assert answer.status_code == 200, address
        lang = "en" if "/en" in address else "uk"
        assert f'<html lang="{lang}">' in answer.text
        assert "None" not in answer.text


def test_an_unknown_address_is_a_page_with_a_way_on(portal: httpx.Client) -> None:
    for address in ("/programmes/nothing", "/en/nothing", "/universities/x", "/professions/x"):
        answer = portal.get(address)
        assert answer.status_code == 404
        assert 'role="search"' in answer.text


def test_the_api_tells_a_listing_with_its_stamps(portal: httpx.Client) -> None:
    found = hit(portal, q="Інформатика", institution="92")
    facts = portal.get(f"/api/v1/listings/{found['id']}").json()
    assert facts["offers"][0]["subjects"][0] == {
        "subject": "ukrainian",
        "weight": "0.300",
        "minimum": "100.000",
        "elective": False,
        "test": facts["offers"][0]["subjects"][0]["test"],
    }
    assert facts["stamps"]["record"]["source_name"]
    missing = portal.get("/api/v1/listings/p-nothing")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"


def test_institutions_of_a_region_are_told_by_the_api(portal: httpx.Client) -> None:
    answer = portal.get("/api/v1/institutions", params={"region": "Харківська"}).json()
    assert answer["total"] >= 13
    assert "ХНУРЕ" in {row["short_name"] for row in answer["institutions"]}
