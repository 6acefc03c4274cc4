"""Twelve items instead of forty-eight: scales of two items, simulated from scales of eight.

No file at hand has both the single answers and the field of study, so what two items of a scale would have
said is drawn at random. Classical test theory, parallel items: if eight items have the reliability α and
their mean has the variance v, the mean of two of them is the mean of all eight and an independent
deviation of variance 3 (1 - α) v. Its reliability is then α / (4 - 3 α), which is Spearman and Brown's
formula for a quarter of the length, and it correlates with the mean of all eight by 1 / √(4 - 3 α).

The deviation is not normal. Who answered 1 eight times answered 1 in any two of them; a normal deviation, cut
off at 1, would lift the means of people near the ends. So two items' mean is drawn from a Beta distribution
over 1 … 5 with the person's own mean as expectation, then rounded up or down to a half at random, without
bias. Expectation and, over all people, variance are those of the theory; nothing has to be cut off.
"""

import numpy as np

from recommender.riasec import HIGHEST, LOWEST, Floats

RELIABILITY = 0.82
"""α of eight items. Published values go from .82 to .88; the lowest, so that twelve items are not praised."""

STEP = 0.5
"""Two answers in whole points have means in halves."""


def reliability_of_two(reliability_of_eight: float) -> float:
    """Spearman and Brown's formula for a quarter of the length."""
    return reliability_of_eight / (4 - 3 * reliability_of_eight)


def concentrations(scales: Floats, reliability: float = RELIABILITY) -> Floats:
    """The Beta distributions' a + b of each scale, (6,), such that over these people (n, 6) the deviations
    have the variance of the theory. Raises ValueError where scales do not vary."""
    place = (scales - LOWEST) / (HIGHEST - LOWEST)
    wanted = 3 * (1 - reliability) * scales.var(axis=0)
    # Rounding at random adds f (1 - f) steps², f evenly spread: a sixth.
    wanted = (wanted - STEP**2 / 6) / (HIGHEST - LOWEST) ** 2
    if not (wanted > 0).all():
        raise ValueError("the scales of these people vary too little to simulate two items")
    result: Floats = np.maximum((place * (1 - place)).mean(axis=0) / wanted - 1, 0.1)
    return result


def shortened(scales: Floats, concentration: Floats, seed: int) -> Floats:
    """What two items of each scale might have said, (n, 6) in halves from 1 to 5. The same seed and people in
    the same order give the same answers."""
    random = np.random.default_rng(seed)
    place = (scales - LOWEST) / (HIGHEST - LOWEST)
    inside = (place > 0) & (place < 1)
    safe = np.where(inside, place, 0.5)
    drawn = np.where(inside, random.beta(safe * concentration, (1 - safe) * concentration), place)
    steps = drawn * (HIGHEST - LOWEST) / STEP
    rounded: Floats = LOWEST + STEP * np.floor(steps + random.random(steps.shape))
    return rounded
