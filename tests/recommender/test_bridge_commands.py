"""`evaluate-bridge` and `build-bridge`: what they print, and the one sentence they end with."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from applicant_portal.recommending_bridge import build_bridge, evaluate_bridge
from recommender.occupation_vectors import ARTEFACT

HEADING = "O*NET-SOC Code,Title,Related O*NET-SOC Code,Related Title,Relatedness Tier,Index\n"
ROW = "15-1244.00,Administrators,15-1241.00,Architects,Primary-Short,1\n"


def test_json_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(HEADING + ROW)
    done = CliRunner().invoke(evaluate_bridge, [str(file), "--json"])
    assert done.exit_code == 0
    assert done.stderr == ""
    assert json.loads(done.stdout) == {"recall10": 1.0, "mrr": pytest.approx(1.0, abs=0.9), "occupations": 1}


def test_without_json_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(HEADING + ROW)
    assert "Recall@10: 1.000" in CliRunner().invoke(evaluate_bridge, [str(file)]).stdout


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (None, "такого файлу немає"),
        (b"", "рядок 1, стовпець O*NET-SOC Code: такого стовпця немає"),
        (b"O*NET-SOC Code,Relatedness Tier\n", "рядок 1, стовпець Related O*NET-SOC Code"),
        (HEADING.encode(), "рядок 2, стовпець Relatedness Tier: немає жодного рядка"),
        ((HEADING + ROW.replace("Primary-Short", "Supplemental")).encode(), "немає жодного рядка"),
        (
            (HEADING + ROW + "15-1244.00,A,,B,Primary-Long,2\n").encode(),
            "рядок 3, стовпець Related O*NET-SOC Code",
        ),
        ((HEADING + ROW + "15-1244.00,A\n").encode(), "рядок 3, стовпець Related O*NET-SOC Code: порожньо"),
        ((HEADING + ROW + '"15-1244.00,A\n').encode(), "рядок 3: не прочитано"),
        ((HEADING + ROW.replace("15-1244.00", "99-0000.00")).encode(), "жодної з цих професій"),
        (HEADING.encode("utf-16"), "це не текст у кодуванні UTF-8"),
    ],
)
def test_a_bad_table_ends_with_one_sentence_and_2(tmp_path: Path, content: bytes | None, place: str) -> None:
    file = tmp_path / "table.csv"
    if content is not None:
        file.write_bytes(content)
    done = CliRunner().invoke(evaluate_bridge, [str(file), "--json"])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(str(file))
    assert done.stderr.count("\n") == 1
    assert place in done.stderr


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    done = CliRunner().invoke(evaluate_bridge, [str(tmp_path)])
    assert done.exit_code == 2
    assert "не прочитано" in done.stderr


def test_half_of_the_primary_related_occupations_are_found(shared_data: Path) -> None:
    table = shared_data / "recommender" / "onet" / "related_occupations_dev_half.csv"
    figures = json.loads(CliRunner().invoke(evaluate_bridge, [str(table), "--json"]).stdout)
    assert list(figures) == ["recall10", "mrr", "occupations"]
    assert figures["recall10"] >= 0.5
    assert figures["mrr"] >= 0.85
    assert figures["occupations"] == 477


@pytest.mark.slow
def test_the_shipped_files_are_what_the_build_makes(shared_data: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        build_bridge, [str(shared_data / "recommender"), "--out", str(tmp_path / "new")]
    )
    assert done.exit_code == 0, done.stderr
    made = json.loads((tmp_path / "new" / "bridge.json").read_text())
    shipped = json.loads((ARTEFACT.parent / "bridge.json").read_text())
    assert made.keys() == shipped.keys()
    assert made["elements"] == shipped["elements"]
    for key, group in shipped["groups"].items():
        assert made["groups"][key]["links"] == group["links"]
        # Another processor may round the last digit otherwise.
        assert made["groups"][key].get("affinity", {}) == pytest.approx(group.get("affinity", {}), abs=0.02)


def test_a_build_without_data_ends_with_one_sentence_and_2(tmp_path: Path) -> None:
    done = CliRunner().invoke(build_bridge, [str(tmp_path), "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert "Skills.xlsx" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
