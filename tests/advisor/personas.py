"""The reference personas, and what a predicate of theirs means for a suggested path."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from applicant_portal.advisor.candidates import Row, main_areas
from applicant_portal.catalogue.naming import fold_name
from applicant_portal.settings import SEED_DATA
from recommender.schema import Path as SuggestedPath

Persona = dict[str, Any]
Predicate = Mapping[str, Any]
FILE = SEED_DATA / "advisor_personas.jsonl"


def personas(file: Path = FILE) -> list[Persona]:
    """All of them, in the order of the file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def holds(predicate: Predicate, path: SuggestedPath, row: Row, track_key: str | None) -> bool:
    """Whether a path meets every key of a predicate. What is not known meets none."""
    one = path.candidate
    main = main_areas(one)
    tests: Mapping[str, Any] = {
        "kind": lambda value: one.kind == value,
        "area": lambda value: value in main,
        "degree": lambda value: one.degree == value,
        "speciality": lambda value: row.speciality in value,
        "city": lambda value: one.city == value,
        "format": lambda value: row.format == value,
        "funding": lambda value: one.price == 0 or bool(one.funded),
        "track_key": lambda value: track_key == value,
        "title_has": lambda value: any(word.startswith(value) for word in fold_name(row.title).split()),
        "state": lambda value: one.state == value,
        "price_over": lambda value: one.price is not None and one.price > value,
        "form": lambda value: list(row.forms) == [value],
    }
    return all(tests[key](value) for key, value in predicate.items() if key != "within")


def broken(persona: Persona, shown: Sequence[tuple[SuggestedPath, Row, str | None]]) -> list[str]:
    """What the list does not keep of a persona, in words."""
    wrong = [
        f"misses {predicate}"
        for predicate in persona["expected"]
        if not any(holds(predicate, *one) for one in shown[: predicate.get("within", len(shown))])
    ]
    wrong += [
        f"shows {one[1].title!r} ({one[0].rank}), forbidden by {predicate}"
        for predicate in persona["forbidden"]
        for one in shown[: predicate.get("within", len(shown))]
        if holds(predicate, *one)
    ]
    return wrong
