"""The two ways to match a person with a field that learn nothing: what the model has to be better than.

Fields are described by O*NET: each is the mean interest profile of the occupations it leads to. Which
occupations those are is our own reading (`fields.toml`).

This module uses O*NET interest data by the U.S. Department of Labor, Employment and Training Administration
(USDOL/ETA), used under the CC BY 4.0 licence; we averaged them by field.
"""

import csv
import tomllib
from pathlib import Path

import numpy as np

from recommender.riasec import FIELDS, SCALES, Floats, Integers

FIELD_OCCUPATIONS = Path(__file__).with_name("fields.toml")
LETTERS = 3


class BadInterests(Exception):
    """O*NET's file of interests cannot be read; the sentence says which and what to do."""


def field_occupations() -> dict[str, tuple[str, ...]]:
    """Field -> the beginnings of the O*NET-SOC codes it leads to; every field has some."""
    said = tomllib.loads(FIELD_OCCUPATIONS.read_text(encoding="utf-8"))["occupations"]
    return {field: tuple(said[field]) for field in FIELDS}


def field_profiles(interests: Path) -> Floats:
    """The mean interest profile (1 … 7) of each field's occupations, (36, 6), from O*NET's tab-separated file
    of interests. Raises OSError, and BadInterests."""
    profiles = _occupation_profiles(interests)
    rows = []
    for field, beginnings in field_occupations().items():
        matched = [profile for code, profile in sorted(profiles.items()) if code.startswith(beginnings)]
        if not matched:
            raise BadInterests(f"{interests}: немає жодної професії напряму «{field}»; потрібен повний файл.")
        rows.append(np.mean(matched, axis=0))
    return np.array(rows)


def _occupation_profiles(interests: Path) -> dict[str, list[float]]:
    read: dict[str, dict[str, float]] = {}
    with interests.open(newline="", encoding="utf-8-sig") as opened:
        try:
            for row in csv.DictReader(opened, delimiter="\t"):
                if row["Scale ID"] == "OI":
                    read.setdefault(row["O*NET-SOC Code"], {})[row["Element Name"].lower()] = float(
                        row["Data Value"]
                    )
            return {code: [values[scale] for scale in SCALES] for code, values in read.items()}
        except (KeyError, ValueError, TypeError, csv.Error) as error:
            raise BadInterests(
                f"{interests}: це не таблиця Interests бази O*NET ({error!r}); візьміть її з onetcenter.org."
            ) from error


def profile_correlation(scales: Floats, profiles: Floats) -> Floats:
    """Pearson's r over the six scales of each person's profile (n, 6) and each field's (k, 6): (n, k).

    A flat profile correlates with nothing: 0."""
    correlation: Floats = _standard(scales) @ _standard(profiles).T
    return correlation


def c_index(scales: Floats, profiles: Floats, seed: int = 0) -> Floats:
    """Brown and Gore's C of three-letter codes, (n, k), 0 … 18, for people (n, 6) and fields (k, 6).

    First letters weigh 3, second 2, third 1; each pair counts 3 for the same letter, 2 for neighbours on the
    hexagon, 1 for the ones after, 0 for opposites. Equal scales of a person are put in a random order."""
    random = np.random.default_rng(seed)
    people, fields = _three_letters(scales, random), _three_letters(profiles, random)
    total = np.zeros((len(people), len(fields)))
    for place, weight in enumerate((3, 2, 1)):
        apart = np.abs(people[:, place, None] - fields[None, :, place])
        total += weight * (3 - np.minimum(apart, len(SCALES) - apart))
    return total


def _three_letters(profiles: Floats, random: np.random.Generator) -> Integers:
    return np.lexsort((random.random(profiles.shape), -profiles), axis=1)[:, :LETTERS]


def _standard(profiles: Floats) -> Floats:
    away = profiles - profiles.mean(axis=1, keepdims=True)
    length = np.sqrt((away**2).sum(axis=1, keepdims=True))
    standard: Floats = np.divide(away, length, out=np.zeros_like(away), where=length > 1e-12)
    return standard
