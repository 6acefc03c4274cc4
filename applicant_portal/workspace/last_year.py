"""What stood in a field before: a year ago for an offer, before its last change for the listing itself.

Nothing of it is saved by itself: it stands beside the field, and whoever takes it over sees it in the field
first. Dates are shown and never taken over: last year's are not this year's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from applicant_portal.catalogue.documents import main_offer
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Listing, Offer
from applicant_portal.workspace import fields, parts, representation, stamping
from applicant_portal.workspace.models import ListingChange

REMEMBERED = timedelta(days=548)
"""Eighteen months: from the spring before last until now."""
_NEVER_TAKEN = ("date",)


@dataclass(frozen=True, slots=True)
class Earlier:
    """One field as it was, as JSON. `year` of an offer, or `until` when it stood (one of both is there); on
    whose word, where that is known."""

    value: Any
    year: int | None
    until: datetime | None
    stamp: FactStamp | None


def takeable(field: fields.Field) -> bool:
    return field.type.name not in _NEVER_TAKEN


def same_offer_before(listing: Listing, offer: Offer) -> Offer | None:
    """The offer of the year before for the same form and entry base; of several, the one for the same kind of
    competition, else the larger."""
    found = [
        one
        for one in listing.offers
        if (one.year, one.form, one.entry_base) == (offer.year - 1, offer.form, offer.entry_base)
    ]
    return max(
        found,
        key=lambda one: (one.offer_type == offer.offer_type, one.licence_volume or 0, -one.id),
        default=None,
    )


def samples(listing: Listing, year: int) -> list[Offer]:
    """What a new offer may be like: the offers of the newest year up to `year`, the main one first."""
    known = [one for one in listing.offers if one.year <= year]
    newest = max((one.year for one in known), default=0)
    current = [one for one in known if one.year == newest]
    first = main_offer(current)
    return sorted(current, key=lambda one: (one is not first, one.id))


def next_year(listing: Listing, year: int) -> int:
    """The year of an offer that is made after the sample: that of the campaign, if it has none yet."""
    return max([year, *(one.year + 1 for one in samples(listing, year)[:1])])


def of_offer(offer: Offer | None) -> tuple[Mapping[str, Earlier], FactStamp | None]:
    """Its known fields by name; the year is said of all of them. Where all of it stands on one word, that is
    told once, as the second, and the fields are silent."""
    if offer is None:
        return {}, None
    shown = representation.shown_offer(offer)
    found = {
        name: Earlier(shown[name], offer.year, None, stamping.standing(offer.stamps, name, "offer"))
        for name in fields.of_offer()
        if name != "year" and shown[name] is not None
    }
    words = {one.stamp for one in found.values()}
    if len(words) > 1:
        return found, None
    return {name: replace(one, stamp=None) for name, one in found.items()}, next(iter(words), None)


def of_listing(listing: Listing, rows: Sequence[ListingChange], now: datetime) -> Mapping[str, Earlier]:
    """The fields of the listing that were changed lately, by name, as they stood before their last change.
    `rows`: its history, newest first. What was set back, and the setting back, are no change."""
    undoings = {row.undone_by for row in rows if row.undone_by}
    found: dict[str, Earlier | None] = {}
    for row in rows:
        if row.at < now - REMEMBERED or row.undone_by or row.batch in undoings or row.field in found:
            continue
        known = fields.of_kind(listing.kind).get(row.field)
        if row.part == parts.TIES or (known is not None and known.part == row.part):
            stands = parts.get(listing, row.part, row.field)
            told = row.before not in (None, "", []) and row.before != stands
            found[row.field] = (
                Earlier(row.before, None, row.at, row.stood_on.get(row.field)) if told else None
            )
    return {name: earlier for name, earlier in found.items() if earlier is not None}
