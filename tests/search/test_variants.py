"""Fresh cases for measuring: what each kind of typing does to a text, and what the judged cases hold."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search.inflections import in_case
from search.keyboards import EN, EN_TO_UK, RU, UK, UK_NEIGHBOURS, UK_TO_EN
from search.romanise import romanised
from search.schema import Document
from search.text import fold
from search.variants import GROUPS, cases, inflect, mistype, shorten, swap_layout, transliterate

CHANCE = st.integers(0, 10_000).map(Random)
UKRAINIAN = st.text("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", min_size=1, max_size=12)
TITLES = ("Кібербезпека", "Комп’ютерні науки", "Інженерія програмного забезпечення", "Штучний інтелект",
          "Системний аналіз", "Data Science", "Веброзробка", "Прикладна математика")  # fmt: skip


def documents(*titles: str) -> list[Document]:
    return [
        Document(str(place), "programme", title, title.lower(), facets={"institution": (str(100 + place),)})
        for place, title in enumerate(titles)
    ]


@pytest.mark.parametrize("layout", [UK, RU])
def test_every_layout_has_as_many_keys_in_a_row_and_no_sign_twice(layout: tuple[str, ...]) -> None:
    assert [len(row) for row in layout] == [len(row) for row in EN]
    assert len(set("".join(layout))) == len("".join(layout))


@pytest.mark.parametrize(
    ("meant", "typed"),
    [
        ("кібербезпека", "rs,th,tpgtrf"),
        ("комп’ютерні науки", "rjvg`.nthys yferb"),
        ("кибербезопасность", "rb,th,tpjgfcyjcnm"),
        ("объекты", "j,]trns"),
        ("python", "знерщт"),
        ("C#", "С№"),
    ],
)
def test_text_typed_with_the_other_layout_on(meant: str, typed: str) -> None:
    assert swap_layout(meant) == typed


def test_latin_text_can_be_typed_with_the_russian_layout_on() -> None:
    assert swap_layout("dsa", "ru") == "выф"
    assert swap_layout("dsa") == "віф"


@given(UKRAINIAN)
def test_the_other_layout_twice_gives_the_text_back(text: str) -> None:
    assert text.translate(UK_TO_EN).translate(EN_TO_UK) == text


def test_neighbours_are_mutual() -> None:
    assert all(letter in UK_NEIGHBOURS[near] for letter, nears in UK_NEIGHBOURS.items() for near in nears)
    assert set(UK_NEIGHBOURS["п"]) == set("аренми")


@pytest.mark.parametrize(
    ("ukrainian", "latin"),
    [
        ("Алушта Борщагівка Вінниця", "Alushta Borshchahivka Vinnytsia"),
        ("Гадяч Згурський Галаґан Ґорґани", "Hadiach Zghurskyi Halagan Gorgany"),
        ("Єнакієве Гаєвич Короп’є", "Yenakiieve Haievych Koropie"),
        ("Їжакевич Кадиївка Мар'їне", "Yizhakevych Kadyivka Marine"),
        ("Йосипівка Стрий Олексій", "Yosypivka Stryi Oleksii"),
        ("Юрій Корюківка Яготин Ярошенко Костянтин", "Yurii Koriukivka Yahotyn Yaroshenko Kostiantyn"),
        ("Знам’янка Феодосія Щербухи", "Znamianka Feodosiia Shcherbukhy"),
        ("розгін, ХПІ, 121 Data", "rozghin, KhPI, 121 Data"),
    ],
)
def test_the_national_standard_as_in_the_resolution(ukrainian: str, latin: str) -> None:
    assert romanised(ukrainian) == latin
    assert transliterate(ukrainian, "national", Random(0)) == latin


@given(UKRAINIAN, CHANCE, st.sampled_from(["national", "informal"]))
def test_no_cyrillic_letter_is_left(text: str, chance: Random, style: str) -> None:
    latin = transliterate(text, "informal" if style == "informal" else "national", chance)
    assert latin.replace("'", "").isascii()


def test_informal_ways_are_many_and_steady_within_a_text() -> None:
    ways = {transliterate("харків харків", "informal", Random(seed)) for seed in range(200)}
    assert {"harkiv harkiv", "kharkiv kharkiv", "xarkiv xarkiv"} <= ways
    assert all(way.split()[0] == way.split()[1] for way in ways)
    assert "4istiy" in {transliterate("чистий", "informal", Random(seed)) for seed in range(400)}


@given(st.sampled_from(TITLES), CHANCE)
def test_a_slip_changes_a_letter_or_two(title: str, chance: Random) -> None:
    wrong = mistype(title, chance)
    assert 0 < OSA.distance(title, wrong) <= 3
    assert [word[0] for word in wrong.split()] == [word[0] for word in title.split()]


def test_short_words_are_typed_without_a_slip() -> None:
    assert mistype("C++ і SQL", Random(1)) == "C++ і SQL"


@pytest.mark.parametrize(
    ("title", "case", "changed"),
    [
        ("Штучний інтелект", "genitive", "штучного інтелекту"),
        ("Кібербезпека", "locative", "кібербезпеці"),
        ("Комп’ютерні науки", "genitive", "комп’ютерних наук"),
        ("Комп’ютерні науки", "instrumental", "комп’ютерними науками"),
        ("Інженерія програмного забезпечення", "instrumental", "інженерією програмного забезпечення"),
        ("Інформаційні системи та технології", "dative", "інформаційним системам та технологіям"),
        ("Data Science", "genitive", "Data Science"),
    ],
)
def test_the_head_of_a_title_changes_its_case(title: str, case: str, changed: str) -> None:
    assert in_case(title, case) == changed


@given(st.sampled_from(TITLES), CHANCE)
def test_another_case_keeps_the_number_of_words(title: str, chance: Random) -> None:
    assert len(inflect(title, chance).split()) == len(title.split())


@given(st.sampled_from(TITLES), CHANCE)
def test_a_beginning_keeps_three_letters_of_the_last_word(title: str, chance: Random) -> None:
    begun = shorten(title, chance)
    assert title.startswith(begun)
    assert begun != title
    assert len(begun.split()) == len(title.split())
    assert len(begun.split()[-1]) >= 3


@given(st.text(max_size=40), CHANCE)
def test_any_text_can_be_given(text: str, chance: Random) -> None:
    for make in (mistype, shorten, inflect):
        assert isinstance(make(text, chance), str)
    assert isinstance(swap_layout(text), str)
    assert isinstance(transliterate(text, "informal", chance), str)


def test_cases_come_evenly_from_every_group_and_again_with_the_same_seed() -> None:
    made = cases(documents(*TITLES), 60, 7)
    assert [sum(case["group"] == group for case in made) for group in GROUPS] == [10] * 6
    assert made == cases(documents(*TITLES), 60, 7)
    assert made != cases(documents(*TITLES), 60, 8)


def test_a_case_asks_otherwise_and_knows_every_document_of_the_title() -> None:
    catalogue = documents("Кібербезпека", "кібербезпека", "Системний аналіз")
    for case in cases(catalogue, 30, 3):
        titles = {answer["title"] for answer in case["relevant"]}
        assert titles in ({"Кібербезпека", "кібербезпека"}, {"Системний аналіз"})
        assert (fold(case["query"]) in {fold(title) for title in titles}) == (case["group"] == "exact")
        assert all(answer["edebo_id"] in {"100", "101", "102"} for answer in case["relevant"])


def test_a_beginning_is_answered_by_every_title_that_begins_so() -> None:
    catalogue = documents("Комп’ютерні науки", "Комп’ютерні науки та технології")
    made = [case for case in cases(catalogue, 60, 1) if case["query"].lower() == "комп’ютерні нау"]
    assert made
    assert all(len(case["relevant"]) == 2 for case in made)


def test_groups_that_a_catalogue_cannot_give_are_left_out() -> None:
    made = cases(documents("Data Science"), 12, 1)
    assert {case["group"] for case in made} == set(GROUPS) - {"inflected", "transliteration"}
    assert cases([], 5, 1) == []
