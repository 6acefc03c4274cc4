"""Reading answers, the estimator, and what the shipped coefficients say."""

import json
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator

from recommender import riasec
from recommender.classifier import DirectionClassifier
from recommender.congruence import (
    BadInterests,
    c_index,
    field_occupations,
    field_profiles,
    profile_correlation,
)
from recommender.direction import ARTEFACT, BANDS, BadArtefact, Direction, read_artefact
from recommender.riasec import FIELDS, IT, SCALES, BadRow, Floats
from recommender.short_form import concentrations, reliability_of_two, shortened

ROOT = Path(__file__).resolve().parents[2]
HEADER = ",".join((*SCALES, *riasec.TRAITS, "field", "sub"))
ROW = "1.75,4.375,2.375,2.75,1.25,1.25,-1,1,3,2,6,nursing,"


@pytest.fixture(scope="module")
def people() -> Floats:
    """Scales of 3,000 made-up people, (3000, 6)."""
    random = np.random.default_rng(7)
    return 1 + random.binomial(32, random.beta(2, 2.5, (3000, 6))) / 8


@pytest.fixture(scope="module", params=["full", "short"])
def direction(request: pytest.FixtureRequest) -> Direction:
    """What is shipped, of either form."""
    return Direction.read(form=request.param)


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """A CSV file of those lines."""
    file = folder / "answers.csv"
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return file


def test_a_row_becomes_scales_and_a_field(tmp_path: Path) -> None:
    rows = riasec.read(written(tmp_path, ROW, "", ROW.replace("nursing,", "computing_it,cyber_security")))
    assert rows.scales.tolist() == [[1.75, 4.375, 2.375, 2.75, 1.25, 1.25]] * 2
    assert [FIELDS[one] for one in rows.field] == ["nursing", IT]
    assert rows.complete


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (ROW.replace("4.375", "5.5"), ("рядок 3", "«investigative»", "«5.5»", "виправте")),
        (ROW.replace("4.375", "nan"), ("рядок 3", "«investigative»", "«nan»")),
        (ROW.replace("1.75", ""), ("рядок 3", "«realistic»", "«»")),
        (ROW.replace("nursing", "magic"), ("рядок 3", "«field»", "«magic»", "advisor_fields.toml")),
        (ROW[:-1], ("рядок 3", "стовпців 12", "13")),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_what_to_do(
    tmp_path: Path, row: str, named: tuple[str, ...]
) -> None:
    file = written(tmp_path, ROW, row)
    with pytest.raises(BadRow) as caught:
        riasec.read(file)
    for words in (str(file), *named):
        assert words in str(caught.value)


