"""One listing as the workspace shows it and takes it back: plain JSON, and an ETag that follows it."""

import hashlib
import json
from typing import Any

from applicant_portal.catalogue.facts import FactStamp, is_empty
from applicant_portal.catalogue.models import Listing, Offer
from applicant_portal.workspace import fields, stamping
from applicant_portal.workspace.fields import Field

# What a PUT may change; all else is told, not taken.
EDITABLE = ("fields", "offers", "skills", "professions")


def shown(listing: Listing) -> dict[str, Any]:
    """The listing, loaded as `service.find` loads it.

    {"id", "kind", "visibility", "state", "url", "institution", "fields": {name: value}, "offers": [{"id",
    "year", …}] newest first, "skills": [keys] in order, "professions": [keys] (those of the speciality, too),
    "completeness": {"filled", "of", "missing"}, "confirmed": {field: {"as_of", "by", "origin"}} for every
    known field that a dated word stands behind; an offer's field is "offers.<id>.<name>"}.
    """
    institution = listing.institution
    return {
        "id": listing.id,
        "kind": listing.kind,
        "visibility": listing.visibility,
        "state": listing.state,
        "url": listing.path,
        "institution": institution
        and {
            "edebo_id": institution.edebo_id,
            "name": institution.name,
            "short_name": institution.short_name,
        },
        "fields": {name: present(listing, field) for name, field in fields.of_kind(listing.kind).items()},
        "offers": [shown_offer(offer) for offer in offers_in_order(listing)],
        "skills": skills(listing),
        "professions": professions(listing),
        "completeness": completeness(listing),
        "confirmed": _confirmed(listing),
    }


def content(listing: Listing) -> dict[str, Any]:
    """What of it can be edited."""
    whole = shown(listing)
    return {name: whole[name] for name in EDITABLE}


def etag(representation: dict[str, Any]) -> str:
    """A strong ETag of what `shown` gave. It follows from the content, so whoever writes, an importer too,
    changes it."""
    text = json.dumps(representation, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:40]}"'


def owner(listing: Listing, field: Field) -> Any:
    """The row that has the field's attribute."""
    return listing if field.part == "listing" else getattr(listing, field.part)


def present(listing: Listing, field: Field) -> Any:
    """A field of the listing as JSON."""
    if field.name == "speciality" and listing.programme is not None:
        return listing.programme.speciality or listing.programme.old_speciality
    return fields.write(field, getattr(owner(listing, field), field.name))


def offers_in_order(listing: Listing) -> list[Offer]:
    return sorted(listing.offers, key=lambda offer: (-offer.year, offer.id))


def shown_offer(offer: Offer) -> dict[str, Any]:
    return {"id": offer.id} | {
        name: fields.write(field, getattr(offer, name)) for name, field in fields.of_offer().items()
    }


def skills(listing: Listing) -> list[str]:
    return [tie.skill_key for tie in sorted(listing.skills, key=lambda tie: (tie.position, tie.skill_key))]


def professions(listing: Listing, basis: str | None = None) -> list[str]:
    """Keys of the professions it leads to, of one basis ("topic", "speciality") or of both."""
    return sorted(tie.profession_key for tie in listing.professions if basis in (None, tie.basis))


def completeness(listing: Listing) -> dict[str, Any]:
    """How much is known of what people ask for. "missing" names fields in the order of the form; the offers
    of a programme count as one."""
    known = {
        name: not is_empty(present(listing, field))
        for name, field in fields.of_kind(listing.kind).items()
        if field.need != "optional" and not _needless(listing, name)
    }
    known |= {"skills": bool(listing.skills), "professions": bool(listing.professions)}
    if listing.kind == "programme":
        known["offers"] = bool(listing.offers)
    missing = [name for name, filled in known.items() if not filled]
    return {"filled": len(known) - len(missing), "of": len(known), "missing": missing}


def gaps(listing: Listing) -> list[str]:
    """What must be known before the public sees the listing and is not: names in the order of the form."""
    return [
        name
        for name, field in fields.of_kind(listing.kind).items()
        if field.needed and is_empty(present(listing, field))
    ]


def known_by_group(listing: Listing) -> dict[str, list[str]]:
    """Stamp group -> the edited fields of the listing that are known."""
    known: dict[str, list[str]] = {}
    for name, field in fields.of_kind(listing.kind).items():
        if not is_empty(present(listing, field)):
            known.setdefault(field.group, []).append(name)
    if listing.skills:
        known.setdefault("record", []).append("skills")
    if listing.professions:
        known.setdefault("record", []).append("professions")
    return known


def known_of_offer(offer: Offer) -> dict[str, list[str]]:
    return {"offer": [name for name in fields.of_offer() if not is_empty(getattr(offer, name))]}


def _needless(listing: Listing, name: str) -> bool:
    """A programme's price stands with its offers where one has it, and a free thing has no year of price."""
    if name in ("price_uah", "price_year") and any(offer.price_uah is not None for offer in listing.offers):
        return True
    if name in ("city", "region") and listing.format == "online":
        return True
    return name == "price_year" and listing.price_uah in (None, 0)


def _confirmed(listing: Listing) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    for group, names in known_by_group(listing).items():
        for name in names:
            _note(out, name, stamping.standing(listing.stamps, name, group))
    for offer in offers_in_order(listing):
        for name in known_of_offer(offer)["offer"]:
            _note(out, f"offers.{offer.id}.{name}", stamping.standing(offer.stamps, name, "offer"))
    return out


def _note(out: dict[str, dict[str, Any]], name: str, stamp: FactStamp | None) -> None:
    if stamp is not None:
        out[name] = {"as_of": stamp.as_of, "by": stamp.source_name, "origin": stamp.origin}
