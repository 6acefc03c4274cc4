"""Every part of a listing that history speaks of, read and set as JSON by the name of its part and field.

Beside the edited fields: "visibility", "slug", "old_speciality", "provider" of a track, "stamps" of the
listing or of an offer, "offer" (an offer as a whole; None: there is none), "routes" and "by_speciality"
(professions that follow from the speciality).
"""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from applicant_portal.catalogue import specialities
from applicant_portal.catalogue.facts import FactStamp, Stamps, StampsColumn
from applicant_portal.catalogue.models import (
    EntryRoute,
    Listing,
    ListingProfession,
    ListingSkill,
    Offer,
    Programme,
)
from applicant_portal.workspace import addresses, fields, representation
from applicant_portal.workspace.fields import Field
from applicant_portal.workspace.reading import Day

LISTING, TIES, ROUTES = "listing", "skills", "routes"
# What follows from other fields, and what a reader of the history is not told.
COMPUTED = frozenset({"stamps", "old_speciality", "routes", "by_speciality"})
GONE = object()
_column = StampsColumn()


def offer_part(offer: Offer) -> str:
    return f"offer:{offer.id}"


def get(listing: Listing, part: str, field: str) -> Any:
    """What stands there now, as JSON; `GONE` when the part itself is there no more."""
    if part.startswith("offer:"):
        return _of_offer(find_offer(listing, part), field)
    if part == TIES:
        if field == "skills":
            return representation.skills(listing)
        return representation.professions(listing, "speciality" if field == "by_speciality" else "topic")
    if part == ROUTES:
        return [[door.route, door.basis, door.year] for door in sorted(listing.routes, key=lambda d: d.route)]
    known = fields.of_kind(listing.kind).get(field)
    if known is not None and known.part == part:
        return representation.present(listing, known)
    if field == "stamps":
        return dumped(listing.stamps)
    if field == "made":
        return representation.content(listing)
    return getattr(listing if part == LISTING else getattr(listing, part), field, GONE)


def put(session: Session, listing: Listing, part: str, field: str, raw: Any) -> None:
    """Set what `get` gave earlier; nothing is checked, it has stood there before."""
    if part.startswith("offer:"):
        _put_offer(session, listing, part, field, raw)
    elif part == TIES:
        if field == "skills":
            tie_skills(listing, raw)
        else:
            tie_professions(session, listing, raw, "speciality" if field == "by_speciality" else "topic")
    elif part == ROUTES:
        open_routes(listing, [EntryRoute(route=door, basis=by, year=year) for door, by, year in raw])
    elif field == "slug":
        if addresses.is_free(session, listing, raw):
            addresses.move(session, listing, raw)
    elif field == "stamps":
        listing.stamps = loaded(raw)
    elif field == "speciality" and listing.programme is not None:
        set_speciality(listing.programme, raw)
    else:
        known = fields.of_kind(listing.kind).get(field)
        target = listing if part == LISTING else getattr(listing, part)
        setattr(target, field, _value(known, raw))


def find_offer(listing: Listing, part: str) -> Offer | None:
    return next((offer for offer in listing.offers if offer_part(offer) == part), None)


def set_speciality(programme: Programme, code: str | None) -> None:
    """Set a code that `SpecialityCode` read. The old code it was known by stays where it fits."""
    codes = specialities.codes(code)
    kept = programme.old_speciality
    fits = kept is not None and codes.new is not None and specialities.codes(kept).new == codes.new
    programme.speciality = codes.new
    programme.old_speciality = kept if fits else codes.old


def tie_skills(listing: Listing, keys: list[str]) -> None:
    present = {tie.skill_key: tie for tie in listing.skills}
    for key in set(present) - set(keys):
        listing.skills.remove(present[key])
    for position, key in enumerate(keys, start=1):
        if key in present:
            present[key].position = position
        else:
            listing.skills.append(ListingSkill(skill_key=key, position=position))


def tie_professions(session: Session, listing: Listing, keys: list[str], basis: str) -> None:
    """Make `keys` the professions of this basis; one that the other basis gives already stays as it is."""
    present = {tie.profession_key: tie for tie in listing.professions}
    for key, tie in present.items():
        if tie.basis == basis and key not in keys:
            listing.professions.remove(tie)
    # A tie's identity is its profession: the old row goes before one of the other basis comes.
    session.flush()
    for key in keys:
        if key not in present or present[key] not in listing.professions:
            listing.professions.append(ListingProfession(profession_key=key, basis=basis))


def open_routes(listing: Listing, wanted: list[EntryRoute]) -> None:
    """Make `wanted` the entry routes."""
    doors = {door.route: door for door in wanted}
    for door in list(listing.routes):
        new = doors.pop(door.route, None)
        if new is None:
            listing.routes.remove(door)
        else:
            door.basis, door.year = new.basis, new.year
    listing.routes.extend(
        EntryRoute(route=door.route, basis=door.basis, year=door.year) for door in doors.values()
    )


def remove_offer(session: Session, listing: Listing, offer: Offer) -> None:
    session.flush()
    # What goes with it must be loaded to go.
    session.scalar(
        select(Offer)
        .where(Offer.id == offer.id)
        .options(selectinload(Offer.subjects), selectinload(Offer.results))
        .execution_options(populate_existing=True)
    )
    listing.offers.remove(offer)


def dumped(stamps: Stamps) -> dict[str, dict[str, str]]:
    """Stamps as JSON."""
    found: dict[str, dict[str, str]] = _column.process_bind_param(stamps, None)  # type: ignore[arg-type]
    return found


def loaded(raw: dict[str, dict[str, Any]] | None) -> Stamps:
    return {field: FactStamp(**stamp) for field, stamp in (raw or {}).items()}


def whole_offer(offer: Offer) -> dict[str, Any]:
    """An offer as history keeps it when it comes or goes."""
    return {name: _of_offer(offer, name) for name in fields.of_offer()} | {"stamps": dumped(offer.stamps)}


def _of_offer(offer: Offer | None, field: str) -> Any:
    if field == "offer":
        return None if offer is None else whole_offer(offer)
    if offer is None:
        return GONE
    if field == "stamps":
        return dumped(offer.stamps)
    return fields.write(fields.of_offer()[field], getattr(offer, field))


def _put_offer(session: Session, listing: Listing, part: str, field: str, raw: Any) -> None:
    offer = find_offer(listing, part)
    if field == "offer" and raw is None:
        if offer is not None:
            remove_offer(session, listing, offer)
    elif field == "offer":
        known = fields.of_offer()
        values = {name: _value(known[name], value) for name, value in raw.items() if name in known}
        number = int(part.partition(":")[2])
        listing.offers.append(
            Offer(id=number, stamps=loaded(raw["stamps"]), subjects=[], results=[], **values)
        )
    elif offer is not None and field == "stamps":
        offer.stamps = loaded(raw)
    elif offer is not None:
        setattr(offer, field, _value(fields.of_offer()[field], raw))


def _value(field: Field | None, raw: Any) -> Any:
    """JSON as the attribute holds it."""
    if field is not None and isinstance(field.type, Day) and raw is not None:
        return date.fromisoformat(raw)
    return list(raw) if isinstance(raw, list) else raw
