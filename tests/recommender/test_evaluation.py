"""Measures of scores, against values worked out by hand."""

import numpy as np
import pytest
from sklearn.metrics import label_ranking_average_precision_score

from recommender.evaluation import (
    expected_calibration_error,
    in_random_order_where_equal,
    measures,
    place_of,
)
from recommender.riasec import FIELDS, IT, Floats

IT_PLACE = FIELDS.index(IT)


def with_own_at(places: list[int], field: list[int]) -> Floats:
    """Distinct scores (n, 36) in which each person's own field stands at the given place, 1 … 36."""
    rows = []
    for place, own in zip(places, field, strict=True):
        order = [one for one in range(36) if one != own]
        order.insert(place - 1, own)
        row = np.empty(36)
        row[order] = np.arange(36, 0, -1)
        rows.append(row)
    return np.array(rows)


def test_measures_of_a_ranking_are_those_of_its_places() -> None:
    field = [IT_PLACE, 0, 1, 2]
    said = measures(with_own_at([1, 3, 5, 10], field), np.array(field))
    assert said["top1"] == 0.25
    assert said["top3"] == 0.5
    assert said["top5"] == 0.75
    assert said["mrr"] == pytest.approx((1 + 1 / 3 + 1 / 5 + 1 / 10) / 4, abs=1e-4)
    assert said["ndcg5"] == pytest.approx((1 + 1 / np.log2(4) + 1 / np.log2(6)) / 4, abs=1e-4)
    assert said["log_loss"] is None
    assert said["ece"] is None


def test_mrr_is_the_label_ranking_average_precision_of_one_label() -> None:
    random = np.random.default_rng(5)
    scores, field = random.random((200, 36)), random.integers(0, 36, 200)
    expected = label_ranking_average_precision_score(np.eye(36)[field], scores)
    assert measures(scores, field)["mrr"] == pytest.approx(expected, abs=1e-4)


def test_macro_top3_weighs_a_rare_field_like_a_frequent_one() -> None:
    field = [0] * 9 + [1]
    said = measures(with_own_at([1] * 9 + [20], field), np.array(field))
    assert said["top3"] == 0.9
    assert said["macro_top3"] == 0.5


def test_macro_top3_takes_the_scores_without_the_prior_where_they_are_given() -> None:
    field = np.array([0, 1])
    said = measures(
        with_own_at([9, 9], field.tolist()), field, prior_free=with_own_at([1, 1], field.tolist())
    )
    assert said["top3"] == 0
    assert said["macro_top3"] == 1


def test_equal_scores_are_put_in_a_random_order_always_the_same() -> None:
    field = np.zeros(20_000, dtype=np.int64)
    flat = np.ones((20_000, 36))
    said = measures(flat, field)
    assert said["top1"] == pytest.approx(1 / 36, abs=0.005)
    assert said["top3"] == pytest.approx(3 / 36, abs=0.008)
    assert said == measures(flat, field)
    assert said != measures(flat, field, seed=2)


def test_a_better_score_is_never_put_behind_a_worse_one() -> None:
    scores = np.random.default_rng(1).integers(0, 5, (300, 36)).astype(np.float64)
    ranked = in_random_order_where_equal(scores, seed=1)
    assert (np.sort(ranked, axis=1) == np.arange(36)).all()
    in_order = np.take_along_axis(scores, np.argsort(ranked, axis=1), axis=1)
    assert (np.diff(in_order, axis=1) >= 0).all()
    assert place_of(ranked, ranked.argmax(axis=1)).tolist() == [1] * 300


def test_scores_equal_for_all_tell_nothing_of_computing() -> None:
    field = np.array([IT_PLACE, 0, IT_PLACE, 3])
    assert measures(np.ones((4, 36)), field)["it_auc"] == 0.5


def test_the_auc_of_computing_is_absent_where_nobody_or_everybody_chose_it() -> None:
    assert measures(np.ones((2, 36)), np.array([0, 1]))["it_auc"] is None
    assert measures(np.ones((2, 36)), np.array([IT_PLACE, IT_PLACE]))["it_auc"] is None


def test_the_calibration_error_is_the_distance_between_said_and_seen() -> None:
    probabilities = np.full((100, 36), 0.3 / 35)
    probabilities[:, 0] = 0.7
    half_right = np.array([0] * 50 + [1] * 50)
    assert expected_calibration_error(probabilities, half_right) == pytest.approx(0.2)
    assert expected_calibration_error(probabilities, np.array([0] * 70 + [1] * 30)) == pytest.approx(0)


def test_the_log_loss_of_even_odds_is_that_of_thirty_six_sides() -> None:
    said = measures(np.full((5, 36), 1 / 36), np.arange(5), are_probabilities=True)
    assert said["log_loss"] == pytest.approx(np.log(36), abs=1e-4)
