"""`portal search report`: what people looked for, as words and numbers."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import click

from applicant_portal.catalogue import search_log
from applicant_portal.catalogue.search_log import FEWEST, QueryCounts, Report
from applicant_portal.kit.db import Database

MOST_DAYS = search_log.KEEP_FOR.days
MOST_LINES = 50
_OUTCOMES = {"found": "", "left_out": ", без частини слів", "nothing": ""}


def of(database: Database, today: date, days: int) -> Report:
    """The report of the last `days` days, today among them."""
    with database.read() as session:
        return search_log.report(session, today - timedelta(days - 1), MOST_LINES)


def show(report: Report, days: int, *, as_json: bool) -> None:
    """Print three lists, or one JSON object and nothing else."""
    if as_json:
        click.echo(json.dumps(_json(report, days), ensure_ascii=False, indent=2))
        return
    click.echo(f"Пошук за останні дні: {days}. Рахуємо запити, не людей.")
    for heading, queries in (
        ("Шукали й не знайшли", report.not_found),
        ("Знайшли, але рідко щось обирали", report.not_chosen),
        ("Шукали найчастіше", report.most_asked),
    ):
        click.echo(f"\n{heading}")
        _show_list(queries)
    click.echo(f"\nЗапитів, які траплялися рідше ніж {FEWEST} разів і тому не показані: {report.rare}")


def _show_list(queries: Sequence[QueryCounts]) -> None:
    if not queries:
        click.echo("  нічого")
        return
    for one in queries:
        click.echo(
            f"{one.asked:>7}  {one.query}  (знайшлося: {one.hits}{_OUTCOMES[one.outcome]}; обрали з місць "
            f"1–3: {one.chosen_1_3}, 4–10: {one.chosen_4_10}, 11+: {one.chosen_11}; "
            f"не обрали: {one.not_chosen})"
        )


def _json(report: Report, days: int) -> dict[str, Any]:
    return {
        "days": days,
        "fewest": FEWEST,
        "not_found": [_line(one) for one in report.not_found],
        "not_chosen": [_line(one) for one in report.not_chosen],
        "most_asked": [_line(one) for one in report.most_asked],
        "rare_queries": report.rare,
    }


def _line(one: QueryCounts) -> dict[str, Any]:
    return {
        "query": one.query,
        "asked": one.asked,
        "hits": one.hits,
        "outcome": one.outcome,
        "chosen": {
            "1-3": one.chosen_1_3,
            "4-10": one.chosen_4_10,
            "11+": one.chosen_11,
            "none": one.not_chosen,
        },
    }