def test_a_file_without_a_column_without_rows_or_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRow, match="«social»"):
        riasec.read(written(tmp_path, ROW, header=HEADER.replace("social", "sociable")))
    with pytest.raises(BadRow, match="жодного рядка"):
        riasec.read(written(tmp_path))
    (tmp_path / "answers.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadRow, match="UTF-8"):
        riasec.read(tmp_path / "answers.csv")


def test_scales_and_field_alone_are_read_but_such_rows_are_not_complete(tmp_path: Path) -> None:
    rows = riasec.read(written(tmp_path, "1,2,3,4,5,1,law_legal", header=",".join((*SCALES, "field"))))
    assert len(rows) == 1
    assert not rows.complete


def test_equal_rows_have_one_digest_however_their_numbers_are_written(tmp_path: Path) -> None:
    rows = riasec.read(written(tmp_path, ROW, ROW.replace("1.75", "1.750").replace("-1,1", "-1.0,1.0")))
    assert rows.content[0] == rows.content[1]
    assert rows.held_out[0] == rows.held_out[1]


def test_another_part_of_a_field_is_another_row(tmp_path: Path) -> None:
    rows = riasec.read(written(tmp_path, ROW, ROW + "else"))
    assert rows.content[0] != rows.content[1]


def test_the_estimator_keeps_the_conventions_of_scikit_learn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        check_estimator(DirectionClassifier())


def test_what_the_estimator_says_without_the_prior_forgets_how_frequent_a_class_was() -> None:
    """Nine people of one class for each of the other, the same two humps: the prior decides between them."""
    random = np.random.default_rng(3)
    of_one = random.normal(0, 1, (9000, 1))
    of_other = random.normal(1, 1, (1000, 1))
    learned = DirectionClassifier().fit(np.vstack([of_one, of_other]), [0] * 9000 + [1] * 1000)
    between = [[0.5]]
    assert learned.predict_proba(between)[0, 1] == pytest.approx(0.1, abs=0.01)
    without = learned.log_likelihood_ratio(between)[0]
    assert without[1] - without[0] == pytest.approx(0, abs=0.1)


def test_probabilities_sum_to_one_and_leave_the_prior_when_it_is_divided_out(
    direction: Direction, people: Floats
) -> None:
    probabilities = direction.probabilities(people)
    assert probabilities.shape == (3000, 36)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert np.exp(direction.prior_free(people)) * direction.prior == pytest.approx(probabilities)


def test_an_unanswered_scale_adds_nothing(direction: Direction, people: Floats) -> None:
    unanswered, at_the_mean = people.copy(), people.copy()
    unanswered[:, 2] = np.nan
    at_the_mean[:, 2] = direction.mean[2]
    assert np.array_equal(direction.prior_free(unanswered), direction.prior_free(at_the_mean))


def test_item_weights_are_exact_terms_of_the_log_odds_against_computing(
    direction: Direction, people: Floats
) -> None:
    odds = np.log(direction.probabilities(people))
    nobody = np.log(direction.probabilities(direction.mean[None, :]))[0]
    for field in ("nursing", "visual_art_design", IT):
        place, it = FIELDS.index(field), FIELDS.index(IT)
        summed = (people - direction.mean) @ direction.item_weights(field) + nobody[place] - nobody[it]
        assert summed == pytest.approx(odds[:, place] - odds[:, it])
    assert not direction.item_weights(IT).any()


def test_bands_go_with_the_share_and_each_tells_what_was_observed(
    direction: Direction, people: Floats
) -> None:
    fit = direction.it_fit(people)
    order = np.argsort(fit.share)
    places = [BANDS.index(fit.band[one]) for one in order]
    assert places == sorted(places)
    assert set(fit.band) == set(BANDS)
    observed = dict(zip(fit.band, fit.observed, strict=True))
    assert observed["low"] < fit.average / 2 < observed["middle"] < 1.5 * fit.average < observed["high"]


def test_the_surer_the_list_the_more_often_it_held_the_field(direction: Direction, people: Floats) -> None:
    sureness, mass = direction.sureness(people), direction.listed_mass(people)
    assert direction.listed(people).shape == (3000, 3)
    assert (np.diff(sureness[np.argsort(mass)]) >= 0).all()
    assert len(set(sureness.tolist())) == 4


def test_scales_of_another_shape_are_refused(direction: Direction) -> None:
    with pytest.raises(ValueError, match="must be"):
        direction.probabilities([3.0] * 6)
    with pytest.raises(ValueError, match="must be"):
        direction.probabilities([[3.0] * 5])


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", '{"scales": []}'])
def test_a_file_that_holds_no_coefficients_is_named(tmp_path: Path, spoilt: str) -> None:
    file = tmp_path / "direction.json"
    file.write_text(spoilt)
    with pytest.raises(BadArtefact, match=str(file)):
        read_artefact(file)


def test_coefficients_without_their_tables_are_refused(tmp_path: Path) -> None:
    artefact: dict[str, Any] = json.loads(ARTEFACT.read_text())
    artefact["forms"]["short"]["it_fit"] = {}
    file = tmp_path / "direction.json"
    file.write_text(json.dumps(artefact))
    with pytest.raises(BadArtefact):
        read_artefact(file)


def test_answering_needs_no_scikit_learn() -> None:
    script = (
        "import sys; from recommender.direction import Direction; "
        "Direction.read(form='short').it_fit([[3, 3, 3, 3, 3, 3]]); "
        "assert not {'sklearn', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_every_field_has_a_name_in_both_languages() -> None:
    named = tomllib.loads((ROOT / "seed_data" / "advisor_fields.toml").read_text(encoding="utf-8"))["field"]
    assert tuple(one["key"] for one in named) == FIELDS
    assert all(one["name_uk"] and one["name_en"] for one in named)
    assert len({one["name_uk"] for one in named}) == len({one["name_en"] for one in named}) == len(FIELDS)


def test_two_items_keep_the_mean_and_correlate_with_eight_as_the_theory_says(people: Floats) -> None:
    short = shortened(people, concentrations(people, 0.82), seed=1)
    assert set(np.unique(short)) <= {1 + half / 2 for half in range(9)}
    assert short.mean(axis=0) == pytest.approx(people.mean(axis=0), abs=0.04)
    for scale in range(6):
        correlation = np.corrcoef(people[:, scale], short[:, scale])[0, 1]
        assert correlation == pytest.approx(1 / np.sqrt(4 - 3 * 0.82), abs=0.02)
    assert reliability_of_two(0.82) == pytest.approx(0.25 * 0.82 / (1 - 0.75 * 0.82))


def test_who_answered_one_eight_times_answered_one_twice() -> None:
    ends = np.repeat([[1.0] * 6, [5.0] * 6], 50, axis=0)
    assert np.array_equal(shortened(ends, np.full(6, 5.0), seed=1), ends)


def test_the_same_seed_gives_the_same_short_form(people: Floats) -> None:
    once, again, other = (shortened(people, np.full(6, 5.0), seed) for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_profiles_correlate_by_shape_not_by_height() -> None:
    person = np.array([[1, 2, 3, 4, 5, 3], [3, 3, 3, 3, 3, 3]], dtype=np.float64)
    fields = np.array([[2, 3, 4, 5, 6, 4], [5, 4, 3, 2, 1, 3]], dtype=np.float64)
    assert profile_correlation(person, fields) == pytest.approx(np.array([[1, -1], [0, 0]]))


def test_c_counts_how_near_letters_stand_on_the_hexagon() -> None:
    """RIA against itself, against AIR and against SEC, each letter of which is opposite."""
    ria, air, sec = [6, 5, 4, 1, 2, 3], [4, 5, 6, 1, 2, 3], [1, 2, 3, 6, 5, 4]
    fields = np.array([ria, air, sec], dtype=np.float64)
    assert c_index(fields[:1], fields).tolist() == [[3 * 3 + 2 * 3 + 1 * 3, 3 * 1 + 2 * 3 + 1 * 1, 0]]


def test_equal_scales_are_put_in_a_random_order() -> None:
    flat = np.full((600, 6), 3.0)
    field = np.array([[6, 5, 4, 3, 2, 1]], dtype=np.float64)
    assert len(np.unique(c_index(flat, field, seed=1))) > 5
    assert np.array_equal(c_index(flat, field, seed=1), c_index(flat, field, seed=1))


def test_every_field_leads_to_occupations_of_o_net(shared_data: Path) -> None:
    profiles = field_profiles(shared_data / "recommender" / "onet" / "Interests_2026-02.txt")
    assert profiles.shape == (36, 6)
    assert ((profiles >= 1) & (profiles <= 7)).all()
    assert profiles == pytest.approx(Direction.read().onet_profiles, abs=1e-6)
    assert set(field_occupations()) == set(FIELDS)


def test_another_table_than_that_of_interests_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "Skills.txt"
    file.write_text("O*NET-SOC Code\tTitle\n11-1011.00\tChief Executives\n")
    with pytest.raises(BadInterests, match=str(file)):
        field_profiles(file)
