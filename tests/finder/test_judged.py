"""How good the search is: by our own judgements (the half that is only measured on) and by fresh cases, on
both engines. `portal search evaluate` prints the same figures, with plain Meilisearch beside them."""

import json
from pathlib import Path

import pytest

from applicant_portal.catalogue import queries
from applicant_portal.finder import evaluating, index
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from search.evaluation import OVERALL, BadJudgement, Score
from search.variants import cases
from tests.finder.conftest import TODAY
from tests.seeded import Templates
from tests.servers import ROOT, Meilisearch

MEASURED = ROOT / "tests" / "search" / "judgements" / "measured.jsonl"
FRESH = 300
SUCCESS_3, IN_EVERY_GROUP, NDCG_10, ZERO, APART = 0.95, 0.88, 0.88, 0.01, 0.02
ENGINES = ("embedded", "meilisearch")

Results = dict[str, dict[str, Score]]


@pytest.fixture(scope="module")
def seeded(
    tmp_path_factory: pytest.TempPathFactory, meilisearch: Meilisearch, templates: Templates
) -> Settings:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("judged"), search_url=meilisearch.url, search_key=meilisearch.key
    )
    templates.fill(settings, TODAY)
    return settings


@pytest.fixture(scope="module")
def measured(seeded: Settings) -> Results:
    results = evaluating.evaluate(seeded, MEASURED, None, plain=True)
    evaluating.show(results, as_json=False)
    return results


@pytest.fixture(scope="module")
def fresh(seeded: Settings, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Cases that generators make from titles: inflected, mistyped, other layout, Latin letters."""
    database = Database(seeded.database_url)
    documents = index.Documents(TODAY)
    with database.read() as session:
        read = documents.read(session, queries.published_ids(session))
    database.dispose()
    file = tmp_path_factory.mktemp("fresh") / "cases.jsonl"
    made = cases([one for one in read.values() if one is not None], FRESH, seed=20261125)
    file.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in made))
    results = evaluating.evaluate(seeded, file, None, plain=False)
    evaluating.show(results, as_json=False)
    return results


@pytest.mark.parametrize("engine", ENGINES)
def test_the_measured_half_is_answered_as_well_as_we_say(measured: Results, engine: str) -> None:
    scores = measured[engine]
    overall = scores[OVERALL]
    assert overall.success_3 >= SUCCESS_3
    assert overall.ndcg_10 >= NDCG_10
    assert overall.zero <= ZERO
    assert not {group: score for group, score in scores.items() if score.success_3 < IN_EVERY_GROUP}


@pytest.mark.parametrize("engine", ENGINES)
def test_fresh_cases_are_answered_as_well(fresh: Results, engine: str) -> None:
    scores = fresh[engine]
    assert scores[OVERALL].success_3 >= SUCCESS_3
    assert scores[OVERALL].ndcg_10 >= NDCG_10
    assert scores[OVERALL].zero <= ZERO
    assert not {group: score for group, score in scores.items() if score.success_3 < IN_EVERY_GROUP}


def test_the_engines_answer_alike(measured: Results, fresh: Results) -> None:
    for results in (measured, fresh):
        one, other = (results[engine][OVERALL] for engine in ENGINES)
        assert abs(one.success_3 - other.success_3) <= APART
        assert abs(one.ndcg_10 - other.ndcg_10) <= APART


def test_it_is_better_than_meilisearch_without_the_pipeline(measured: Results) -> None:
    plain = measured[evaluating.PLAIN][OVERALL]
    assert all(measured[engine][OVERALL].success_3 > plain.success_3 + 0.2 for engine in ENGINES)


def test_a_judgement_that_cannot_be_read_is_named_by_its_line(seeded: Settings, tmp_path: Path) -> None:
    file = tmp_path / "wrong.jsonl"
    file.write_text('{"query": "python", "group": "exact", "relevant": []}\n{"query": "java"}\n')
    with pytest.raises(BadJudgement, match="line 2"):
        evaluating.evaluate(seeded, file, "embedded", plain=False)
