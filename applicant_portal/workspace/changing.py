"""Sets what differs in one listing and writes its history: fields, stamps, and what follows from them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from applicant_portal.catalogue import naming, routes, specialities
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Institution, Listing, Offer, Profession, Programme
from applicant_portal.workspace import addresses, fields, parts, representation, stamping
from applicant_portal.workspace.batches import Pen
from applicant_portal.workspace.comparing import Wanted
from applicant_portal.workspace.refusals import SameProgramme

# Two programmes that agree in these, of one institution, are one.
IDENTITY = ("title", "degree", "speciality")


def put(session: Session, listing: Listing, wanted: Wanted, pen: Pen) -> list[str]:
    """Change the listing; the names of the fields that differ now. Raises `SameProgramme`."""
    if listing.kind == "programme" and set(IDENTITY) & set(wanted.fields) and not pen.apart:
        title, degree, code = (
            wanted.fields.get(name, representation.present(listing, fields.of_kind("programme")[name]))
            for name in IDENTITY
        )
        refuse_same(session, listing.institution_id, title, degree, code, but=listing.id)
    stamp = pen.by.stamp(listing.institution, pen.today)
    before = parts.get(listing, parts.LISTING, "stamps")
    names = [
        *_put_fields(session, listing, wanted.fields, pen, stamp),
        *_put_ties(session, listing, wanted, pen, stamp),
    ]
    pen_stamps(pen, listing, parts.LISTING, before)
    names += _put_offers(session, listing, wanted, pen, stamp)
    if wanted.changes_offers or "degree" in wanted.fields:
        reopen_routes(listing, pen)
    return names


def refuse_same(
    session: Session,
    institution_id: int | None,
    title: str,
    degree: str | None,
    code: str | None,
    but: str | None = None,
) -> None:
    """Raise `SameProgramme` when the institution has another programme of this name, degree and code."""
    folded = naming.fold_name(title)
    wanted = select(Listing).where(Listing.kind == "programme", Listing.institution_id == institution_id)
    with session.no_autoflush:
        # Two who want the same at once: the second waits, and finds it.
        session.execute(
            select(Institution.id).where(Institution.id == institution_id).with_for_update(key_share=True)
        )
        for other in session.scalars(
            wanted.join(Programme).where(Programme.degree == degree).options(joinedload(Listing.programme))
        ):
            programme = other.programme
            if other.id == but or programme is None or naming.fold_name(other.title) != folded:
                continue
            if (programme.speciality or programme.old_speciality) == specialities.codes(code).key:
                raise SameProgramme(other.id, other.title, other.visibility)


def pen_stamps(pen: Pen, holder: Listing | Offer, part: str, before: Any) -> None:
    """Note how the stamps as a whole moved, so that undoing brings them back as they were."""
    after = parts.dumped(holder.stamps)
    if after != before:
        listing_id = holder.id if isinstance(holder, Listing) else holder.listing_id
        pen.note(listing_id, part, "stamps", before, after)


def reopen_routes(listing: Listing, pen: Pen) -> None:
    """The doors that the general rules open now; those the institution named itself stay."""
    if listing.kind != "programme" or listing.programme is None:
        return
    before = parts.get(listing, parts.ROUTES, "routes")
    own = [door for door in listing.routes if door.basis != "rule"]
    named = {door.route for door in own}
    by_rule = routes.by_rule(listing.id, listing.programme.degree, representation.offers_in_order(listing))
    parts.open_routes(listing, [*own, *(door for door in by_rule if door.route not in named)])
    after = parts.get(listing, parts.ROUTES, "routes")
    if after != before:
        pen.note(listing.id, parts.ROUTES, "routes", before, after)


def _put_fields(
    session: Session, listing: Listing, values: Mapping[str, Any], pen: Pen, stamp: FactStamp
) -> Iterable[str]:
    known = fields.of_kind(listing.kind)
    groups: dict[str, set[str]] = {}
    for name, value in values.items():
        field = known[name]
        before = representation.present(listing, field)
        stood_on = stamping.standing(listing.stamps or {}, name, field.group) if before else None
        if name == "speciality":
            _put_speciality(session, listing, value, pen)
        else:
            setattr(representation.owner(listing, field), name, value)
        pen.note(listing.id, field.part, name, before, representation.present(listing, field), stood_on)
        groups.setdefault(field.group, set()).add(name)
    if "city" in values and "region" not in values and _follow_city(session, listing, pen):
        groups["place"].add("region")
    if "organiser_uk" in values:
        _note_attribute(pen, listing, "provider", listing.provider, values["organiser_uk"])
        listing.provider = values["organiser_uk"]
    if "title" in values:
        retitle(session, listing, pen)
    for group, names in groups.items():
        stamping.note_changes(listing, group, names, stamp)
    return values.keys()


def retitle(session: Session, listing: Listing, pen: Pen) -> None:
    """What follows from the title: where it stands in lists, and its address; the former one redirects."""
    listing.title_key = naming.sort_key(listing.title)
    old = listing.slug
    addresses.assign(session, listing)
    _note_attribute(pen, listing, "slug", old, listing.slug)


def _note_attribute(pen: Pen, listing: Listing, name: str, before: Any, after: Any) -> None:
    if before != after:
        pen.note(listing.id, parts.LISTING, name, before, after)


def _put_speciality(session: Session, listing: Listing, code: str | None, pen: Pen) -> None:
    """The codes of both lists, and the professions that the speciality leads to."""
    programme = listing.programme
    assert programme is not None  # noqa: S101 (only programmes have the field)
    old = programme.old_speciality
    parts.set_speciality(programme, code)
    if programme.old_speciality != old:
        pen.note(listing.id, "programme", "old_speciality", old, programme.old_speciality)
    before = parts.get(listing, parts.TIES, "by_speciality")
    wanted = sorted(
        row.key for row in session.scalars(select(Profession)) if programme.speciality in row.specialities
    )
    parts.tie_professions(session, listing, wanted, "speciality")
    after = parts.get(listing, parts.TIES, "by_speciality")
    if after != before:
        pen.note(listing.id, parts.TIES, "by_speciality", before, after)


def _follow_city(session: Session, listing: Listing, pen: Pen) -> bool:
    """The region goes with the city where the catalogue knows one region for it; else it is unknown."""
    region = None
    if listing.city is not None:
        with session.no_autoflush:
            known = set(
                session.scalars(
                    select(Listing.region)
                    .where(
                        Listing.city == listing.city, Listing.region.is_not(None), Listing.id != listing.id
                    )
                    .distinct()
                )
            )
        home = listing.institution
        if home is not None and home.city == listing.city and home.region:
            known = {home.region}
        region = known.pop() if len(known) == 1 else None
    before = listing.region
    if before == region:
        return False
    pen.note(
        listing.id,
        parts.LISTING,
        "region",
        before,
        region,
        stamping.standing(listing.stamps or {}, "region", "place") if before else None,
    )
    listing.region = region
    return True


def _put_ties(
    session: Session, listing: Listing, wanted: Wanted, pen: Pen, stamp: FactStamp
) -> Iterable[str]:
    changed = []
    for name, keys in (("skills", wanted.skills), ("professions", wanted.professions)):
        if keys is None:
            continue
        before = parts.get(listing, parts.TIES, name)
        if before == keys:
            continue
        stood_on = stamping.standing(listing.stamps or {}, name, "record") if before else None
        parts.put(session, listing, parts.TIES, name, keys)
        # Of a profession that the speciality gives by now, nobody need say so.
        after = parts.get(listing, parts.TIES, name)
        if after == before:
            continue
        pen.note(listing.id, parts.TIES, name, before, after, stood_on)
        stamping.note_changes(listing, "record", (name,), stamp)
        changed.append(name)
    return changed


def _put_offers(session: Session, listing: Listing, wanted: Wanted, pen: Pen, stamp: FactStamp) -> list[str]:
    changed: list[str] = []
    known = fields.of_offer()
    for offer, values in wanted.offers:
        part, stamps = parts.offer_part(offer), parts.dumped(offer.stamps)
        for name, value in values.items():
            before = fields.write(known[name], getattr(offer, name))
            stood_on = stamping.standing(offer.stamps, name, "offer") if before is not None else None
            setattr(offer, name, value)
            pen.note(listing.id, part, name, before, fields.write(known[name], value), stood_on)
            changed.append(f"offers.{offer.id}.{name}")
        stamping.note_changes(offer, "offer", values, stamp)
        pen_stamps(pen, offer, part, stamps)
    for offer in wanted.gone_offers:
        part, whole = parts.offer_part(offer), parts.whole_offer(offer)
        parts.remove_offer(session, listing, offer)
        pen.note(listing.id, part, "offer", whole, None)
        changed.append(f"offers.{offer.id}")
    for new in wanted.new_offers:
        offer = Offer(listing_id=listing.id, stamps={"offer": stamp}, subjects=[], results=[], **new.values)
        for name in known:
            # Set or not, an attribute of a new row is to be read without asking the database.
            setattr(offer, name, getattr(offer, name, None))
        listing.offers.append(offer)
        session.flush()
        pen.note(listing.id, parts.offer_part(offer), "offer", None, parts.whole_offer(offer))
        changed.append(f"offers.{offer.id}")
    return changed
