"""The measures themselves."""

import pytest

from search.evaluation import OVERALL, Key, evaluate, judgement


def keys(*titles: str) -> list[Key]:
    return [("course", title, "") for title in titles]


def judged(query: str, *relevant: str, group: str = "g") -> object:
    return judgement(
        {
            "query": query,
            "group": group,
            "relevant": [{"kind": "course", "title": title} for title in relevant],
        }
    )


ANSWERS = {
    "first": keys("right", "wrong"),
    "second": keys("wrong", "right"),
    "nothing": [],
    "both": keys("one", "two"),
    "twice": keys("right", "right"),
}


def scores(*judgements: object) -> dict[str, dict[str, float]]:
    measured = evaluate(judgements, ANSWERS.__getitem__)  # type: ignore[arg-type]
    return {group: score.as_dict() for group, score in measured.items()}


def test_a_right_answer_first_is_all_one_can_wish() -> None:
    assert scores(judged("first", "right"))[OVERALL] == {
        "queries": 1,
        "success@1": 1,
        "success@3": 1,
        "nDCG@10": 1,
        "MRR": 1,
        "zero": 0,
    }


def test_a_right_answer_second_is_worth_less() -> None:
    score = scores(judged("second", "right"))[OVERALL]
    assert (score["success@1"], score["success@3"], score["MRR"]) == (0, 1, 0.5)
    assert score["nDCG@10"] == pytest.approx(0.6309, abs=1e-3)


def test_no_answer_at_all_is_counted_apart() -> None:
    assert scores(judged("nothing", "right"))[OVERALL]["zero"] == 1


def test_all_right_answers_are_wanted() -> None:
    assert scores(judged("both", "one", "two"))[OVERALL]["nDCG@10"] == 1
    assert scores(judged("first", "right", "another"))[OVERALL]["nDCG@10"] < 1


def test_the_same_answer_twice_is_one_answer() -> None:
    assert scores(judged("twice", "right"))[OVERALL]["nDCG@10"] == 1


def test_groups_are_measured_apart() -> None:
    both = scores(judged("first", "right", group="a"), judged("nothing", "right", group="b"))
    assert (both["a"]["success@1"], both["b"]["success@1"], both[OVERALL]["success@1"]) == (1, 0, 0.5)
