"""Vectors of occupations: what is kept of them in the shipped file, and how well nearness agrees with
O*NET."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import bridge_evaluation, occupation_vectors, onet
from recommender.bridge_evaluation import BadRelations, Relation, evaluate
from recommender.occupation_vectors import WEIGHTS, BadArtefact, Vectors, profile, unit


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return occupation_vectors.read()


def a_vectors(rows: list[list[float]]) -> Vectors:
    part = unit(np.array(rows))
    codes = tuple(f"11-000{number}.00" for number in range(len(rows)))
    return Vectors(codes, codes, dict.fromkeys(WEIGHTS, part))


def test_the_shipped_file_is_small_and_has_every_rated_occupation(vectors: Vectors) -> None:
    assert len(vectors.codes) == len(vectors.titles) == len(set(vectors.codes)) == 879
    assert occupation_vectors.ARTEFACT.stat().st_size < 700_000


def test_the_shipped_file_names_source_licence_and_change() -> None:
    text = occupation_vectors.ARTEFACT.read_text()
    for words in ("O*NET 29.3", "USDOL/ETA", "CC BY 4.0", "not approved, endorsed or tested"):
        assert words in text


def test_every_part_has_unit_rows(vectors: Vectors) -> None:
    for part in vectors.parts.values():
        assert np.allclose(np.linalg.norm(part, axis=1), 1)


def test_an_occupation_is_most_like_itself_and_similarity_goes_both_ways(vectors: Vectors) -> None:
    similarity = vectors.similarity()
    assert np.allclose(similarity, similarity.T)
    assert (similarity.argmax(axis=1) == np.arange(len(vectors.codes))).all()
    assert similarity.max() <= 1 + 1e-9


@pytest.mark.parametrize(
    ("code", "near", "far"),
    [
        ("15-1244.00", "15-1241.00", "35-2012.00"),
        ("15-1254.00", "15-1251.00", "53-3032.00"),
        ("29-1141.00", "29-2061.00", "15-1212.00"),
    ],
)
def test_a_kindred_occupation_is_nearer_than_a_foreign_one(
    vectors: Vectors, code: str, near: str, far: str
) -> None:
    row = vectors.similarity()[vectors.codes.index(code)]
    assert row[vectors.codes.index(near)] > row[vectors.codes.index(far)] + 0.3


def test_writing_and_reading_changes_little(tmp_path: Path) -> None:
    written = a_vectors([[1, 0, 0.3], [0.2, 1, 0], [0.5, 0.5, -0.7]])
    occupation_vectors.write(written, tmp_path / "some.json")
    back = occupation_vectors.read(tmp_path / "some.json")
    assert back.codes == written.codes
    assert np.allclose(back.similarity(), written.similarity(), atol=0.02)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"codes": ["a"], "titles": ["a"], "parts": {}}', "\0"])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content)
    with pytest.raises(BadArtefact, match=r"broken\.json"):
        occupation_vectors.read(file)


def test_a_mixture_of_one_is_itself_and_of_none_is_an_error() -> None:
    some = a_vectors([[1.0, 0.0], [0.0, 1.0]])
    assert np.allclose(some.mixed({some.codes[1]: 0.2})["skills"], [[0, 1]])
    with pytest.raises(ValueError, match="no occupations"):
        some.mixed({})
    with pytest.raises(KeyError):
        some.mixed({"99-9999.00": 1})


def test_a_demanding_occupation_has_the_profile_of_a_modest_one_of_the_same_shape() -> None:
    turned = [[1.0, 2.0, 3.0], [2.0, 3.0, 1.0], [3.0, 1.0, 2.0]]
    rows = profile(np.array(turned + [[value + 1 for value in row] for row in turned]))
    assert np.allclose(rows[:3], rows[3:])


def test_recall_counts_primary_ones_among_ten_and_mrr_the_first() -> None:
    # On a half circle, nearness is nearness in the list.
    angles = np.linspace(0, np.pi, 15)
    line = a_vectors(np.column_stack([np.cos(angles), np.sin(angles)]).tolist())
    code = line.codes
    rows = [
        Relation(code[0], code[2], "Primary-Short"),
        Relation(code[0], code[14], "Primary-Long"),
        Relation(code[0], code[1], "Supplemental"),
        Relation("99-9999.00", code[1], "Primary-Short"),
    ]
    assert evaluate(rows, line) == {"recall10": 0.5, "mrr": 0.5, "occupations": 1}


def test_a_related_occupation_without_a_vector_counts_as_missed() -> None:
    line = a_vectors([[1.0, 0.0], [0.9, 0.1]])
    rows = [
        Relation(line.codes[0], line.codes[1], "Primary-Short"),
        Relation(line.codes[0], "99-9999.00", "Primary-Short"),
    ]
    assert evaluate(rows, line)["recall10"] == 0.5


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=20))
def test_measures_stay_between_nought_and_one(pairs: list[tuple[int, int]]) -> None:
    line = a_vectors([[1.0, number] for number in range(6)])
    rows = [Relation(line.codes[a], line.codes[b], "Primary-Long") for a, b in pairs if a != b]
    figures = evaluate(rows, line)
    assert 0 <= figures["recall10"] <= 1
    assert 0 <= figures["mrr"] <= 1
    assert evaluate(reversed(rows), line) == figures


def test_rows_are_read_whatever_the_order_of_columns(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(
        "\ufeffRelatedness Tier,Index,O*NET-SOC Code,Related O*NET-SOC Code\n"
        "Primary-Short,1,11-1011.00,11-1021.00\n\n"
        "Supplemental,2,11-1011.00,11-2011.00\n"
    )
    assert bridge_evaluation.read(file) == [
        Relation("11-1011.00", "11-1021.00", "Primary-Short"),
        Relation("11-1011.00", "11-2011.00", "Supplemental"),
    ]


def test_an_unreadable_row_is_named(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text('O*NET-SOC Code,Related O*NET-SOC Code,Relatedness Tier\na,b,Primary-Short\n"a,b\n')
    with pytest.raises(BadRelations) as wrong:
        bridge_evaluation.read(file)
    assert wrong.value.row == 3


def test_the_release_as_published_has_ratings_texts_and_statements(shared_data: Path) -> None:
    read = onet.read(shared_data / "recommender" / "onet")
    assert read.skills.shape == (879, 35)
    assert read.knowledge.shape == (879, 33)
    assert read.skills.min() >= 1
    assert read.skills.max() <= 5
    assert read.statements[14641].startswith("Document software defects")
    assert "15-1252.00" in read.unrated


def test_a_folder_without_the_release_is_named(tmp_path: Path) -> None:
    with pytest.raises(onet.BadOnet, match=r"Skills\.xlsx"):
        onet.read(tmp_path)
