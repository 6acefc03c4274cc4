"""A small file of answers and a small table of O*NET interests: every path of the code, no real person."""

from pathlib import Path

import numpy as np

from recommender.congruence import field_occupations
from recommender.riasec import FIELDS, IT, SCALES, TRAITS


def answers(folder: Path, people_of_a_field: int = 40) -> Path:
    """A CSV file: the people of each field answer round a profile of its own."""
    random = np.random.default_rng(11)
    lines = [",".join((*SCALES, *TRAITS, "field", "sub"))]
    for field in FIELDS:
        profile = random.uniform(1.5, 4.5, 6)
        for _ in range(people_of_a_field):
            scales = np.clip(np.round((profile + random.normal(0, 0.6, 6)) * 8) / 8, 1, 5)
            traits = random.integers(-7, 8, 5)
            sub = "computer_science" if field == IT else ""
            lines.append(",".join([*map(str, scales), *map(str, traits), field, sub]))
    file = folder / "answers.csv"
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return file


def interests(folder: Path) -> Path:
    """O*NET's table where the command looks for it: one occupation for each beginning of a code we name."""
    random = np.random.default_rng(12)
    lines = ["O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tDate\tDomain Source"]
    for beginnings in field_occupations().values():
        for code in beginnings:
            whole = f"{code:0<7}.00"
            for scale in SCALES:
                value = random.uniform(1, 7)
                lines.append(f"{whole}\t1.B.1\t{scale.title()}\tOI\t{value:.2f}\t02/2026\tMade up")
            lines.append(f"{whole}\t1.B.1.g\tFirst Interest High-Point\tIH\t3.00\t02/2026\tMade up")
    file = folder / "onet" / "Interests_2026-02.txt"
    file.parent.mkdir()
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return file
