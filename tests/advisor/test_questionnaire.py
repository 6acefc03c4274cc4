"""Which questions a person is asked, and what may be answered."""

from collections import Counter
from dataclasses import replace

import pytest

from applicant_portal.advisor import questionnaire
from applicant_portal.advisor.candidates import areas
from applicant_portal.advisor.knowledge import AREA_OF_TASK, SAME_FIELD
from applicant_portal.advisor.questionnaire import BadAnswer, Choice, Question
from recommender.filters import RELAXED_FIRST
from recommender.riasec import SCALES
from recommender.scoring import SOFT
from recommender.weights import LIKING, WHO

ASKING = questionnaire.load().with_cities([Choice("Харків", "Харків", "Kharkiv")])
every_question = pytest.mark.parametrize("question", ASKING.questions, ids=lambda one: one.id)


def ids(section: str) -> list[str]:
    return [question.id for question in ASKING.questions if question.section == section]


@every_question
def test_a_question_is_there_in_both_languages(question: Question) -> None:
    for lang in ("uk", "en"):
        texts = [question.text(lang), question.short(lang), question.example(lang) or "…"]
        texts += [choice.text(lang) for choice in question.choices]
        assert all(text and text == text.strip() for text in texts)
    assert question.text("uk") != question.text("en")
    assert question.short("uk") != question.short("en")


@every_question
def test_a_question_has_answers_to_choose_from(question: Question) -> None:
    values = [choice.value for choice in question.choices]
    assert len(values) >= 2
    assert len(values) == len(set(values))
    for lang in ("uk", "en"):
        assert len({choice.text(lang) for choice in question.choices}) == len(values)


@pytest.mark.parametrize("who", [None, *WHO])
def test_nobody_is_asked_more_than_twenty_four_questions_beside_nine_facts(who: str | None) -> None:
    asked = ASKING.sequence({"who": (who,)} if who else {})
    sections = Counter(question.section for question in asked)
    assert sections["fact"] == 9
    assert sum(sections.values()) - sections["fact"] <= 24
    order = [question.section for question in asked]
    assert order == sorted(order, key=("person", "task", "interest", "fact").index)


@pytest.mark.parametrize(
    ("who", "about_the_past"),
    [
        (None, ["background"]),
        ("school_leaver", []),
        ("student", ["background"]),
        ("veteran", ["roles"]),
        ("career", ["background"]),
    ],
)
def test_everybody_is_asked_about_their_own_past(who: str | None, about_the_past: list[str]) -> None:
    asked = [question.id for question in ASKING.sequence({"who": (who,)} if who else {})]
    assert asked == ["who", *about_the_past, *ids("task"), *ids("interest"), *ids("fact")]


def test_an_answer_to_what_is_not_asked_counts_for_nothing() -> None:
    said = {"background": ("teaching",), "roles": ("radar",), "code": ("like",), "who": ("veteran",)}
    assert ASKING.asked(said) == {"who": ("veteran",), "roles": ("radar",), "code": ("like",)}
    assert "roles" not in ASKING.asked({**said, "who": ("career",)})
    assert "roles" not in ASKING.asked({"roles": ("radar",)})
    assert ASKING.asked({"nobody-asks-this": ("yes",)}) == {}


def test_answers_come_in_the_order_of_asking_with_what_follows_from_them() -> None:
    said = {"place": ("online",), "code": ("like",), "who": ("school_leaver",)}
    assert list(ASKING.asked(said)) == ["who", "code", "place", "education"]
    assert ASKING.asked(said)["education"] == ("school_11",)


def test_tasks_and_interests_are_what_the_ranker_knows() -> None:
    assert ids("task") == [question for question in ids("task") if question in AREA_OF_TASK]
    assert set(AREA_OF_TASK) == set(ids("task"))
    assert sorted(AREA_OF_TASK.values()) == sorted(area.key for area in areas())
    for task in ids("task"):
        assert {choice.value for choice in ASKING.by_id[task].choices} == set(LIKING)
    assert {choice.value for choice in ASKING.by_id["who"].choices} == set(WHO)


def test_two_interests_make_a_scale() -> None:
    of = Counter(ASKING.by_id[one].scale for one in ids("interest"))
    assert of == dict.fromkeys(SCALES, 2)
    for one in ids("interest"):
        assert [choice.value for choice in ASKING.by_id[one].choices] == ["5", "4", "3", "2", "1"]


def test_facts_are_what_filters_look_at() -> None:
    assert set(ids("fact")) == set(RELAXED_FIRST) >= set(SOFT)
    for question, fields in SAME_FIELD.items():
        assert fields.keys() <= {choice.value for choice in ASKING.by_id[question].choices}


def test_answers_are_read_as_programs_send_them() -> None:
    read = ASKING.read(
        {"who": "career", "background": ["trades", "teaching", "trades"], "code": ["like"], "r1": []},
        {"place": "Харків", "language": ["en", "uk"]},
    )
    assert read == {
        "who": ("career",),
        "background": ("teaching", "trades"),  # once each, in the order of the questionnaire
        "code": ("like",),
        "place": ("Харків",),
        "language": ("uk", "en"),
    }
    assert ASKING.read({}, {}) == {}


@pytest.mark.parametrize(
    ("answers", "facts", "question", "trouble"),
    [
        ({"height": "180"}, {}, "height", "unknown"),
        ({}, {"height": "180"}, "height", "unknown"),
        ({"money": "0"}, {}, "money", "section"),
        ({}, {"code": "like"}, "code", "section"),
        ({"code": "love"}, {}, "code", "value"),
        ({"code": ""}, {}, "code", "value"),
        ({"r1": "6"}, {}, "r1", "value"),
        ({}, {"place": "Атлантида"}, "place", "value"),
        ({}, {"language": ["uk", "tlh"]}, "language", "value"),
        ({"code": ["like", "no"]}, {}, "code", "one"),
        ({}, {"money": ["0", "any"]}, "money", "one"),
    ],
)
def test_what_cannot_be_answered_so_is_refused(
    answers: dict[str, str | list[str]], facts: dict[str, str | list[str]], question: str, trouble: str
) -> None:
    with pytest.raises(BadAnswer) as refused:
        ASKING.read(answers, facts)
    assert (refused.value.question, refused.value.trouble) == (question, trouble)


def test_cities_are_answers_only_where_the_catalogue_has_them() -> None:
    plain = questionnaire.load()
    assert [choice.value for choice in plain.by_id["place"].choices] == ["online", "anywhere"]
    assert [choice.value for choice in ASKING.by_id["place"].choices] == ["online", "anywhere", "Харків"]
    same = [one for one in plain.questions if one.id != "place"]
    assert same == [one for one in ASKING.questions if one.id != "place"]


def test_chosen_answers_are_told_in_words() -> None:
    language = ASKING.by_id["language"]
    assert language.said(("uk", "en"), "en") == "Ukrainian, English"
    assert language.said(("uk", "gone"), "uk") == "Українською"
    assert language.choice("gone") is None


def test_a_question_may_wait_for_several_others() -> None:
    when = {"who": frozenset(("career", "student")), "code": frozenset(("like", ""))}
    later = replace(ASKING.by_id["data"], asked_when=when)
    assert later.is_asked({"who": ("career",)})
    assert later.is_asked({"who": ("student",), "code": ("like",)})
    assert not later.is_asked({"who": ("student",), "code": ("no",)})
    assert not later.is_asked({"code": ("like",)})
