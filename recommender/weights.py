"""The ranker's weights: one linear sum, set by hand from what is known, not learned.

No answers of our own visitors tell yet what suited whom; until they do these are expert priors (facts and
reasons: docs/RECOMMENDER.md). Each is the most its part can add to a score. Personas hold them in place
(seed_data/advisor_personas.jsonl).
"""

from collections.abc import Mapping
from typing import Final

TASK: Final = 2.0
"""A task that is liked and can be done, for the area it is the very work of."""

LIKING: Final[Mapping[str, float]] = {"like_can": 1.0, "like": 0.7, "can": -0.1, "no": -0.7}
"""Answer to a task -> its share of `TASK`: liking weighs .7, being able .3; a dislike counts against."""

INTEREST: Final = 1.0
"""How much the direction may lift or lower a listing of a neighbouring field, for a unit of log odds."""

ARTS: Final = 0.3
"""A point of artistic over conventional interest, for the area of design and games: the one thing inside IT
of which general interests tell a little (one against the rest, AUC .68)."""

ROLES: Final = 1.2
BACKGROUND: Final = 0.8
"""A service role or earlier work whose occupations are as near to the area as can be."""
NEAR_FROM: Final = 0.55
"""Below this nearness says nothing: half is what any occupation has."""
SAME_FIELD: Final = 1.5
"""Earlier work in the very field a listing belongs to beside computing."""

WHO: Final[Mapping[str, Mapping[str, float]]] = {
    "school_leaver": {"bachelor": 0.5, "junior_bachelor": 0.2, "support": 0.6},
    "student": {"course": 0.1, "master": 0.3, "support": 0.6},
    "veteran": {"support": 1.0, "course": 0.4},
    "career": {"course": 0.4, "support": 1.0},
}
"""Who asks -> what usually comes next for them, by degree or kind."""

NEXT_DEGREE: Final[Mapping[str, str]] = {"school_11": "bachelor", "college": "bachelor", "bachelor": "master"}
EDUCATION: Final = 0.4
"""A degree that follows the one the person has; as much is taken off one they have already."""
HAVE_ALREADY: Final[Mapping[str, tuple[str, ...]]] = {
    "bachelor": ("junior_bachelor", "bachelor"),
    "master": ("junior_bachelor", "bachelor", "master"),
}

KNOWN_FIT: Final[Mapping[str, float]] = {
    "money": 0.3,
    "format": 0.12,
    "hours": 0.06,
    "start": 0.06,
    "language": 0.08,
    "place": 0.3,
}
"""A fact that is known to fit what the person asked for; half as much is taken off where it is not known."""

UNKNOWN: Final = -0.5

STATE: Final[Mapping[str, float]] = {"running": 0.1, "unverified": -0.1}
AGE: Final[Mapping[str, float]] = {"fresh": 0.05, "aging": 0.0, "stale": -0.05, "none": -0.03}
FREE: Final = 0.02
FOREIGN: Final = -0.2
"""Known not to be taught in Ukrainian, where nobody has said which languages they can study in."""
BEGINNER: Final = 0.1
"""The title says that it is for beginners: most who ask are."""
AMOUNT: Final = 0.1
"""How much is paid is known, not only that somebody pays."""

LEAST_SAID: Final = 0.05
"""A smaller part of a score is no reason, for or against."""

MOST_PATHS: Final = 8
FEW: Final = 5
MOST_OF_PROVIDER: Final = 2
MOST_OF_AREA: Final = 4
"""So the first five show two areas at least."""
MOST_ALIKE: Final = 2
"""Of one kind and one area."""
MOST_OF_KIND: Final = 4
"""A course, a degree and a way to pay are different answers; one kind alone may fill the list where it is
all there is."""
MOST_SUPPORT: Final = 3
LIKED: Final = 0.5
"""From so much of a liking on (of `TASK`) an area has a place of its own …"""
LIKED_WITHIN: Final = 2.1
"""… for a listing that is no further than this from the best."""
SURE_BY: Final = 3
LIKED_BY: Final = (3, 3, 5, 5)
"""By these places the list shows the areas liked most, one after the other."""
KINDS_BY: Final[Mapping[str, int]] = {"course": 5, "programme": 5, "support": 5}
SUPPORT: Final = 2
SUPPORT_FOR_VETERANS: Final = 3
"""So many tracks for this very person in the whole list."""
