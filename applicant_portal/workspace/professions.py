"""Keeping professions: what the cluster's staff does with what their public pages show.

Sessions come in, the caller commits; who may is asked before. A change is live at once, and stands on a
source and a date: those of before where only words were mended, or new ones. A field that was changed has a
stamp of its own, which tells the seed to leave it (importers.seed_professions). History is kept as that of
listings is, under `history_id`, and undone field for field.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session, selectinload

from applicant_portal.catalogue import naming, turns
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import (
    Listing,
    ListingProfession,
    Profession,
    ProfessionSkill,
    Programme,
    Skill,
)
from applicant_portal.workspace import own_history, parts, profession_fields, representation
from applicant_portal.workspace.batches import Batch, Pen, within
from applicant_portal.workspace.own_history import STAMPS, Undone
from applicant_portal.workspace.policy import By

RECORD = "record"
PART = "profession"
SOURCE = "source"
"""The name in the history, beside those of fields, for this: all was checked against a source."""


def history_id(key: str) -> str:
    """What the history calls the profession: no listing's id begins so."""
    return naming.listing_id("job", f"profession|{key}")


def professions(session: Session) -> Sequence[Profession]:
    """All of them in alphabetical order, with their skills."""
    return session.scalars(
        select(Profession).order_by(Profession.title_key).options(selectinload(Profession.skills))
    ).all()


def find(session: Session, key: str, *, to_change: bool = False) -> Profession | None:
    """The profession with its skills. Who reads it `to_change` has it alone until the transaction ends."""
    if "\0" in key:
        return None
    if to_change:
        turns.edit_beside(session)
        # Others may go on referring to it.
        session.execute(
            select(Profession.key).where(Profession.key == key).with_for_update(key_share=True)
        ).all()
    return session.scalar(
        select(Profession)
        .where(Profession.key == key)
        .options(selectinload(Profession.skills))
        .execution_options(populate_existing=True)
    )


def skills(session: Session) -> Sequence[Skill]:
    return session.scalars(select(Skill).order_by(Skill.name_uk)).all()


def content(profession: Profession) -> dict[str, Any]:
    """What can be edited, as JSON."""
    values = {name: getattr(profession, name) for name in profession_fields.FIELDS if name != "skills"}
    values["skills"] = [tie.skill_key for tie in sorted(profession.skills, key=lambda tie: tie.position)]
    return values


def version(profession: Profession) -> str:
    """Follows from what stands there, so whoever changes it changes this."""
    return representation.etag(content(profession) | {STAMPS: parts.dumped(profession.stamps)})


def change(
    session: Session,
    by: By,
    profession: Profession,
    values: Mapping[str, Any],
    source: FactStamp | None,
    now: datetime,
) -> str | None:
    """Make the profession say `values`; the batch, None when nothing differed. What is changed stands on
    `source`, or on the word that stood before. Where nothing differs, all of it was checked in `source`."""
    present = content(profession)
    changed = {name: value for name, value in values.items() if value != present[name]}
    stamps = dict(profession.stamps)
    record = stamps.get(RECORD)
    if changed:
        words = {name: source or stamps.get(name) or record for name in changed}
        stamps |= {name: word for name, word in words.items() if word is not None}
    elif source is not None:
        stamps = dict.fromkeys({RECORD, *stamps}, source)
    if not changed and stamps == profession.stamps:
        return None
    with within(session, None, now) as batch:
        pen = Pen(session, by, batch.id, now)
        if not changed and source is not None:
            pen.note(history_id(profession.key), PART, SOURCE, _said(record), _said(source))
        _put(session, profession, changed, stamps, pen, batch)
    return batch.id


