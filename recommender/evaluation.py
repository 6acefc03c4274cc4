"""How well scores of 36 fields find the one a person studies.

Measures: top1, top3, top5 (the field is among the first so many), MRR (one over its place), nDCG@5 (one
relevant field), log-loss, ECE (15 bins of the top label's probability), macro_top3 (the mean over fields of
top3, so not paid by popularity), it_auc (the score of computing_it against whether it was chosen). Equal
scores are put in a random order, always the same for the same seed.
"""

from collections.abc import Callable

import numpy as np
from sklearn.metrics import log_loss, ndcg_score, roc_auc_score, top_k_accuracy_score

from recommender.congruence import c_index, profile_correlation
from recommender.direction import Direction
from recommender.riasec import FIELDS, IT, Floats, Integers

Measures = dict[str, float | None]

METHODS = ("model", "popularity", "congruence", "three_letter")
MEASURES = ("top1", "top3", "top5", "mrr", "ndcg5", "log_loss", "ece", "macro_top3", "it_auc")

SEED = 20261126
BINS = 15
DIGITS = 4


def evaluate(
    direction: Direction,
    scales: Floats,
    field: Integers,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Measures]:
    """Method -> measures, for people's scales (n, 6) and fields (n,), n ≥ 1.

    The model is ranked with its prior, but for macro_top3 without. The baselines: how frequent a field was in
    training; the correlation with its O*NET profile; the C index of three-letter codes."""
    probabilities = direction.probabilities(scales)
    popularity = np.tile(direction.prior, (len(scales), 1))
    results = {}
    for done, method in enumerate(METHODS, 1):
        if method == "model":
            results[method] = measures(
                probabilities, field, are_probabilities=True, prior_free=direction.prior_free(scales)
            )
        elif method == "popularity":
            results[method] = measures(popularity, field, are_probabilities=True)
        elif method == "congruence":
            results[method] = measures(profile_correlation(scales, direction.onet_profiles), field)
        else:
            results[method] = measures(c_index(scales, direction.onet_profiles, SEED), field)
        if progress is not None:
            progress(done, len(METHODS))
    return results


def measures(
    scores: Floats,
    field: Integers,
    *,
    are_probabilities: bool = False,
    prior_free: Floats | None = None,
    seed: int = SEED,
) -> Measures:
    """All measures of scores (n, 36) for fields (n,), rounded to four digits.

    `prior_free`: other scores (n, 36) for macro_top3. log_loss and ece are None unless the scores are
    probabilities, it_auc is None where all or none chose computing_it."""
    ranked = in_random_order_where_equal(scores, seed)
    free = ranked if prior_free is None else in_random_order_where_equal(prior_free, seed)
    places = place_of(ranked, field)
    chose_it = field == FIELDS.index(IT)
    said: Measures = {
        "top1": top_k(ranked, field, 1),
        "top3": top_k(ranked, field, 3),
        "top5": top_k(ranked, field, 5),
        "mrr": float(np.mean(1 / places)),
        "ndcg5": float(ndcg_score(np.eye(len(FIELDS))[field], ranked, k=5, ignore_ties=True)),
        "log_loss": None,
        "ece": None,
        "macro_top3": macro_top_k(free, field, 3),
        "it_auc": None,
    }
    if are_probabilities:
        said["log_loss"] = float(log_loss(field, scores, labels=np.arange(len(FIELDS))))
        said["ece"] = expected_calibration_error(scores, field)
    if chose_it.any() and not chose_it.all():
        said["it_auc"] = float(roc_auc_score(chose_it, scores[:, FIELDS.index(IT)]))
    return {name: None if value is None else round(value, DIGITS) for name, value in said.items()}


def in_random_order_where_equal(scores: Floats, seed: int) -> Floats:
    """The same order as distinct numbers 0 … 35 in each row, the best highest, (n, 36)."""
    chance = np.random.default_rng(seed).random(scores.shape)
    order = np.lexsort((chance, scores), axis=1)
    ranked = np.empty(scores.shape)
    np.put_along_axis(ranked, order, np.arange(scores.shape[1], dtype=np.float64)[None, :], axis=1)
    return ranked


def place_of(ranked: Floats, field: Integers) -> Integers:
    """The place of each person's field, 1 … 36, (n,)."""
    own = np.take_along_axis(ranked, field[:, None], axis=1)
    places: Integers = 1 + (ranked > own).sum(axis=1)
    return places


def top_k(ranked: Floats, field: Integers, k: int) -> float:
    """The share of people whose field is among the first k."""
    return float(top_k_accuracy_score(field, ranked, k=k, labels=np.arange(len(FIELDS))))


def macro_top_k(ranked: Floats, field: Integers, k: int) -> float:
    """The mean of `top_k` over the fields that anybody chose: each field weighs the same."""
    weight = 1 / np.bincount(field, minlength=len(FIELDS)).clip(1)[field]
    return float(
        top_k_accuracy_score(field, ranked, k=k, labels=np.arange(len(FIELDS)), sample_weight=weight)
    )


def expected_calibration_error(probabilities: Floats, field: Integers, bins: int = BINS) -> float:
    """How far the top label's probability is from how often it is right: the mean over people of the distance
    in their bin, bins of equal width."""
    highest = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == field
    of = np.minimum((highest * bins).astype(np.int64), bins - 1)
    apart = np.bincount(of, highest - right, minlength=bins)
    return float(np.abs(apart).sum() / len(field))
