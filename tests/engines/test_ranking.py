"""What comes first."""

from search.engine import Engine
from search.schema import CLOSED, RUNNING, UNVERIFIED, Document
from tests.engines.conftest import ask, filled, ids


def doc(name: str, title: str = "Навчання", **more: object) -> Document:
    return Document(id=name, kind="course", title=title, title_key=title.lower(), **more)  # type: ignore[arg-type]


def test_an_exact_title_comes_first(engine: Engine) -> None:
    filled(
        engine,
        [
            doc("long", "Комп’ютерні науки та штучний інтелект", rank=RUNNING, freshness=20500),
            doc("exact", "Комп’ютерні науки", rank=UNVERIFIED),
            doc("english", "Інформатика", title_en="Computer Science", rank=UNVERIFIED),
            doc("english-long", "Інше", title_en="Computer Science and AI", rank=RUNNING),
        ],
    )
    assert ids(ask(engine, "комп'ютерні науки"))[0] == "exact"
    assert ids(ask(engine, "computer science"))[0] == "english"


def test_title_over_names_and_skills_over_summary_over_description(engine: Engine) -> None:
    filled(
        engine,
        [
            doc("description", description="тестування програм", rank=RUNNING, freshness=20500),
            doc("summary", summary="тестування програм", rank=RUNNING),
            doc("skills", skills=("тестування",)),
            doc("title", "Про тестування"),
        ],
    )
    assert ids(ask(engine, "тестування")) == ["title", "skills", "summary", "description"]


def test_that_order_does_not_depend_on_how_common_a_word_is(engine: Engine) -> None:
    many = [doc(f"t{n}", f"Про тестування {n}") for n in range(60)]
    filled(engine, [*many, doc("rare", description="тестування", rank=RUNNING, freshness=20500)])
    assert ids(ask(engine, "тестування"))[-1] == "rare"


def test_the_word_as_typed_over_another_form_of_it(engine: Engine) -> None:
    filled(engine, [doc("form", "Курс кібербезпеки", rank=RUNNING), doc("exact", "Курс кібербезпека")])
    assert ids(ask(engine, "кібербезпека")) == ["exact", "form"]
    assert ids(ask(engine, "кібербезпеки")) == ["form", "exact"]


def test_a_known_word_is_not_read_as_a_near_one(engine: Engine) -> None:
    filled(engine, [doc("near", "Мережа"), doc("exact", "Межа")])
    assert ids(ask(engine, "межа")) == ["exact"]


def test_among_equal_matches_a_running_one_comes_first_then_a_fresher_one(engine: Engine) -> None:
    filled(
        engine,
        [
            doc("unverified", "Дані", rank=UNVERIFIED, freshness=20500),
            doc("running-old", "Дані", rank=RUNNING, freshness=100),
            doc("running-fresh", "Дані", rank=RUNNING, freshness=20500),
        ],
    )
    assert ids(ask(engine, "дані")) == ["running-fresh", "running-old", "unverified"]


def test_closed_ones_come_last_even_where_they_match_better(engine: Engine) -> None:
    filled(
        engine,
        [
            doc("closed", "Про тестування", rank=CLOSED, freshness=20500),
            doc("open", "Навчання", description="тестуванню присвячено", rank=UNVERIFIED),
        ],
    )
    assert ids(ask(engine, "тестування")) == ["open", "closed"]


def test_a_closed_one_is_still_found_first_by_its_exact_title(engine: Engine) -> None:
    filled(engine, [doc("closed", "Мова Java", rank=CLOSED), doc("open", "Мова Java і Spring", rank=RUNNING)])
    assert ids(ask(engine, "мова java")) == ["closed", "open"]