def undo(session: Session, by: By, profession: Profession, batch: str, now: datetime) -> Undone | None:
    """Set back what the batch changed and nobody has changed since; None when there is no such batch, or it
    was undone before."""
    named, present = history_id(profession.key), profession.stamps
    back = own_history.back(session, named, batch, content(profession), parts.dumped(present), checked=SOURCE)
    if back is None:
        return None
    before = parts.loaded(back.stood_on)
    stamps = before if back.whole else _stamps_back(present, before, back.values)
    if not back.done:
        return back.undone(None)
    with within(session, None, now) as own:
        pen = Pen(session, by, own.id, now)
        if SOURCE in back.done:
            row = back.rows[SOURCE]
            pen.note(named, PART, SOURCE, row.after, row.before)
        _put(session, profession, back.values, stamps, pen, own)
    return back.undone(own.id)


def _stamps_back(
    stamps: Mapping[str, FactStamp], before: Mapping[str, FactStamp], names: Mapping[str, Any]
) -> dict[str, FactStamp]:
    """The stamps as they are, but for these fields, which stand on their words of before."""
    out = dict(stamps)
    for name in names:
        own = before.get(name)
        if own is None and before.get(RECORD) != stamps.get(RECORD):
            own = before.get(RECORD)
        if own is None:
            out.pop(name, None)
        else:
            out[name] = own
    return out


def _put(
    session: Session,
    profession: Profession,
    values: Mapping[str, Any],
    stamps: dict[str, FactStamp],
    pen: Pen,
    batch: Batch,
) -> None:
    present, named = content(profession), history_id(profession.key)
    searched = [name for name in profession_fields.SEARCHED if name in values]
    touched = _lock_listings(session, profession, values) if searched else {}
    for name, value in values.items():
        if name == "skills":
            _tie_skills(session, profession, value)
        else:
            setattr(profession, name, value)
        pen.note(named, PART, name, present[name], value)
    if "title_uk" in values:
        profession.title_key = naming.sort_key(profession.title_uk)
    pen.note(named, PART, STAMPS, parts.dumped(profession.stamps), parts.dumped(stamps))
    profession.stamps = stamps
    if "specialities" in values:
        _tie_programmes(session, profession)
    batch.touched |= touched


def _lock_listings(session: Session, profession: Profession, values: Mapping[str, Any]) -> dict[str, None]:
    """Listings that lead to the profession, or do so by its new specialities: locked in the order in which
    all lock them. Answers those that the public sees, whose documents read otherwise now."""
    those: ColumnElement[bool] = Listing.id.in_(
        select(ListingProfession.listing_id).where(ListingProfession.profession_key == profession.key)
    )
    if codes := values.get("specialities"):
        those |= Listing.id.in_(select(Programme.listing_id).where(Programme.speciality.in_(codes)))
    rows = session.execute(
        select(Listing.id, Listing.visibility).where(those).order_by(Listing.id).with_for_update()
    ).all()
    return {listing_id: None for listing_id, visibility in rows if visibility == "published"}


def _tie_skills(session: Session, profession: Profession, keys: Sequence[str]) -> None:
    ties = {tie.skill_key: tie for tie in profession.skills}
    for key in ties.keys() - set(keys):
        profession.skills.remove(ties[key])
    for position, key in enumerate(keys, start=1):
        if key in ties:
            ties[key].position = position
        else:
            profession.skills.append(ProfessionSkill(skill_key=key, position=position))
    session.flush()


def _tie_programmes(session: Session, profession: Profession) -> None:
    """The programmes of its specialities lead to it, and no others do by their speciality."""
    session.flush()
    of_specialities = select(Programme.listing_id).where(Programme.speciality.in_(profession.specialities))
    session.execute(
        delete(ListingProfession).where(
            ListingProfession.profession_key == profession.key,
            ListingProfession.basis == "speciality",
            ListingProfession.listing_id.not_in(of_specialities),
        ),
        execution_options={"synchronize_session": False},
    )
    tied = select(ListingProfession.listing_id).where(ListingProfession.profession_key == profession.key)
    for listing_id in session.scalars(of_specialities.where(Programme.listing_id.not_in(tied))).all():
        session.add(
            ListingProfession(listing_id=listing_id, profession_key=profession.key, basis="speciality")
        )
    session.flush()


def _said(stamp: FactStamp | None) -> dict[str, Any] | None:
    return parts.dumped({RECORD: stamp})[RECORD] if stamp is not None else None
