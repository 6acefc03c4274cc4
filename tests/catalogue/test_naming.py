"""Names as keys and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.catalogue import naming, places, routes
from applicant_portal.catalogue.models import Offer


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Алушта", "alushta"),
        ("Згорани", "zghorany"),
        ("Знам’янка", "znamianka"),
        ("Юрій", "yurii"),
        ("Їжакевич", "yizhakevych"),
        ("Щербухи", "shcherbukhy"),
        ("Ґалаґан", "galagan"),
        ("Єнакієве", "yenakiieve"),
        ("Розгон", "rozghon"),
        ("Костянтин", "kostiantyn"),
    ],
)
def test_transliteration_follows_the_national_standard(name: str, latin: str) -> None:
    """Examples of resolution 55 of 27 January 2010."""
    assert naming.transliterate(name) == latin


def test_sorting_follows_the_ukrainian_alphabet() -> None:
    words = ["Ґрунт", "Гра", "Їжак", "Іній", "Йод", "Єнот", "Ель", "Яма", "Аналіз", "Щука", "Шум", "Ьо"]
    ordered = ["Аналіз", "Гра", "Ґрунт", "Ель", "Єнот", "Іній", "Їжак", "Йод", "Шум", "Щука", "Ьо", "Яма"]
    assert sorted(words, key=naming.sort_key) == ordered


@pytest.mark.parametrize(
    "spelling",
    [
        "Комп'ютерні науки",
        "Комп’ютерні  НАУКИ",
        "«Компʼютерні науки»",
        "Кoмп`ютерні нaуки",
        "Комп&#39;ютерні науки",
    ],
)
def test_spellings_of_one_name_are_one_key(spelling: str) -> None:
    assert naming.fold_name(spelling) == "компютерні науки"


@given(st.text())
def test_folding_and_slugs_take_any_text(text: str) -> None:
    folded = naming.fold_name(text)
    assert naming.fold_name(folded) == folded
    assert set(naming.slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 0 < len(naming.slug(text)) <= naming.SLUG_LENGTH + len("x")


@pytest.mark.parametrize("code", ["F3", "f3", "Ф3", " ф3 "])
def test_codes_are_latin_capitals_whatever_the_keyboard(code: str) -> None:
    assert naming.fold_code(code) == "F3"


@pytest.mark.parametrize(
    ("asked", "region"),
    [
        ("Харківська", "Харківська область"),
        ("харківській області", "Харківська область"),
        ("Київ", "м. Київ"),
        ("м. КИЇВ", "м. Київ"),
        ("Київська", "Київська область"),
        ("Мордор", None),
    ],
)
def test_a_region_is_understood_without_its_noun_and_in_any_case(asked: str, region: str | None) -> None:
    assert places.region(asked) == region


@pytest.mark.parametrize(
    ("degree", "offers", "doors"),
    [
        ("bachelor", [], ["interview", "nmt"]),
        ("bachelor", [("open", 40)], ["contract", "interview", "nmt", "quota_1", "quota_2"]),
        ("bachelor", [("contract", 40)], ["contract", "interview", "nmt"]),
        ("bachelor", [("contract", 520)], ["contract", "earlier_degree"]),
        ("master", [], ["earlier_degree"]),
        (None, [("open", 40)], []),
    ],
)
def test_general_rules_open_doors(
    degree: str | None, offers: list[tuple[str, int]], doors: list[str]
) -> None:
    rows = [Offer(year=2025, offer_type=kind, entry_base=base) for kind, base in offers]
    assert sorted(route.route for route in routes.by_rule("p-1", degree, rows)) == doors
