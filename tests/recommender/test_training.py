"""Learning is honest, what is written down is what was learned, and the real figures are reached."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender import evaluation, riasec, training
from recommender.direction import ARTEFACT, Direction, read_artefact
from recommender.riasec import FIELDS, Floats, Integers, Rows
from tests.recommender import made_up


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with made-up answers and O*NET interests beside them."""
    folder = tmp_path_factory.mktemp("few")
    made_up.answers(folder)
    made_up.interests(folder)
    return folder


@pytest.fixture(scope="module")
def few_rows(few: Path) -> Rows:
    """The made-up people."""
    return riasec.read(few / "answers.csv")


@pytest.fixture(scope="module")
def few_artefact(few: Path, few_rows: Rows) -> dict[str, Any]:
    """What was learned from them."""
    return training.train(few_rows, few / "onet" / "Interests_2026-02.txt")


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Path:
    """The folder of the real answers."""
    return shared_data / "recommender"


@pytest.fixture(scope="module")
def real_rows(real: Path) -> Rows:
    """The real people."""
    return riasec.read(real / "riasec_major_train.csv")


@pytest.fixture(scope="module")
def real_artefact(real: Path, real_rows: Rows) -> dict[str, Any]:
    """What is learned from them today."""
    return training.train(real_rows, real / "onet" / "Interests_2026-02.txt")


def test_what_is_learned_is_better_than_popularity(few_artefact: dict[str, Any]) -> None:
    for form in ("full", "short"):
        results = few_artefact["evaluation"][form]
        assert tuple(results) == evaluation.METHODS
        assert all(tuple(one) == evaluation.MEASURES for one in results.values())
        assert results["model"]["top3"] > results["popularity"]["top3"] + 0.1
        for method in ("congruence", "three_letter"):
            assert results[method]["log_loss"] is results[method]["ece"] is None


