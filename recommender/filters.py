"""Which listings are open to a person. Exact rules, never learned.

A rule answers True (known to fit), False (known not to fit) or None (nobody knows). Only False shuts a
listing out: unknown never reads as "no". Rules look at one answer at a time, so that each can be worked out
once for all listings and kept.
"""

from collections.abc import Callable, Mapping

from recommender.schema import Answers, Candidate

Rule = Callable[[Candidate, str], bool | None]

UNBOUNDED = {"place": "anywhere", "hours": "full", "money": "any", "start": "any"}
"""Answers that shut nothing out."""

FULL_TIME_HOURS = 35
"""A week of full-time study for a degree: by law a year is 60 credits of 30 hours ("On Higher Education",
1556-VII). How much of that a part-time student needs each week no source of ours says."""
_MOST_HOURS = {"5": 5, "10": 10, "20": 20, "full": 60}
_MOST_DAYS = {"now": 31, "half_year": 183, "any": 3660}

# What each answer to `routes` opens: doors into a degree programme, and audiences of tracks.
DOORS: Mapping[str, frozenset[str]] = {
    "nmt": frozenset(("nmt",)),
    "contract": frozenset(("contract", "nmt", "interview", "earlier_degree")),
    "combatant": frozenset(("interview", "quota_1")),
    "war_disability": frozenset(("interview",)),
    "quota_2": frozenset(("quota_2",)),
}
AUDIENCES: Mapping[str, frozenset[str]] = {
    "combatant": frozenset(("combatant", "discharged")),
    "discharged": frozenset(("discharged", "combatant", "wounded", "released")),
    "serving": frozenset(("serving", "combatant")),
    "war_disability": frozenset(("war_disabled", "disability", "wounded")),
    "disability": frozenset(("disability",)),
    "family": frozenset(("family", "family_of_fallen")),
    "family_child": frozenset(("family", "family_of_fallen", "child")),
    "quota_2": frozenset(("idp",)),
    "idp": frozenset(("idp",)),
    "age_45": frozenset(("age_45",)),
}
# Where nobody has said what is true of them, a veteran may be any of these, somebody else none.
_VETERANS = frozenset(("combatant", "discharged", "serving", "wounded", "released"))
_EVERYBODY = frozenset(("anyone",))


def place(candidate: Candidate, value: str) -> bool | None:
    """`online`: from home; else the name of a city, where what is taught online fits too."""
    if candidate.online:
        return True
    if value == "online":
        if candidate.formats is None:
            return candidate.online
        return "online" in candidate.formats
    if candidate.formats is not None and "online" in candidate.formats:
        return True
    return None if candidate.city is None else candidate.city == value


def format_(candidate: Candidate, value: str) -> bool | None:
    if candidate.formats is None:
        return False if value == "online" and candidate.online is False else None
    return value in candidate.formats


def hours(candidate: Candidate, value: str) -> bool | None:
    if candidate.least_hours is None:
        # Whatever its form, a degree is not studied in an hour a day.
        return False if candidate.kind == "programme" and value == "5" else None
    return candidate.least_hours <= _MOST_HOURS[value]


def money(candidate: Candidate, value: str) -> bool | None:
    if candidate.price == 0 or candidate.funded:
        return True
    if candidate.price is None:
        # A paid place alone, whatever it costs, is not for who has nothing.
        return False if candidate.funded is False and value == "0" else None
    if candidate.price <= int(value):
        return True
    return False if candidate.funded is False else None


def language(candidate: Candidate, value: str) -> bool | None:
    return None if not candidate.languages else value in candidate.languages


def start(candidate: Candidate, value: str) -> bool | None:
    return None if candidate.starts_in is None else candidate.starts_in <= _MOST_DAYS[value]


def education(candidate: Candidate, value: str) -> bool | None:
    return None if candidate.earlier_education is None else value in candidate.earlier_education


def accessibility(candidate: Candidate, value: str) -> bool | None:
    if candidate.online and value in ("step_free", "from_home"):
        return True
    if value == "from_home":
        return place(candidate, "online")
    if value == "own_pace":
        return True if candidate.own_pace else None
    told = candidate.access.get(value)
    return None if told in (None, "partly") else told == "yes"


RULES: Mapping[str, Rule] = {
    "place": place,
    "format": format_,
    "hours": hours,
    "money": money,
    "language": language,
    "start": start,
    "education": education,
    "accessibility": accessibility,
}
ALL_NEEDED = frozenset(("accessibility",))
"""Questions whose every chosen value must fit; of the others one is enough."""

RELAXED_FIRST = (
    "place",
    "format",
    "start",
    "hours",
    "money",
    "language",
    "accessibility",
    "routes",
    "education",
)
"""In which order filters give way where nothing passes them all: what a person can change comes first."""


def open_to(candidate: Candidate, answers: Answers) -> bool | None:
    """Whether a door of the programme or the audience of the track is among what the person has."""
    said = answers.get("routes", ())
    if candidate.kind == "track":
        return _audience(candidate, said, veteran="veteran" in answers.get("who", ()))
    if candidate.kind != "programme" or candidate.routes is None:
        return None
    doors = frozenset[str]().union(*(DOORS.get(value, ()) for value in said))
    if not doors:
        return None
    if set(answers.get("education", ())) & {"college", "bachelor", "master"}:
        doors |= {"earlier_degree"}
    return bool(doors & candidate.routes)


def _audience(candidate: Candidate, said: tuple[str, ...], *, veteran: bool) -> bool | None:
    wanted = candidate.audience
    if not wanted or wanted & _EVERYBODY:
        return None if not wanted else True
    mine = frozenset[str]().union(*(AUDIENCES.get(value, ()) for value in said))
    if mine:
        return bool(mine & wanted)
    return veteran and "none" not in said and bool(_VETERANS & wanted)


def implied(answers: Answers) -> Answers:
    """The answers with what follows from them: who finishes school has no degree yet."""
    if "education" not in answers and "school_leaver" in answers.get("who", ()):
        return {**answers, "education": ("school_11",)}
    return answers
