"""What an institution says of itself: how its admissions office is reached, and what its buildings have.

Sessions come in, the caller commits; who may is asked before. A change is live at once, stands on the actor's
word of today, and no import replaces it, be it a value or that there is none any more. History is kept as
that of listings is, under `history_id`, and undone field for field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from applicant_portal.accounts import service as accounts
from applicant_portal.catalogue import naming, turns
from applicant_portal.catalogue.facts import FactStamp, is_empty
from applicant_portal.catalogue.models import PLACE_ANSWERS, PLACE_TOPICS, Institution, Listing, PlaceFact
from applicant_portal.catalogue.stamp_groups import place_stamp
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import own_history, parts, representation
from applicant_portal.workspace.batches import Pen, within
from applicant_portal.workspace.own_history import STAMPS, Undone
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.reading import Choice, Text, WebAddress
from applicant_portal.workspace.refusals import BadValue, Unfit

PART = "institution"
RECORD, CONFIRMED = "record", "confirmed"


class _Reads(Protocol):
    def read(self, raw: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class OfficeEmail:
    """The address of an office."""

    def read(self, raw: Any) -> str | None:
        text = Text(200).read(raw)
        found = accounts.address(text) if text is not None else None
        if text is not None and found is None:
            raise Unfit(N_("Напишіть пошту на зразок vstup@example.edu"))
        return found


@dataclass(frozen=True, slots=True)
class OwnField:
    """One field; those of a place are named "<topic>.answer", "<topic>.note_uk", "<topic>.note_en"."""

    name: str
    label: str
    type: _Reads

    @property
    def topic(self) -> str | None:
        topic, _, rest = self.name.partition(".")
        return topic if rest else None


_OF_TOPIC = (
    ("answer", N_("Чи є"), Choice(PLACE_ANSWERS)),
    ("note_uk", N_("Пояснення українською"), Text(600)),
    ("note_en", N_("Пояснення англійською"), Text(600)),
)
CONTACTS = (
    OwnField("name_en", N_("Назва закладу англійською"), Text(300)),
    OwnField("site", N_("Сайт закладу"), WebAddress()),
    OwnField("admission_url", N_("Сторінка приймальної комісії"), WebAddress()),
    OwnField("admission_phone", N_("Телефон приймальної комісії"), Text(200)),
    OwnField("admission_email", N_("Пошта приймальної комісії"), OfficeEmail()),
)
FIELDS: Mapping[str, OwnField] = {
    one.name: one
    for one in (
        *CONTACTS,
        *(
            OwnField(f"{topic}.{name}", label, kind)
            for topic in PLACE_TOPICS
            for name, label, kind in _OF_TOPIC
        ),
    )
}
"""In the order of the screen."""


def history_id(institution: Institution) -> str:
    """What the history calls it: no listing's id begins so."""
    return naming.listing_id("house", naming.institution_key(institution.edebo_id, institution.name))


def find(session: Session, by: By, number: int, *, to_change: bool = False) -> Institution | None:
    """The institution with its place facts, if the actor keeps it. Who reads it `to_change` has it alone
    until the transaction ends."""
    if by.institutions is not None and number not in by.institutions:
        return None
    if to_change:
        turns.edit_beside(session)
        # Its listings first, as all lock them: they read otherwise when it does.
        those = select(Listing.id).where(Listing.institution_id == number).order_by(Listing.id)
        session.execute(those.with_for_update()).all()
        session.execute(select(Institution.id).where(Institution.id == number).with_for_update()).all()
    return session.scalar(
        select(Institution)
        .where(Institution.id == number)
        .options(selectinload(Institution.place_facts))
        .execution_options(populate_existing=True)
    )


def content(institution: Institution) -> dict[str, Any]:
    """What can be edited, by the name of the field; unknown is None."""
    facts = {fact.topic: fact for fact in institution.place_facts}
    return {
        name: getattr(facts.get(one.topic), name.partition(".")[2], None)
        if one.topic is not None
        else getattr(institution, name)
        for name, one in FIELDS.items()
    }


def stamps_of(institution: Institution) -> dict[str, FactStamp]:
    """The word that each known field stands on; the fields of one place stand on one word."""
    facts = {fact.topic: fact.stamps for fact in institution.place_facts}
    found = {}
    for name, value in content(institution).items():
        topic = FIELDS[name].topic
        stamps = institution.stamps if topic is None else facts.get(topic, {})
        word = stamps.get(name) or stamps.get(RECORD)
        if word is not None and not is_empty(value):
            found[name] = word
    return found


def version(institution: Institution) -> str:
    """Follows from what stands there, so whoever changes it changes this."""
    return representation.etag(content(institution) | {STAMPS: _stamps(institution)})


def read(typed: Mapping[str, str], institution: Institution) -> tuple[dict[str, Any], list[BadValue]]:
    """The values that differ from what stands there, and what is wrong with the others. What was not touched
    is not read."""
    present = content(institution)
    values: dict[str, Any] = {}
    wrong: list[BadValue] = []
    for name, one in FIELDS.items():
        if name not in typed or typed[name] == (present[name] or ""):
            continue
        try:
            value = one.type.read(typed[name])
        except Unfit as error:
            wrong.append(BadValue(name, error.sentence, error.params))
        else:
            if value != present[name]:
                values[name] = value
    after = present | values
    for topic in PLACE_TOPICS:
        noted = after[f"{topic}.note_uk"] or after[f"{topic}.note_en"]
        refused = any(one.field == f"{topic}.answer" for one in wrong)
        if noted and after[f"{topic}.answer"] is None and not refused:
            wrong.append(BadValue(f"{topic}.answer", N_("Спершу скажіть: є, немає чи частково")))
    return values, wrong


