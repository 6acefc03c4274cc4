"""`portal search evaluate`: each engine, and plain Meilisearch on the same documents, side by side."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from applicant_portal.catalogue import queries
from applicant_portal.finder import index, service
from applicant_portal.finder.params import SearchParams
from applicant_portal.kit.db import Database
from applicant_portal.kit.progress import Bar
from applicant_portal.settings import Settings
from search import evaluation
from search.engine import Searching
from search.plain import PlainMeilisearch

PLAIN = "plain meilisearch"


def evaluate(
    settings: Settings, file: Path, only: str | None, *, plain: bool
) -> dict[str, dict[str, evaluation.Score]]:
    """Engine -> group -> scores. `only`: one engine; `plain`: also Meilisearch without our pipeline. Raises
    OSError, evaluation.BadJudgement, SearchError and what the database raises."""
    judgements = evaluation.read(file)
    database = Database(settings.database_url)
    results = {}
    with ExitStack() as parts:
        parts.callback(database.dispose)
        with database.read() as session:
            cities = tuple(queries.cities(session))
        asked: dict[str, Callable[[str], Sequence[evaluation.Key]]] = {
            one.engine.name: _ours(one.engine, cities) for one in index.opened(settings, database)
        }
        if plain and settings.search_url:
            documents = index.Documents(datetime.now(UTC).date())
            with database.read() as session:
                read = documents.read(session, queries.published_ids(session))
            opened = PlainMeilisearch(settings.search_url, settings.search_key.get_secret_value())
            parts.callback(opened.close)
            opened.fill(one for one in read.values() if one is not None)
            asked[PLAIN] = opened.search
        for name, answer in asked.items():
            if only is not None and name != only:
                continue
            with Bar(name) as bar:
                done = 0

                def step(bar: Bar = bar) -> None:
                    nonlocal done
                    done += 1
                    bar.update(done, len(judgements))

                results[name] = evaluation.evaluate(judgements, answer, step)
    return results


def _ours(engine: Searching, cities: tuple[str, ...]) -> Callable[[str], Sequence[evaluation.Key]]:
    def answer(text: str) -> Sequence[evaluation.Key]:
        params = SearchParams(text=text, per_page=3 * evaluation.DEPTH)
        found = service.search(engine, params, index.lexicon(), cities)
        return [listing_key(hit.payload) for hit in (*found.result.hits, *found.beside)]

    return answer


def listing_key(payload: Mapping[str, Any]) -> evaluation.Key:
    """What a judgement calls this listing."""
    institution = payload["institution"] or {}
    edebo_id = institution.get("edebo_id") if payload["kind"] == "programme" else None
    return evaluation.key({"kind": payload["kind"], "title": payload["title"], "edebo_id": edebo_id})


def show(results: Mapping[str, Mapping[str, evaluation.Score]], *, as_json: bool) -> None:
    """Print a table, or one JSON object and nothing else."""
    if as_json:
        rows = {
            engine: {group: score.as_dict() for group, score in scores.items()}
            for engine, scores in results.items()
        }
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for engine, scores in results.items():
        click.echo(f"\n{engine}")
        click.echo(f"{'group':<16}{'n':>5}{'s@1':>8}{'s@3':>8}{'nDCG@10':>9}{'MRR':>8}{'zero':>8}")
        for group, score in scores.items():
            click.echo(
                f"{group:<16}{score.questions:>5}{score.success_1:>8.3f}{score.success_3:>8.3f}"
                f"{score.ndcg_10:>9.3f}{score.mrr:>8.3f}{score.zero:>8.3f}"
            )
