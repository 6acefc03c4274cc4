"""What answers say about fields of study, from the shipped coefficients: numpy only, nothing is learned here.

The artefact is one JSON file with two forms of the same model: `full` for scales of eight items (48 in all),
`short` for scales of two (12 in all). A scale nobody answered is NaN and counts as the mean of the people the
model learned from, so it adds exactly nothing to any score.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from recommender.riasec import IT, SCALES, Floats, Integers

ARTEFACT = Path(__file__).parent / "artefact" / "direction.json"
"""The one that is shipped."""

FORMS = ("full", "short")
LISTED = 3
"""So many fields are named to a person."""

BANDS = ("low", "middle", "high")


class BadArtefact(Exception):
    """The file of coefficients is not one; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True)
class ItFit:
    """How people with such answers stand to IT, n of them."""

    share: Floats
    """P(computing_it | answers), (n,); decile by decile it agrees with what held-out people chose."""
    band: tuple[str, ...]
    """low, middle or high against the average share, n of them."""
    observed: Floats
    """The share of held-out people of the same band who study computing, (n,)."""
    average: float
    """The share among all held-out people."""


class Direction:
    """The model of one form. `scales` is always (n, 6), in the order of SCALES, 1 … 5, NaN if unanswered."""

    def __init__(self, artefact: Mapping[str, Any], form: str = "full") -> None:
        """`artefact`: the object of the JSON file. Raises KeyError, ValueError, TypeError if it is none."""
        if form not in FORMS:
            raise ValueError(f"{form!r} is none of {FORMS}")
        if tuple(artefact["scales"]) != SCALES:
            raise ValueError("scales in another order")
        learned = artefact["forms"][form]
        self.form = form
        self.fields: tuple[str, ...] = tuple(artefact["fields"])
        fields = len(self.fields)
        self.prior = _array(artefact["prior"], (fields,))
        self.onet_profiles = _array(artefact["onet_profiles"], (fields, len(SCALES)))
        self.mean = _array(learned["mean"], (len(SCALES),))
        self._weights = _array(learned["weights"], (fields, len(SCALES)))
        self._intercept = _array(learned["intercept"], (fields,))
        self._it = self.fields.index(IT)
        self._it_fit = learned["it_fit"]
        self._sureness = learned["sureness"]

    @classmethod
    def read(cls, path: Path = ARTEFACT, form: str = "full") -> Self:
        """Raises OSError, and BadArtefact."""
        return cls(read_artefact(path), form)

    def probabilities(self, scales: ArrayLike) -> Floats:
        """P(field | answers) as frequent as fields are among test takers, (n, 36); rows sum to 1."""
        return np.exp(self._log_probabilities(scales))

    def prior_free(self, scales: ArrayLike) -> Floats:
        """log P(field | answers) - log P(field), (n, 36): above 0 where answers speak for a field, however
        many people choose it."""
        return self._log_probabilities(scales) - np.log(self.prior)

    def listed(self, scales: ArrayLike) -> Integers:
        """The fields we name, best first, (n, 3) places in `fields`: those first without the prior."""
        return np.argsort(-self.prior_free(scales), axis=1, kind="stable")[:, :LISTED]

    def it_fit(self, scales: ArrayLike) -> ItFit:
        """See ItFit. Meant as a hint, never as a gate."""
        share = self.probabilities(scales)[:, self._it]
        band = np.searchsorted(np.asarray(self._it_fit["thresholds"]), share, side="right")
        observed = np.array([self._it_fit["bands"][name]["observed"] for name in BANDS])
        return ItFit(share, tuple(BANDS[one] for one in band), observed[band], float(self._it_fit["average"]))

    def sureness(self, scales: ArrayLike) -> Floats:
        """How often held-out people found their field among the three named, (n,): people whose list is as
        probable as this one, by quarters."""
        quarter = np.searchsorted(np.asarray(self._sureness["edges"]), self.listed_mass(scales), side="right")
        return np.array([one["observed"] for one in self._sureness["quarters"]])[quarter]

    def listed_mass(self, scales: ArrayLike) -> Floats:
        """The probability of the three fields named, together, (n,)."""
        listed = np.take_along_axis(self.probabilities(scales), self.listed(scales), axis=1)
        mass: Floats = listed.sum(axis=1)
        return mass

    def item_weights(self, field: str) -> Floats:
        """What one point of each scale adds to the log odds of `field` against computing_it, (6,).

        For answers x the whole sum is `item_weights(field) @ (x - mean)` and a constant. Raises ValueError
        for an unknown field."""
        difference: Floats = self._weights[self.fields.index(field)] - self._weights[self._it]
        return difference

    def _log_probabilities(self, scales: ArrayLike) -> Floats:
        given = np.asarray(scales, dtype=np.float64)
        if given.ndim != 2 or given.shape[1] != len(SCALES):
            raise ValueError(f"scales must be (n, {len(SCALES)}), not {given.shape}")
        away = np.where(np.isnan(given), 0.0, given - self.mean)
        logits = self._intercept + away @ self._weights.T
        highest = logits.max(axis=1, keepdims=True)
        log_total = highest + np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
        result: Floats = logits - log_total
        return result


def read_artefact(path: Path = ARTEFACT) -> dict[str, Any]:
    """The object of the JSON file, looked through. Raises OSError, and BadArtefact."""
    try:
        artefact: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for form in FORMS:
            opened = Direction(artefact, form)
            # Somebody who answered nothing is asked about, so that tables are looked at too.
            unanswered = np.full((1, len(SCALES)), np.nan)
            opened.it_fit(unanswered), opened.sureness(unanswered)
    except (ValueError, LookupError, TypeError) as error:
        raise BadArtefact(
            f"{path}: це не файл коефіцієнтів напряму ({error}); зробіть його наново: portal recommend train."
        ) from error
    return artefact


def _array(values: object, shape: tuple[int, ...]) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"expected {shape} finite numbers, got {array.shape}")
    return array
