"""How near two occupations are, by what they need and what is done in them.

An occupation is three unit vectors: importance of 35 skills, importance of 33 areas of knowledge, and its
texts (title, description, task statements) as TF-IDF reduced to 100 numbers. Similarity, -1 … 1, is the
weighted mean of the three cosines: the texts count half, skills and knowledge a quarter each, because texts
tell occupations apart better (see recommender/artefact/README.md for the measurements).

Importance is standardised per element over all occupations, then centred within each occupation: otherwise
a demanding occupation, which rates everything high, would resemble every other demanding one.

`build` needs scikit-learn and runs when the artefact is made; `read` and everything after it need numpy only.
The artefact keeps each number in one byte and is re-normalised when read; values are off by at most half a
step.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ATTRIBUTION: Mapping[str, str] = {
    "source": "O*NET 29.3 Database (May 2025) by the U.S. Department of Labor, Employment and Training "
    "Administration (USDOL/ETA), https://www.onetcenter.org/database.html",
    "licence": "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
    "modified": "Numbers were computed from O*NET data: standardised, averaged, reduced, rounded. USDOL/ETA "
    "has not approved, endorsed or tested these modifications.",
}
"""Goes into every artefact made from O*NET: its licence asks for the name, the changes and that they are
ours."""

ARTEFACT = Path(__file__).parent / "artefact" / "occupations.json"
WEIGHTS: Mapping[str, float] = {"skills": 0.25, "knowledge": 0.25, "texts": 0.5}
"""The parts of a vector and what each counts for; together 1."""

TEXT_DIMENSIONS = 100
STEPS = 127
TITLE_COUNTS = 3
"""A title says in three words what takes twenty task statements: it is read as many times."""


class BadArtefact(Exception):
    """A shipped file is missing or broken; the sentence says which and why."""


class Described(Protocol):
    """What `build` needs of O*NET (see recommender.onet.Occupations)."""

    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def titles(self) -> tuple[str, ...]: ...
    @property
    def descriptions(self) -> tuple[str, ...]: ...
    @property
    def tasks(self) -> tuple[str, ...]: ...
    @property
    def skills(self) -> Floats: ...
    @property
    def knowledge(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Vectors:
    """`codes` and `titles` are n long; `parts` holds an n x d matrix of unit rows for every name of
    WEIGHTS."""

    codes: tuple[str, ...]
    titles: tuple[str, ...]
    parts: Mapping[str, Floats]

    def similarity(self) -> Floats:
        """n x n, -1 … 1: every occupation with every other."""
        return self.similarity_to(self.parts)

    def similarity_to(self, parts: Mapping[str, Floats]) -> Floats:
        """m x n for m other vectors: `parts` holds an m x d matrix of unit rows for every name of WEIGHTS."""
        summands = [weight * (parts[name] @ self.parts[name].T) for name, weight in WEIGHTS.items()]
        return np.asarray(sum(summands[1:], start=summands[0]), dtype=np.float64)

    def mixed(self, shares: Mapping[str, float]) -> dict[str, Floats]:
        """One vector (1 x d per part) for {code: share}: the weighted mean, made a unit vector again so that
        a mixture of unlike occupations is not nearer to nothing than each of them. Raises KeyError on a code
        without a vector, ValueError without shares."""
        if not shares:
            raise ValueError("a mixture of no occupations")
        place = {code: number for number, code in enumerate(self.codes)}
        rows = [place[code] for code in shares]
        weights = np.array(list(shares.values()))[None, :]
        return {name: unit(weights @ part[rows]) for name, part in self.parts.items()}


@dataclass(frozen=True, slots=True)
class TextSpace:
    """The space of the texts, kept only while the artefacts are made."""

    vectoriser: Any
    reduction: Any
    centre: Floats

    def project(self, texts: Sequence[str]) -> Floats:
        """len(texts) x TEXT_DIMENSIONS, unit rows."""
        return unit(self.reduction.transform(self.vectoriser.transform(texts)) - self.centre)


def build(occupations: Described) -> tuple[Vectors, TextSpace]:
    """The vectors of all occupations, and the space in which other texts can be compared with them."""
    # At build time only: scikit-learn takes a second to load, and the portal never needs it here.
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    described = zip(occupations.titles, occupations.descriptions, occupations.tasks, strict=True)
    texts = [text(*one) for one in described]
    vectoriser = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2, max_df=0.5)
    counted = vectoriser.fit_transform(texts)
    reduction = TruncatedSVD(min(TEXT_DIMENSIONS, counted.shape[1] - 1), random_state=0)
    reduced = np.asarray(reduction.fit_transform(counted), dtype=np.float64)
    space = TextSpace(vectoriser, reduction, reduced.mean(axis=0))
    parts = {
        "skills": profile(occupations.skills),
        "knowledge": profile(occupations.knowledge),
        "texts": unit(reduced - space.centre),
    }
    return Vectors(occupations.codes, occupations.titles, parts), space


def text(title: str, description: str, tasks: str) -> str:
    """What is read of an occupation."""
    return " ".join([*[title] * TITLE_COUNTS, description, tasks])


def profile(importance: Floats) -> Floats:
    """n x d importance -> n x d unit rows: standardised per element, centred per occupation."""
    standardised = (importance - importance.mean(axis=0)) / np.maximum(importance.std(axis=0), 1e-9)
    return unit(standardised - standardised.mean(axis=1, keepdims=True))


def unit(rows: Floats) -> Floats:
    """Rows of length one; a row of zeros stays as it is."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), dtype=np.float64)


def write(vectors: Vectors, file: Path) -> None:
    """As JSON, one byte per number. Raises OSError."""
    packed = {}
    for name, part in vectors.parts.items():
        step = float(np.abs(part).max()) / STEPS
        numbers = np.rint(part / step).astype(np.int8)
        packed[name] = {
            "columns": part.shape[1],
            "step": step,
            "int8": base64.b64encode(numbers.tobytes()).decode("ascii"),
        }
    content = {
        "about": {**ATTRIBUTION, "holds": "unit vectors of occupations by skills, knowledge and texts"},
        "codes": vectors.codes,
        "titles": vectors.titles,
        "parts": packed,
    }
    file.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def read(file: Path = ARTEFACT) -> Vectors:
    """The vectors of a file made by `write`. Raises BadArtefact."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        codes = tuple(content["codes"])
        parts = {name: _unpacked(content["parts"][name], len(codes)) for name in WEIGHTS}
        return Vectors(codes, tuple(content["titles"]), parts)
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise BadArtefact(f"{file}: {error!r}") from error


def _unpacked(part: Mapping[str, Any], rows: int) -> Floats:
    numbers = np.frombuffer(base64.b64decode(part["int8"], validate=True), dtype=np.int8)
    return unit(numbers.reshape(rows, int(part["columns"])).astype(np.float64) * float(part["step"]))