def change(
    session: Session, by: By, institution: Institution, values: Mapping[str, Any], now: datetime
) -> str | None:
    """Make the institution say `values`; the batch, None when nothing differed."""
    present = content(institution)
    changed = {name: value for name, value in values.items() if value != present[name]}
    return _save(session, by, institution, changed, now) if changed else None


def confirm(session: Session, by: By, institution: Institution, now: datetime) -> str | None:
    """All that is known of it holds as of today; the batch, None when that says nothing new."""
    stamp = by.stamp(institution, now.date().isoformat())
    known = stamps_of(institution)
    if all(word == stamp for word in known.values()):
        return None
    with within(session, None, now) as batch:
        pen = Pen(session, by, batch.id, now)
        before = _stamps(institution)
        own = {name: stamp for name in known if FIELDS[name].topic is None}
        institution.stamps = {**institution.stamps, **own}
        for fact in institution.place_facts:
            fact.stamps = {RECORD: stamp}
        pen.note(history_id(institution), PART, CONFIRMED, None, now.date().isoformat())
        pen.note(history_id(institution), PART, STAMPS, before, _stamps(institution))
        batch.touched |= _public(session, institution)
    return batch.id


def undo(session: Session, by: By, institution: Institution, batch: str, now: datetime) -> Undone | None:
    """Set back what the batch changed and nobody has changed since; None when there is no such batch, or it
    was undone before."""
    back = own_history.back(
        session,
        history_id(institution),
        batch,
        content(institution),
        _stamps(institution),
        checked=CONFIRMED,
    )
    if back is None:
        return None
    own = None
    if back.done:
        own = _save(session, by, institution, back.values, now, stood_on=back.stood_on, whole=back.whole)
    return back.undone(own)


def _save(
    session: Session,
    by: By,
    institution: Institution,
    changed: Mapping[str, Any],
    now: datetime,
    stood_on: Mapping[str, Any] | None = None,
    *,
    whole: bool = False,
) -> str:
    """Set the values and write their history; they stand on the actor's word, or on what they stood on before
    (`stood_on`, of all when it is the `whole` that goes back)."""
    stamp = by.stamp(institution, now.date().isoformat())
    before, present, named = _stamps(institution), content(institution), history_id(institution)
    with within(session, None, now) as batch:
        pen = Pen(session, by, batch.id, now)
        for name, value in changed.items():
            if FIELDS[name].topic is None:
                setattr(institution, name, value)
                institution.stamps = {**institution.stamps, name: stamp}
            pen.note(named, PART, name, present[name], value)
        for topic in dict.fromkeys(FIELDS[name].topic for name in changed):
            if topic is not None:
                _put_place(institution, topic, present | dict(changed), stamp)
        session.flush()
        if stood_on is not None:
            _stand_back(institution, stood_on, changed, whole=whole)
        pen.note(named, PART, STAMPS, before, _stamps(institution))
        batch.touched |= _public(session, institution)
    return batch.id


def _put_place(institution: Institution, topic: str, values: Mapping[str, Any], stamp: FactStamp) -> None:
    fact = next((one for one in institution.place_facts if one.topic == topic), None)
    if values[f"{topic}.answer"] is None:
        if fact is not None:
            institution.place_facts.remove(fact)
        # That it is not known is its word, too (importers.seed_institutions).
        institution.stamps = {**institution.stamps, place_stamp(topic): stamp}
        return
    institution.stamps = {
        name: word for name, word in institution.stamps.items() if name != place_stamp(topic)
    }
    if fact is None:
        fact = PlaceFact(topic=topic)
        institution.place_facts.append(fact)
    fact.answer, fact.note_uk, fact.note_en = (values[f"{topic}.{name}"] for name, _, _ in _OF_TOPIC)
    fact.stamps = {RECORD: stamp}


def _stand_back(
    institution: Institution, stood_on: Mapping[str, Any], names: Mapping[str, Any], *, whole: bool
) -> None:
    own = parts.loaded(stood_on[PART])
    if whole:
        institution.stamps = own
    else:
        mine = {name if FIELDS[name].topic is None else place_stamp(name.partition(".")[0]) for name in names}
        institution.stamps = {name: word for name, word in institution.stamps.items() if name not in mine} | {
            name: own[name] for name in mine if name in own
        }
    topics = {FIELDS[name].topic for name in names}
    for fact in institution.place_facts:
        if fact.topic in stood_on and (whole or fact.topic in topics):
            fact.stamps = parts.loaded(stood_on[fact.topic])


def _stamps(institution: Institution) -> dict[str, Any]:
    return {PART: parts.dumped(institution.stamps)} | {
        fact.topic: parts.dumped(fact.stamps) for fact in institution.place_facts
    }


def _public(session: Session, institution: Institution) -> dict[str, None]:
    """The listings whose pages and documents say what the institution says."""
    rows = session.scalars(
        select(Listing.id)
        .where(Listing.institution_id == institution.id, Listing.visibility == "published")
        .order_by(Listing.id)
    )
    return dict.fromkeys(rows)