def test_only_rows_that_are_not_held_out_are_learned_from(
    few: Path, few_rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned_from: list[Floats] = []
    fitted = training.fitted

    def watched(scales: Floats, field: Integers) -> Any:
        learned_from.append(scales)
        return fitted(scales, field)

    monkeypatch.setattr(training, "fitted", watched)
    training.train(few_rows, few / "onet" / "Interests_2026-02.txt")
    kept = few_rows.kept(~few_rows.held_out)
    assert np.array_equal(learned_from[0], kept.scales)
    assert len(learned_from[1]) == len(kept)


def test_whatever_the_held_out_people_say_the_coefficients_stay(
    few: Path, few_rows: Rows, few_artefact: dict[str, Any]
) -> None:
    scales, field, held_out = few_rows.scales.copy(), few_rows.field.copy(), few_rows.held_out
    scales[held_out] = 6 - scales[held_out]
    field[held_out] = np.roll(field[held_out], 1)
    other = training.train(
        Rows(scales, field, few_rows.content, True), few / "onet" / "Interests_2026-02.txt"
    )
    assert other["evaluation"] != few_artefact["evaluation"]
    assert other["prior"] == few_artefact["prior"]
    assert other["forms"]["short"]["concentration"] == few_artefact["forms"]["short"]["concentration"]
    for form in ("full", "short"):
        for learned in ("mean", "weights", "intercept"):
            assert other["forms"][form][learned] == few_artefact["forms"][form][learned]


def test_rows_given_twice_are_on_one_side(few: Path, few_rows: Rows, tmp_path: Path) -> None:
    header, *lines = (few / "answers.csv").read_text().splitlines()
    twice = tmp_path / "twice.csv"
    twice.write_text("\n".join([header, *lines, *lines, ""]))
    rows = riasec.read(twice)
    learned_from = set(rows.kept(~rows.held_out).content)
    assert not learned_from & set(rows.kept(rows.held_out).content)
    assert len(rows) == 2 * len(few_rows)


def test_the_same_rows_give_the_same_file_byte_by_byte(
    few: Path, few_rows: Rows, few_artefact: dict[str, Any], tmp_path: Path
) -> None:
    again = training.train(few_rows, few / "onet" / "Interests_2026-02.txt")
    training.write(tmp_path / "one", few_artefact, "2026-01-01")
    training.write(tmp_path / "two", again, "2026-02-02")
    one, two = (tmp_path / name / "direction.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert json.loads(one.read_text()) == few_artefact
    assert "2026-01-01" in (tmp_path / "one" / "MODEL_CARD.md").read_text()


def test_what_is_read_says_what_was_learned(few_rows: Rows, few_artefact: dict[str, Any]) -> None:
    kept = few_rows.kept(~few_rows.held_out)
    learned = training.fitted(kept.scales, kept.field)
    direction = Direction(few_artefact)
    assert (
        np.abs(direction.probabilities(few_rows.scales) - learned.predict_proba(few_rows.scales)).max() < 1e-6
    )
    free = learned.log_likelihood_ratio(few_rows.scales)
    assert np.abs(direction.prior_free(few_rows.scales) - free).max() < 1e-6


def test_too_few_rows_are_refused(few: Path, few_rows: Rows) -> None:
    interests = few / "onet" / "Interests_2026-02.txt"
    with pytest.raises(training.TooFewRows, match=FIELDS[0]):
        training.train(few_rows.kept(few_rows.field != 0), interests)
    with pytest.raises(training.TooFewRows, match="відкладених рядків лише 0"):
        training.train(few_rows.kept(~few_rows.held_out), interests)
    with pytest.raises(training.TooFewRows, match="sub"):
        training.train(Rows(few_rows.scales, few_rows.field, few_rows.content, False), interests)


def test_bands_are_whole_deciles_far_from_the_average() -> None:
    share = np.linspace(0, 0.2, 10_000)
    chose = np.random.default_rng(1).random(10_000) < share
    table = training.it_fit_table(share, chose)
    low, high = table["thresholds"]
    assert 0.03 < low < 0.06
    assert 0.13 < high < 0.17
    assert table["bands"]["low"]["people"] % 1000 == 0
    assert table["bands"]["low"]["observed"] < 0.05 < 0.15 < table["bands"]["high"]["observed"]


def test_without_any_difference_everybody_is_in_the_middle() -> None:
    table = training.it_fit_table(np.full(1000, 0.1), np.arange(1000) % 10 == 0)
    assert table["bands"]["middle"]["people"] == 1000


def test_no_real_row_is_on_both_sides(real_rows: Rows) -> None:
    learned_from, held_out = (
        set(real_rows.kept(one).content) for one in (~real_rows.held_out, real_rows.held_out)
    )
    assert not learned_from & held_out
    assert len(learned_from) + len(held_out) == len(set(real_rows.content))
    assert 0.19 < len(held_out) / len(real_rows) < 0.21


def test_the_real_figures_are_reached(real_artefact: dict[str, Any]) -> None:
    full, short = real_artefact["evaluation"]["full"], real_artefact["evaluation"]["short"]
    assert full["model"]["top3"] >= 0.43
    assert full["model"]["macro_top3"] >= 0.24
    assert full["model"]["it_auc"] >= 0.715
    assert full["model"]["ece"] <= 0.02
    assert short["model"]["top3"] >= 0.40
    assert short["model"]["ece"] <= 0.02
    assert full["popularity"]["macro_top3"] == pytest.approx(3 / 36, abs=1e-3)
    for form in (full, short):
        for baseline in ("congruence", "three_letter"):
            for measure in ("top3", "macro_top3", "it_auc"):
                assert form["model"][measure] > form[baseline][measure]


def test_what_is_shipped_is_what_is_learned_today(real_artefact: dict[str, Any]) -> None:
    """Up to the last digits, which another processor may round otherwise."""
    shipped = read_artefact(ARTEFACT)
    assert shipped["split"] == real_artefact["split"]
    for form in ("full", "short"):
        for learned in ("mean", "weights", "intercept"):
            today = np.array(real_artefact["forms"][form][learned])
            assert np.array(shipped["forms"][form][learned]) == pytest.approx(today, abs=1e-3)
        for method, measured in real_artefact["evaluation"][form].items():
            assert shipped["evaluation"][form][method] == pytest.approx(measured, abs=1e-3)


def test_real_shares_of_computing_are_honest_decile_by_decile(real_artefact: dict[str, Any]) -> None:
    for form in ("full", "short"):
        for group in real_artefact["forms"][form]["it_fit"]["deciles"]:
            error = 2.8 * np.sqrt(group["predicted"] * (1 - group["predicted"]) / group["people"])
            assert group["observed"] == pytest.approx(group["predicted"], abs=error)
        for group in real_artefact["forms"][form]["sureness"]["quarters"]:
            assert group["observed"] == pytest.approx(group["predicted"], abs=0.03)


def test_from_shuffled_fields_nothing_but_popularity_is_learned(real: Path, real_rows: Rows) -> None:
    artefact = training.train(training.shuffled(real_rows), real / "onet" / "Interests_2026-02.txt")
    for form in ("full", "short"):
        model, popularity = (artefact["evaluation"][form][one] for one in ("model", "popularity"))
        assert model["top3"] == pytest.approx(popularity["top3"], abs=0.01)
        assert model["macro_top3"] == pytest.approx(3 / 36, abs=0.02)
        assert model["it_auc"] == pytest.approx(0.5, abs=0.04)
