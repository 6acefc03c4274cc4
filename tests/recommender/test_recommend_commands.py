"""`portal recommend train` and `portal recommend evaluate`."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from applicant_portal.cli import main
from recommender import evaluation
from recommender.direction import ARTEFACT
from tests.recommender import made_up

ROOT = Path(__file__).resolve().parents[2]
CARD = ARTEFACT.with_name("MODEL_CARD.md")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up answers, O*NET interests beside them, and what was learned in the folder `learned`."""
    folder = tmp_path_factory.mktemp("few")
    file = made_up.answers(folder)
    made_up.interests(folder)
    done = said("train", file, "--out", folder / "learned")
    assert done.exit_code == 0, done.output
    return file


def said(*words: object) -> Result:
    """What `portal recommend` answers."""
    return CliRunner().invoke(main, ["recommend", *map(str, words)])


def one_sentence(done: Result) -> str:
    """What was said when nothing was done."""
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_training_writes_coefficients_and_their_card(few: Path) -> None:
    names = sorted(one.name for one in (few.parent / "learned").iterdir())
    assert names == ["MODEL_CARD.md", "direction.json"]


def test_json_is_one_object_and_nothing_else(few: Path) -> None:
    done = said("evaluate", few, "--json")
    assert done.exit_code == 0
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert list(answer) == ["model", "popularity", "congruence", "three_letter", "rows"]
    assert answer["rows"] == 1440
    for method in evaluation.METHODS:
        assert tuple(answer[method]) == evaluation.MEASURES


def test_only_held_out_rows_are_measured_when_asked(few: Path) -> None:
    answer = json.loads(said("evaluate", few, "--json", "--held-out").stdout)
    assert 200 < answer["rows"] < 400


def test_twelve_items_are_simulated_the_same_way_every_time(few: Path) -> None:
    learned = few.parent / "learned"
    once, again = (said("evaluate", few, "--json", "--form", 12, "--model", learned).stdout for _ in range(2))
    assert once == again
    of_48 = json.loads(said("evaluate", few, "--json", "--model", learned).stdout)
    assert json.loads(once)["model"]["top3"] < of_48["model"]["top3"]


def test_the_table_tells_both_forms_and_which_rows(few: Path) -> None:
    shown = said("evaluate", few).stdout
    assert "усі рядки файлу, 1440" in shown
    assert "додайте --held-out" in shown
    assert "48 запитань" in shown
    assert "12 запитань, по два на шкалу, змодельовано" in shown
    assert shown.count("популярність") == 2
    assert "відкладені рядки" in said("evaluate", few, "--held-out").stdout
    assert "48 запитань" not in said("evaluate", few, "--form", 12).stdout


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_a_file_that_is_not_there_or_cannot_be_read_is_named(command: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"
    assert str(missing) in one_sentence(said(command, missing))
    spoilt = tmp_path / "spoilt.csv"
    lines = made_up.answers(tmp_path).read_text().splitlines()
    lines[6] = re.sub("^[^,]*", "many", lines[6])
    spoilt.write_text("\n".join(lines))
    sentence = one_sentence(said(command, spoilt))
    for words in (str(spoilt), "рядок 7", "«realistic»", "«many»"):
        assert words in sentence


def test_without_interests_of_o_net_nothing_is_learned(tmp_path: Path) -> None:
    sentence = one_sentence(said("train", made_up.answers(tmp_path), "--out", tmp_path / "learned"))
    assert str(tmp_path / "onet" / "Interests_2026-02.txt") in sentence
    assert not (tmp_path / "learned").exists()


def test_too_few_rows_teach_nothing(tmp_path: Path) -> None:
    made_up.interests(tmp_path)
    file = made_up.answers(tmp_path, people_of_a_field=1)
    assert str(file) in one_sentence(said("train", file, "--out", tmp_path / "learned"))


def test_without_coefficients_nothing_is_measured(few: Path, tmp_path: Path) -> None:
    assert "direction.json" in one_sentence(said("evaluate", few, "--model", tmp_path))
    (tmp_path / "direction.json").write_text("{}")
    assert "portal recommend train" in one_sentence(said("evaluate", few, "--model", tmp_path))


def test_naming_the_commands_loads_nothing_that_learns() -> None:
    script = (
        "import sys; from applicant_portal.cli import main; "
        "main(['recommend', '--help'], standalone_mode=False); "
        "assert 'sklearn' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "evaluate" in done.stdout
    assert "train" in done.stdout


@pytest.mark.parametrize(("form", "title"), [("48", "### 48 items"), ("12", "### 12 items")])
def test_the_card_has_the_figures_of_the_command(shared_data: Path, form: str, title: str) -> None:
    file = shared_data / "recommender" / "riasec_major_train.csv"
    answer = json.loads(said("evaluate", file, "--held-out", "--json", "--form", form).stdout)
    rows = card_table(CARD.read_text(), title)
    assert len(rows) == len(evaluation.METHODS)
    for method, cells in zip(evaluation.METHODS, rows, strict=True):
        expected = ["–" if one is None else f"{one:.4f}" for one in answer[method].values()]
        assert cells == expected
    assert f"On the {answer['rows']:,} held-out people" in CARD.read_text()


def card_table(card: str, title: str) -> list[list[Any]]:
    """The cells of the first table under a title, its names left out."""
    lines = card.partition(title)[2].split("\n\n")[1].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in lines[2:]]
