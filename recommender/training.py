"""Making the artefact: learn on four parts of the rows, look at the fifth once, write both down.

Nothing is chosen on the held-out part: the penalty, the tolerance and the reliability of the short form are
constants. What comes from it is only what is said about the model: measures, and the two tables that turn
scores into sentences (how people of a band stand to IT, how often a list held the right field).
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from recommender import evaluation
from recommender.classifier import DirectionClassifier
from recommender.congruence import field_profiles
from recommender.direction import BANDS, Direction
from recommender.model_card import model_card
from recommender.riasec import FIELDS, IT, PARTS, SALT, SCALES, Flags, Floats, Integers, Rows
from recommender.short_form import RELIABILITY, concentrations, reliability_of_two, shortened

DIGITS = 8
"""Of every number written down: scores then agree with what was learned to the sixth digit."""

LEARNING_SEED, EVALUATING_SEED = 1, 2
"""Of the simulated short form: what is learned from is not drawn like what is evaluated on."""

LOW, HIGH = 0.5, 1.5
"""The low (high) band: deciles whose observed share is under (over) so many times the average."""

ARTEFACT_FILE, CARD_FILE = "direction.json", "MODEL_CARD.md"

Progress = Callable[[int, int], None]
STEPS = 5


class TooFewRows(Exception):
    """Nothing can be learned from these rows; the sentence says why."""


def train(rows: Rows, onet_interests: Path, progress: Progress = lambda *_: None) -> dict[str, Any]:
    """The artefact, numbers rounded, from rows (n) and O*NET's file of interests.

    Raises TooFewRows, OSError and congruence.BadInterests."""
    profiles = field_profiles(onet_interests)
    held_out = rows.held_out
    learning, unseen = rows.kept(~held_out), rows.kept(held_out)
    _enough(rows, learning, unseen)
    progress(1, STEPS)
    concentration = _rounded(concentrations(learning.scales))
    full = fitted(learning.scales, learning.field)
    progress(2, STEPS)
    short = fitted(shortened(learning.scales, np.array(concentration), LEARNING_SEED), learning.field)
    progress(3, STEPS)
    artefact: dict[str, Any] = {
        "format": 1,
        "scales": list(SCALES),
        "fields": list(FIELDS),
        "prior": _rounded(np.exp(full.class_log_prior_)),
        "onet_profiles": _rounded(profiles),
        "split": {
            "salt": SALT,
            "parts": PARTS,
            "learned_from": len(learning),
            "held_out": len(unseen),
        },
        "forms": {
            "full": {"items": 48, **_coefficients(full), **_no_tables()},
            "short": {
                "items": 12,
                "concentration": concentration,
                "reliability_of_eight": RELIABILITY,
                "reliability_of_two": _rounded(reliability_of_two(RELIABILITY)),
                **_coefficients(short),
                **_no_tables(),
            },
        },
    }
    artefact["evaluation"] = {}
    for done, form in enumerate(artefact["forms"], 4):
        # From the rounded numbers, as they will be read: what is said is said of the very file.
        direction = Direction(artefact, form)
        scales = form_scales(artefact, form, unseen.scales)
        artefact["forms"][form] |= _tables(direction, scales, unseen.field)
        artefact["evaluation"][form] = evaluation.evaluate(direction, scales, unseen.field)
        progress(done, STEPS)
    return artefact


def fitted(scales: Floats, field: Integers) -> DirectionClassifier:
    """The classifier that learned from people's scales (n, 6) and fields (n,)."""
    return DirectionClassifier().fit(scales, field)


def form_scales(artefact: dict[str, Any], form: str, scales: Floats) -> Floats:
    """What a form would have heard from people whose scales of eight items are these, (n, 6): the short form
    is simulated, with the spread that was found in training."""
    if form == "full":
        return scales
    return shortened(scales, np.array(artefact["forms"]["short"]["concentration"]), EVALUATING_SEED)


def shuffled(rows: Rows, seed: int = 0) -> Rows:
    """The same people with one another's fields: whatever is learned from them is popularity. For an honest
    look at the whole procedure; the digests stay, so the split does too."""
    order = np.random.default_rng(seed).permutation(len(rows))
    return Rows(rows.scales, rows.field[order], rows.content, rows.complete)


