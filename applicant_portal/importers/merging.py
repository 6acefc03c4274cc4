"""Whose word stands, field by field, when a record is read again from another source.

A record's fields share one stamp (its group's); a field that stands on another source has a stamp of its
own. Each field takes the newest word that says anything about it, so files may be read in any order and
any number of times. An empty value says nothing. What an institution confirmed is never replaced here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from applicant_portal.catalogue.facts import FactStamp, Stamps, is_empty


def merge(
    current: Mapping[str, Any],
    stamps: Stamps,
    values: Mapping[str, Any],
    stamp: FactStamp,
    group: str = "record",
) -> tuple[dict[str, Any], Stamps]:
    """What changes when `values` are read under `stamp`.

    `current` holds every field of the group as it is, `stamps` all stamps of the row. Answers the fields
    to set and the row's new stamps; both are equal to what was there when nothing is new.
    """
    shared = stamps.get(group)
    leads = shared is None or replaces(shared, stamp)
    changes: dict[str, Any] = {}
    out = dict(stamps)
    said = {field for field, value in values.items() if not is_empty(value)}
    for field in said:
        if stamp.origin != "institution" and kept_by_institution(stamps, field, current[field], group):
            continue
        known = stamps.get(field) or shared
        value = values[field]
        if is_empty(current[field]):
            changes[field] = value
        elif known is None or replaces(known, stamp):
            if current[field] != value:
                changes[field] = value
        else:
            continue
        if leads:
            out.pop(field, None)
        elif stamp != shared:
            out[field] = stamp
    if not leads or not said:
        return changes, out
    for field, value in current.items():
        # What the new source is silent about still stands on the old one.
        if shared not in (None, stamp) and field not in said and not is_empty(value):
            out.setdefault(field, shared)
    out[group] = stamp
    return changes, out


def apply(
    target: Any,
    fields: Iterable[str],
    values: Mapping[str, Any],
    stamp: FactStamp,
    group: str = "record",
) -> bool:
    """`merge` into an object with attribute `stamps`; True when anything changed."""
    return apply_parts(target, [(target, fields)], values, stamp, group)


def apply_parts(
    holder: Any,
    parts: Iterable[tuple[Any, Iterable[str]]],
    values: Mapping[str, Any],
    stamp: FactStamp,
    group: str = "record",
) -> bool:
    """`merge` into several objects that share the stamps of `holder`; True when anything changed."""
    owners = {field: owner for owner, fields in parts for field in fields}
    current = {field: getattr(owner, field) for field, owner in owners.items()}
    before: Stamps = holder.stamps or {}
    changes, stamps = merge(current, before, values, stamp, group)
    changed = False
    for field, value in changes.items():
        changed |= set_fields(owners[field], {field: value})
    if stamps != before:
        holder.stamps = stamps
        changed = True
    return changed


def set_fields(target: Any, values: Mapping[str, Any]) -> bool:
    """Set what differs; True when anything did."""
    changed = False
    for field, value in values.items():
        if getattr(target, field) != value:
            setattr(target, field, value)
            changed = True
    return changed


def kept_by_institution(stamps: Stamps, field: str, value: Any, group: str = "record") -> bool:
    """Whether the institution said this itself. A value that it left open while confirming the rest may be
    filled in by others; one that it cleared has a stamp of its own and stays empty."""
    word = stamps.get(field) or (None if is_empty(value) else stamps.get(group))
    return word is not None and word.origin == "institution"


def replaces(old: FactStamp, new: FactStamp) -> bool:
    """Whether the word under `new` may replace the one under `old`.

    Of two sources with the same date and origin the register itself stands before who reprints it.
    """
    if not old.yields_to(new):
        return False
    return not new.yields_to(old) or _first_hand(new) >= _first_hand(old)


def _first_hand(stamp: FactStamp) -> bool:
    return (stamp.source_name or "").startswith("ЄДЕБО")
