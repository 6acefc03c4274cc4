"""Whose word each field stands on after a person changed or confirmed it.

Fields share the stamp of their group; one that stands on another word has its own (catalogue.stamp_groups).
A changed field of the record or of an offer gets a stamp of its own: who mends one of twenty fields has not
spoken of the others, and an offer's weights, which have no stamp, go on following the register. The price and
the place are said as one, so there the group takes the new word and what was not touched keeps its own.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from applicant_portal.catalogue.facts import FactStamp, Stamps, is_empty
from applicant_portal.catalogue.models import Listing, Offer
from applicant_portal.catalogue.stamp_groups import (
    LISTING_FIELDS,
    OFFER_FIELDS,
    PART_FIELDS,
    PLACE_FIELDS,
    PRICE_FIELDS,
)

_LED_BY_ONE = ("price", "place")
# What changes with a field that a person edits, and so stands on the same word.
_TOGETHER = {"speciality": "old_speciality", "organiser_uk": "provider"}


def standing(stamps: Stamps, field: str, group: str) -> FactStamp | None:
    """The word that a field stands on."""
    return stamps.get(field) or stamps.get(group)


def note_changes(holder: Listing | Offer, group: str, changed: Collection[str], stamp: FactStamp) -> None:
    """Note that these fields of the group now stand on `stamp`. To be called after they were set."""
    stamps = dict(holder.stamps or {})
    fields = set(changed) | {_TOGETHER[field] for field in changed if field in _TOGETHER}
    if group not in _LED_BY_ONE:
        holder.stamps = stamps | dict.fromkeys(fields, stamp)
        return
    shared = stamps.get(group)
    for field, value in _group(holder, group).items():
        if field in fields and is_empty(value):
            # Cleared by a person: its own word keeps others from filling it in again.
            stamps[field] = stamp
        elif field in fields:
            stamps.pop(field, None)
        elif shared not in (None, stamp) and not is_empty(value):
            stamps.setdefault(field, shared)
    holder.stamps = stamps | {group: stamp}


def note_confirmed(holder: Listing | Offer, known: Mapping[str, Iterable[str]], stamp: FactStamp) -> None:
    """Note that all `known` fields (group -> names) hold under `stamp`. What the workspace does not show,
    nobody confirmed: it keeps the word it stood on."""
    stamps = dict(holder.stamps or {})
    for group, names in known.items():
        fields = set(names)
        if not fields:
            continue
        fields |= {_TOGETHER[field] for field in fields if field in _TOGETHER}
        shared = stamps.get(group)
        for field, value in _group(holder, group).items():
            if field not in fields and shared not in (None, stamp) and not is_empty(value):
                stamps.setdefault(field, shared)
        for field in fields:
            stamps.pop(field, None)
        stamps[group] = stamp
    holder.stamps = stamps


def _group(holder: Listing | Offer, group: str) -> dict[str, Any]:
    """Every field of the group as the importers know it, edited here or not."""
    if isinstance(holder, Offer):
        return {field: getattr(holder, field) for field in OFFER_FIELDS}
    if group == "price":
        return {field: getattr(holder, field) for field in PRICE_FIELDS}
    if group == "place":
        return {field: getattr(holder, field) for field in PLACE_FIELDS}
    part = getattr(holder, holder.kind)
    return {field: getattr(holder, field) for field in LISTING_FIELDS} | {
        field: getattr(part, field) for field in PART_FIELDS[holder.kind]
    }
