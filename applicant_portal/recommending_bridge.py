"""`evaluate-bridge` and `build-bridge`: how good the ties between occupations are, and how they are made.

Both are plain commands for the group `portal recommend`. Neither opens a database.
"""

import json
from pathlib import Path

import click

from applicant_portal.console import stop
from applicant_portal.settings import SEED_DATA
from recommender.bridge_evaluation import BadRelations, evaluate, read
from recommender.occupation_vectors import ARTEFACT, BadArtefact
from recommender.occupation_vectors import read as read_vectors

REASONS = {
    BadRelations.NO_FILE: "такого файлу немає",
    BadRelations.NOT_TEXT: "це не текст у кодуванні UTF-8",
    BadRelations.NO_COLUMN: "такого стовпця немає",
    BadRelations.EMPTY: "порожньо",
    BadRelations.NO_PRIMARY: "немає жодного рядка «Primary-Short» чи «Primary-Long»",
}


@click.command("evaluate-bridge")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Лише JSON: recall10, mrr, occupations.")
def evaluate_bridge(file: Path, as_json: bool) -> None:
    """Порівняти близькість професій з таблицею споріднених професій O*NET (FILE, CSV).

    recall10: яку частку основних споріднених професій знайдено серед десяти найближчих; mrr: як високо перша
    з них. Працює із самого файлу порталу, без бази даних.
    """
    try:
        relations = read(file)
    except BadRelations as error:
        stop(_sentence(file, error))
    try:
        vectors = read_vectors()
    except BadArtefact as error:
        stop(f"Файл із близькістю професій не прочитано: {error}.")
    figures = evaluate(relations, vectors)
    if not figures["occupations"]:
        stop(
            f"{file}, рядок 2, стовпець O*NET-SOC Code: жодної з цих професій портал не знає, "
            "порівнювати нема чого."
        )
    if as_json:
        click.echo(json.dumps(figures))
        return
    click.echo(
        f"Професій порівняно: {figures['occupations']}. "
        f"Recall@10: {figures['recall10']:.3f}. MRR: {figures['mrr']:.3f}."
    )


@click.command("build-bridge")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=ARTEFACT.parent,
    show_default=True,
    help="Куди записати occupations.json і bridge.json.",
)
def build_bridge(folder: Path, out: Path) -> None:
    """Наново зробити зв’язки ролей служби, досвіду й завдань з професіями.

    FOLDER: тека з onet/ (O*NET 29.3) і таблицею кодів Міністерства оборони США. Ролі, досвід і професії взято
    з seed_data.
    """
    # scikit-learn loads for a second, and only this command needs it.
    from recommender import bridge_building, onet

    try:
        vectors, bridge = bridge_building.build(folder, bridge_building.read_lists(SEED_DATA))
        bridge_building.write(out, vectors, bridge)
    except (bridge_building.BadInput, onet.BadOnet, OSError) as error:
        stop(f"Зв’язки не зроблено: {error}.")
    click.echo(f"Записано в {out}: професій {len(vectors.codes)}, груп {len(bridge['groups'])}.")


def _sentence(file: Path, error: BadRelations) -> str:
    column = f", стовпець {error.column}" if error.column else ""
    place = f", рядок {error.row}{column}" if error.row else ""
    return f"{file}{place}: {REASONS.get(error.reason, f'не прочитано ({error.reason})')}."