def write(folder: Path, artefact: dict[str, Any], made_on: str) -> None:
    """direction.json and MODEL_CARD.md into the folder, made if missing. `made_on`: a date, on the card only,
    so that the same rows give the same coefficients file on any day. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(artefact, sort_keys=True, indent=1, ensure_ascii=False)
    (folder / ARTEFACT_FILE).write_text(_lists_in_lines(text) + "\n", encoding="utf-8")
    (folder / CARD_FILE).write_text(model_card(artefact, made_on), encoding="utf-8")


def _enough(rows: Rows, learning: Rows, unseen: Rows) -> None:
    if not rows.complete:
        raise TooFewRows(
            "у файлі немає стовпців рис або sub, тож рядки не поділити на навчальні й відкладені"
        )
    missing = sorted(set(range(len(FIELDS))) - set(learning.field.tolist()))
    if missing:
        raise TooFewRows(f"у навчальній частині немає жодного рядка напряму «{FIELDS[missing[0]]}»")
    if len(unseen) < 10:
        raise TooFewRows(f"відкладених рядків лише {len(unseen)}, а для таблиць треба щонайменше 10")


def _coefficients(learned: DirectionClassifier) -> dict[str, Any]:
    return {
        "mean": _rounded(learned.mean_),
        "weights": _rounded(learned.coef_),
        "intercept": _rounded(learned.intercept_),
    }


def _no_tables() -> dict[str, Any]:
    return {"it_fit": {}, "sureness": {}}


def _tables(direction: Direction, scales: Floats, field: Integers) -> dict[str, Any]:
    share = direction.probabilities(scales)[:, FIELDS.index(IT)]
    mass = direction.listed_mass(scales)
    held = (direction.listed(scales) == field[:, None]).any(axis=1)
    edges = _edges(mass, 4)
    return {
        "it_fit": it_fit_table(share, field == FIELDS.index(IT)),
        "sureness": {"edges": _rounded(edges), "quarters": _groups(mass, held, edges)},
    }


def it_fit_table(share: Floats, chose: Flags) -> dict[str, Any]:
    """Deciles, bands and their thresholds, from predicted shares (n,) and whether people chose IT (n,).

    Low are the deciles from the lowest one on that observed under LOW times the average, high those from the
    highest one down over HIGH times; at least one decile is left in between."""
    edges = _edges(share, 10)
    deciles = _groups(share, chose, edges)
    average = float(chose.mean())
    low = 0
    while low < 8 and deciles[low]["observed"] < LOW * average:
        low += 1
    high = 10
    while high > low + 1 and deciles[high - 1]["observed"] > HIGH * average:
        high -= 1
    thresholds = np.array([edges[low - 1] if low else 0.0, edges[high - 1] if high < 10 else 1.1])
    bands = dict(zip(BANDS, _groups(share, chose, thresholds), strict=True))
    return {
        "average": _rounded(average),
        "deciles": deciles,
        "thresholds": _rounded(thresholds),
        "bands": bands,
    }


def _edges(values: Floats, groups: int) -> Floats:
    """What divides values into so many groups of equal size, (groups - 1,)."""
    edges: Floats = np.quantile(values, np.arange(1, groups) / groups)
    return edges


def _groups(predicted: Floats, observed: Flags, edges: Floats) -> list[dict[str, Any]]:
    of = np.searchsorted(np.array(_rounded(edges)), predicted, side="right")
    groups = []
    for number in range(len(edges) + 1):
        inside = of == number
        # An empty group has nothing observed; what is said of it is what is said of all.
        chosen = inside if inside.any() else np.ones_like(inside)
        groups.append(
            {
                "people": int(inside.sum()),
                "predicted": round(float(predicted[chosen].mean()), 4),
                "observed": round(float(observed[chosen].mean()), 4),
            }
        )
    return groups


def _rounded(values: Any) -> Any:
    """Plain numbers for JSON, in lists of lists as the array was."""
    return np.round(np.asarray(values, dtype=np.float64), DIGITS).tolist()


def _lists_in_lines(text: str) -> str:
    """A list of numbers or names on one line: a row of coefficients reads as a row."""
    return re.sub(r"\[\s+([^][{}]*?)\s+]", lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text)
