"""Which offer of a programme a line of a sheet speaks of, and what it says of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import fields, representation
from applicant_portal.workspace.columns import OFFER, OFFER_ID, Flaw, Says
from applicant_portal.workspace.plans import OneOffer, Plan, agree, said_otherwise
from applicant_portal.workspace.refusals import BadValue

IDENTITY = ("form", "entry_base", "offer_type")
"""What tells the offers of one year apart, where no number does."""


def merge(plan: Plan, says: Says, number: int) -> None:
    """Add what the line says to the offer that it means, an own one or a new one of the plan; what is wrong
    is added to the line's flaws."""
    meant = _meant(plan, says)
    if isinstance(meant, Flaw):
        says.flaws.append(meant)
        return
    known = fields.of_offer()
    for name, raw in says.offer.items():
        if name in meant.values and not agree(known[name], meant.values[name], raw):
            says.flaws.append(said_otherwise(f"{OFFER}{name}", meant.said_by[name], meant.values[name]))
        else:
            meant.values.setdefault(name, raw)
            meant.said_by.setdefault(name, number)


def _meant(plan: Plan, says: Says) -> OneOffer | Flaw:
    if plan.listing.kind != "programme":
        return Flaw(f"{OFFER}year", N_("Вступ за роками є лише в освітніх програм"))
    numbered = None
    if says.offer_id is not None:
        numbered = next((one for one in plan.offers if one.edebo_id == says.offer_id), None)
        if numbered is None:
            return Flaw(OFFER_ID, N_("У цієї програми немає вступу з таким номером"))
        if says.offer.get("year") is None:
            return numbered
    try:
        year: int = fields.read(fields.of_offer()["year"], says.offer.get("year"))
    except BadValue as bad:
        return Flaw(f"{OFFER}year", bad.sentence, bad.params)
    # A number beside another year: somebody took last year's line for the next one.
    if numbered is not None and numbered.year == year:
        return numbered
    identity = _identity(says)
    fitting = _fitting([one for one in plan.offers if one.year == year], identity, says)
    if len(fitting) > 1:
        sentence = N_(
            "Вступів цього року кілька: додайте форму навчання, основу вступу, вид конкурсу або номер у ЄДЕБО"
        )
        return Flaw(f"{OFFER}year", sentence)
    if fitting:
        return fitting[0]
    plan.offers.append(OneOffer(None, year, identity))
    return plan.offers[-1]


def _identity(says: Says) -> dict[str, Any]:
    known, found = fields.of_offer(), {}
    for name in IDENTITY:
        try:
            value = fields.read(known[name], says.offer.get(name))
        except BadValue:
            continue  # told when the offer is compared
        if value is not None:
            found[name] = value
    return found


def _fitting(of_year: Sequence[OneOffer], identity: Mapping[str, Any], says: Says) -> Sequence[OneOffer]:
    """Those that agree with all the line says of their identity, else those that say nothing against it; one
    where it can be: the one of exactly this identity, or one that the line repeats word for word, for EDEBO
    has offers that differ in nothing shown here."""

    def agreeing(*unknown: None) -> list[OneOffer]:
        return [
            one
            for one in of_year
            if all(one.identity.get(name) in (*unknown, value) for name, value in identity.items())
        ]

    fitting = agreeing() or agreeing(None)
    if len(fitting) > 1:
        exact = {name: identity.get(name) for name in IDENTITY}
        fitting = [one for one in fitting if {n: one.identity.get(n) for n in IDENTITY} == exact] or fitting
    if len(fitting) > 1:
        fitting = [one for one in fitting if _repeats(says.offer, one)][:1] or fitting
    return fitting


def _repeats(said: Mapping[str, Any], offer: OneOffer) -> bool:
    if offer.present is None:
        return False
    known, shown = fields.of_offer(), representation.shown_offer(offer.present)
    return all(agree(known[name], raw, shown[name]) for name, raw in said.items())
