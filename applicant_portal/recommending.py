"""The commands of `portal recommend` that make and measure the model of direction. None opens a database.

What learns and measures (scikit-learn) is imported only when a command runs.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from applicant_portal import recommending_bridge
from applicant_portal.console import stop
from applicant_portal.kit.progress import Bar

if TYPE_CHECKING:
    from recommender.riasec import Rows

ONET_INTERESTS = Path("onet") / "Interests_2026-02.txt"
"""Beside the file of answers."""

FORMS = {"48": "full", "12": "short"}

_METHODS = {
    "model": "модель",
    "popularity": "популярність",
    "congruence": "кореляція з O*NET",
    "three_letter": "трилітерні коди",
}
_MEASURES = {
    "top1": "топ-1",
    "top3": "топ-3",
    "top5": "топ-5",
    "mrr": "MRR",
    "ndcg5": "nDCG@5",
    "log_loss": "log-loss",
    "ece": "ECE",
    "macro_top3": "макро топ-3",
    "it_auc": "ІТ AUC",
}
_WIDTH = max(map(len, _METHODS.values())) + 2


@click.group("recommend")
def recommend_group() -> None:
    """Порадник: навчити модель і виміряти її."""


def register(main: click.Group) -> None:
    """Add them to the `portal` command."""
    for command in (recommending_bridge.evaluate_bridge, recommending_bridge.build_bridge):
        recommend_group.add_command(command)
    main.add_command(recommend_group)


@recommend_group.command("train")
@click.argument("data", metavar="DATA.csv", type=click.Path(path_type=Path))
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), help="Куди записати; інакше поруч із кодом порадника."
)
@click.option(
    "--onet",
    type=click.Path(path_type=Path),
    help=f"Таблиця Interests бази O*NET; інакше {ONET_INTERESTS} поруч із DATA.csv.",
)
def recommend_train(data: Path, folder: Path | None, onet: Path | None) -> None:
    """Навчити модель напряму на відповідях DATA.csv і записати коефіцієнти та картку моделі."""
    from recommender import training
    from recommender.congruence import BadInterests
    from recommender.direction import ARTEFACT

    rows = _read(data)
    try:
        with Bar("навчання") as bar:
            artefact = training.train(rows, onet or data.parent / ONET_INTERESTS, bar.update)
        training.write(folder or ARTEFACT.parent, artefact, datetime.now(UTC).date().isoformat())
    except training.TooFewRows as error:
        stop(f"Не навчено: {data}: {error}.")
    except (OSError, BadInterests) as error:
        stop(f"Не навчено: {error}")
    split = artefact["split"]
    click.echo(f"Навчено на {split['learned_from']} рядках, перевірено на {split['held_out']} відкладених.")
    click.echo(f"Записано: {folder or ARTEFACT.parent}")


@recommend_group.command("evaluate")
@click.argument("data", metavar="DATA.csv", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Один об’єкт JSON і більше нічого.")
@click.option("--held-out", is_flag=True, help="Лише рядки, яких навчання не бачить.")
@click.option(
    "--form",
    "items",
    default="48",
    show_default=True,
    type=click.Choice(list(FORMS)),
    help="Скільки запитань; 12 змодельовано з 48.",
)
@click.option(
    "--model",
    "folder",
    type=click.Path(path_type=Path),
    help="Тека з direction.json; інакше та, що з порадником.",
)
def recommend_evaluate(data: Path, as_json: bool, held_out: bool, items: str, folder: Path | None) -> None:
    """Виміряти модель напряму на відповідях DATA.csv поруч із популярністю й двома способами без навчання."""
    from recommender import training
    from recommender.direction import ARTEFACT, BadArtefact, read_artefact

    rows = _read(data)
    if held_out:
        if not rows.complete:
            stop(f"Не виміряно: {data}: без стовпців рис і sub не впізнати рядків, яких навчання не бачило.")
        rows = rows.kept(rows.held_out)
        if not len(rows):
            stop(f"Не виміряно: {data}: жоден рядок не належить до відкладених.")
    try:
        artefact = read_artefact(folder / training.ARTEFACT_FILE if folder else ARTEFACT)
    except (OSError, BadArtefact) as error:
        stop(f"Не виміряно: {error}")
    forms = [items] if as_json or items == "12" else list(FORMS)
    results = {form: _measured(artefact, FORMS[form], rows) for form in forms}
    if as_json:
        click.echo(json.dumps({**results[items], "rows": len(rows)}, ensure_ascii=False))
        return
    which = "відкладені рядки файлу" if held_out else "усі рядки файлу"
    click.echo(f"{data}: {which}, {len(rows)}.")
    if not held_out:
        click.echo(
            "Якщо з цього файлу модель і навчено, більшість рядків вона вже бачила: додайте --held-out."
        )
    for form in forms:
        click.echo("")
        click.echo(
            "48 запитань, по вісім на шкалу:"
            if form == "48"
            else f"12 запитань, по два на шкалу, змодельовано на тих самих рядках ({len(rows)}):"
        )
        for line in table(results[form]):
            click.echo(line)
    click.echo("")
    click.echo("Макро топ-3 моделі без частот напрямів, решта з ними. Менше краще: log-loss, ECE.")


def table(results: Mapping[str, Mapping[str, float | None]]) -> Sequence[str]:
    """Lines of a table: a method a line, a measure a column."""
    lines = [" " * _WIDTH + "".join(f"{name:>13}" for name in _MEASURES.values())]
    for method, name in _METHODS.items():
        values = (results[method][key] for key in _MEASURES)
        lines.append(
            f"{name:<{_WIDTH}}"
            + "".join(f"{'–' if one is None else format(one, '.4f'):>13}" for one in values)
        )
    return lines


def _measured(artefact: dict[str, Any], form: str, rows: "Rows") -> dict[str, dict[str, float | None]]:
    from recommender import evaluation, training
    from recommender.direction import Direction

    with Bar("вимірювання") as bar:
        return evaluation.evaluate(
            Direction(artefact, form),
            training.form_scales(artefact, form, rows.scales),
            rows.field,
            bar.update,
        )


def _read(data: Path) -> "Rows":
    from recommender import riasec

    try:
        return riasec.read(data)
    except (OSError, riasec.BadRow) as error:
        stop(f"Не прочитано: {error}")
