"""What the lines of a sheet want, listing by listing, and what is told of each line."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from applicant_portal.catalogue.models import Listing, Offer
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import changing, fields, representation
from applicant_portal.workspace.columns import OFFER, Flaw
from applicant_portal.workspace.comparing import Wanted
from applicant_portal.workspace.fields import Field
from applicant_portal.workspace.refusals import BadValue

Progress = Callable[[int, int], None]
"""Told (done, of how many)."""
NEW = "new:"
"""With the number of its first line, a listing that is not there yet."""
TIES = {one.name: one for one in fields.TIES}


@dataclass(slots=True)
class Verdict:
    """What came of a line. `target`, `outcome`, `gaps`, `digest`: as `models.FileLine` keeps them."""

    target: str | None = None
    outcome: str | None = None
    flaws: list[Flaw] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    digest: str | None = None


@dataclass(slots=True)
class OneOffer:
    """An offer that lines speak of: one that is there, or a new one."""

    present: Offer | None
    year: int
    identity: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    said_by: dict[str, int] = field(default_factory=dict)

    @property
    def edebo_id(self) -> str | None:
        return self.present.edebo_offer_id if self.present is not None else None


@dataclass(slots=True)
class Plan:
    """What the sheet wants of one listing. `listing` is a blank one where there is none yet; `wanted` is what
    `service.change` and `service.make` take; `said_by`: field -> the line that says it."""

    target: str
    listing: Listing
    numbers: list[int] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    said_by: dict[str, int] = field(default_factory=dict)
    offers: list[OneOffer] = field(default_factory=list)
    differs: Wanted = field(default_factory=Wanted)

    @property
    def is_new(self) -> bool:
        return self.target.startswith(NEW)

    @property
    def wanted(self) -> dict[str, Any]:
        wanted: dict[str, Any] = {
            "fields": {name: raw for name, raw in self.values.items() if name not in TIES}
        }
        wanted |= {name: self.values[name] for name in TIES if name in self.values}
        if "professions" in self.values and not self.is_new:
            # Those of the speciality are never taken away, so a sheet need not name them.
            follow = representation.professions(self.listing, "speciality")
            wanted["professions"] = list(dict.fromkeys([*self.values["professions"], *follow]))
        if any(one.values for one in self.offers):
            wanted["offers"] = [
                (representation.shown_offer(one.present) if one.present is not None else {}) | one.values
                for one in self.offers
            ]
        return wanted


@dataclass(slots=True)
class Checked:
    """`verdicts` by the number of the line; `plans` in the order of the file."""

    verdicts: dict[int, Verdict]
    plans: list[Plan]


def agree(one: Field, raw: Any, other: Any) -> bool:
    """Whether two lines say the same of a field, be it in other words."""
    if raw == other:
        return True
    try:
        return bool(fields.read(one, raw) == fields.read(one, other))
    except BadValue:
        return False


def said_otherwise(column: str, number: int, said: Any) -> Flaw:
    """An earlier line (its number) says something else of the same."""
    text = "; ".join(said) if isinstance(said, list) else str("—" if said is None else said)
    sentence = N_("Рядок %(line)d каже про це саме інше: «%(said)s»")
    return Flaw(column, sentence, {"line": number, "said": text[:60]})


def place(plan: Plan, name: str) -> tuple[int, str]:
    """The line and the column that a refused field of the listing stands in."""
    if not name.startswith("offers"):
        return plan.said_by.get(name, plan.numbers[0]), name
    _, _, rest = name.partition(".")
    which, _, own = rest.partition(".")
    fresh = [one for one in plan.offers if one.present is None]
    for one in plan.offers:
        label = str(one.present.id) if one.present is not None else f"new{fresh.index(one) + 1}"
        if label == which:
            return one.said_by.get(own, next(iter(one.said_by.values()), plan.numbers[0])), f"{OFFER}{own}"
    said = next((next(iter(one.said_by.values())) for one in plan.offers if one.said_by), plan.numbers[0])
    return said, f"{OFFER}year"


def changed_by(plan: Plan) -> set[int]:
    """The lines that change anything of the listing themselves."""
    names = [*plan.differs.fields, *(name for name in TIES if getattr(plan.differs, name) is not None)]
    found = {plan.said_by[name] for name in names if name in plan.said_by}
    changed = {offer.id: values for offer, values in plan.differs.offers}
    for one in plan.offers:
        if one.present is None:
            found |= set(one.said_by.values())
        else:
            found |= {one.said_by[name] for name in changed.get(one.present.id, {}) if name in one.said_by}
    return found


def digest_of(plan: Plan) -> str:
    """It follows from all that would change, and from what it would change from."""
    known, of_offer, differs = fields.of_kind(plan.listing.kind), fields.of_offer(), plan.differs
    said = {
        "target": "new" if plan.is_new else plan.target,
        "title": plan.listing.title if plan.is_new else None,
        "visibility": plan.listing.visibility,
        "fields": {
            name: [representation.present(plan.listing, known[name]), fields.write(known[name], value)]
            for name, value in differs.fields.items()
        },
        "offers": {
            offer.id: {
                name: [
                    fields.write(of_offer[name], getattr(offer, name)),
                    fields.write(of_offer[name], value),
                ]
                for name, value in values.items()
            }
            for offer, values in differs.offers
        },
        "new": [
            {name: fields.write(of_offer[name], value) for name, value in one.values.items()}
            for one in differs.new_offers
        ],
        "skills": differs.skills,
        "professions": differs.professions,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def becomes(plan: Plan) -> list[str]:
    """The fields by which it would be another programme."""
    return [name for name in changing.IDENTITY if name in plan.differs.fields]


def final(plan: Plan, name: str) -> Any:
    one = fields.of_kind(plan.listing.kind).get(name)
    if one is None:
        return None
    return plan.differs.fields.get(name, representation.present(plan.listing, one))
