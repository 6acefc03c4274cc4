"""New listings: drafts, that the public does not see until they are published."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue import naming, specialities, turns
from applicant_portal.catalogue.models import Course, Institution, Listing, Programme, Track
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import addresses, changing, comparing, fields, parts, representation
from applicant_portal.workspace.batches import Pen
from applicant_portal.workspace.refusals import BadValue, SameProgramme

_PARTS: Mapping[str, Any] = {
    "programme": lambda: Programme(forms=[], record_level="programme"),
    "course": lambda: Course(for_veterans=False),
    "track": lambda: Track(eligibility=[], barriers=[], steps=[], key_facts=[], specialities=[]),
}
# What a copy does not take over: it names the one listing, or holds for one campaign.
_NOT_COPIED = ("title", "title_en", "state", "price_uah", "price_year", "valid_from", "valid_to")


def make(
    session: Session, institution: Institution | None, kind: str, wanted: Mapping[str, Any], pen: Pen
) -> Listing:
    """A draft of the kind with what `wanted` says. Raises `BadValue` (a title there must be, and a programme
    needs an institution), and `SameProgramme` naming the listing that is the same."""
    turns.edit_beside(session)
    known = fields.of_kind(kind)
    given = wanted.get("fields")
    given = given if isinstance(given, Mapping) else {}
    title = fields.read(known["title"], given.get("title"))
    degree = fields.read(known["degree"], given.get("degree")) if "degree" in known else None
    code = fields.read(known["speciality"], given.get("speciality")) if kind == "programme" else None
    provider = fields.read(known["provider"], given.get("provider")) if kind == "course" else None
    key = _take(session, institution, kind, title, degree, code, provider, apart=pen.apart)
    listing = blank(institution, kind, title, provider, pen)
    listing.id, listing.natural_key = naming.listing_id(kind, key), key
    if degree:
        getattr(listing, kind).degree = degree
    with session.no_autoflush:
        addresses.assign(session, listing)
    session.add(listing)
    session.flush()
    # The id of a listing follows from its identity; all else is set as any change is, but told as one.
    quiet = pen.silenced()
    changing.put(session, listing, comparing.compare(session, listing, wanted), quiet)
    changing.reopen_routes(listing, quiet)
    stamp = pen.by.stamp(institution, pen.today)
    listing.stamps = dict.fromkeys(representation.known_by_group(listing), stamp)
    session.flush()
    pen.note(listing.id, parts.LISTING, "made", None, representation.content(listing))
    return listing


def blank(institution: Institution | None, kind: str, title: str, provider: str | None, pen: Pen) -> Listing:
    """A draft that says no more than its title, in no session and without an identity."""
    part = _PARTS[kind]()
    listing = Listing(
        kind=kind,
        provider=provider,
        title=title,
        title_key=naming.sort_key(title),
        languages=[],
        state="unverified",
        visibility="draft",
        origin=pen.by.stamp(institution, pen.today).origin,
        stamps={},
        created_at=pen.now,
        updated_at=pen.now,
        **{name: part if name == kind else None for name in _PARTS},
        **{name: [] for name in ("routes", "offers", "skills", "professions", "results")},
    )
    listing.institution = institution
    return listing


def copied(source: Listing, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What a copy of `source` is to say, `wanted` before all: texts, place, skills and professions. Its
    offers, prices and dates are of its own campaign. A value that would be refused today is left out."""
    values: dict[str, Any] = {}
    for name, field in fields.of_kind(source.kind).items():
        raw = representation.present(source, field)
        if name in _NOT_COPIED or raw in (None, []):
            continue
        try:
            values[name] = fields.write(field, fields.read(field, raw))
        except BadValue:
            continue
    given = wanted.get("fields")
    return {
        "skills": representation.skills(source),
        "professions": representation.professions(source, "topic"),
        **wanted,
        "fields": values | (dict(given) if isinstance(given, Mapping) else {}),
    }


def natural_key(
    institution: Institution | None,
    kind: str,
    title: str,
    degree: str | None,
    code: str | None,
    provider: str | None,
) -> str:
    """What makes the listing one, as the importers say it."""
    if institution is not None:
        owner = naming.institution_key(institution.edebo_id, institution.name)
    else:
        owner = f"name:{naming.fold_name(provider or '')}"
    if kind == "programme":
        return naming.programme_key(owner, degree, specialities.codes(code).key, title)
    return naming.keyed(kind, f"{owner}|{naming.fold_name(title)}")


def _take(
    session: Session,
    institution: Institution | None,
    kind: str,
    title: str,
    degree: str | None,
    code: str | None,
    provider: str | None,
    *,
    apart: bool,
) -> str:
    """The natural key, when nobody has it. Raises `SameProgramme`."""
    if institution is not None:
        # Two who make the same at once: the second waits, and finds it.
        session.execute(select(Institution.id).where(Institution.id == institution.id).with_for_update())
    if kind == "programme":
        if institution is None:
            raise BadValue("institution", N_("Програма належить закладу освіти"))
        if not apart:
            changing.refuse_same(session, institution.id, title, degree, code)
    key = natural_key(institution, kind, title, degree, code, provider)
    same = session.scalar(select(Listing).where(Listing.natural_key == key))
    if same is not None:
        raise SameProgramme(same.id, same.title, same.visibility)
    return key
