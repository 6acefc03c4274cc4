"""What a representation that came back wants changed. Only what differs is read and checked, so an old gap,
or a value that would be refused today, never stands in the way of another field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import AdmissionResult, Listing, Offer, OfferSubject, Profession, Skill
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import fields, representation
from applicant_portal.workspace.fields import Field
from applicant_portal.workspace.refusals import BadValue

_MOST_OFFERS = 200


@dataclass(slots=True)
class NewOffer:
    """Values of an offer that is not there yet."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Wanted:
    """`fields`: name -> value. `offers`: those there are -> field -> value. `skills`, `professions`: whole
    lists, or None where they stay."""

    fields: dict[str, Any] = field(default_factory=dict)
    offers: list[tuple[Offer, dict[str, Any]]] = field(default_factory=list)
    new_offers: list[NewOffer] = field(default_factory=list)
    gone_offers: list[Offer] = field(default_factory=list)
    skills: list[str] | None = None
    professions: list[str] | None = None

    @property
    def nothing(self) -> bool:
        return not (self.fields or self.changes_offers or self.changes_ties)

    @property
    def changes_offers(self) -> bool:
        return bool(self.offers or self.new_offers or self.gone_offers)

    @property
    def changes_ties(self) -> bool:
        return self.skills is not None or self.professions is not None


def compare(session: Session, listing: Listing, wanted: Mapping[str, Any]) -> Wanted:
    """The differences, read. What `wanted` leaves out stays; its lists are whole, so an offer left out of
    "offers" goes. Raises `BadValue`, which knows all of its kind."""
    comparing = _Comparing(session, listing)
    comparing.run(wanted)
    if comparing.errors:
        first = comparing.errors[0]
        first.all = tuple(comparing.errors)
        raise first
    return comparing.found


class _Comparing:
    def __init__(self, session: Session, listing: Listing) -> None:
        self._session = session
        self._listing = listing
        self._shown = representation.shown(listing)
        self.found = Wanted()
        self.errors: list[BadValue] = []

    def run(self, wanted: Mapping[str, Any]) -> None:
        takes = {
            "fields": self._fields,
            "offers": self._offers,
            "skills": self._skills,
            "professions": self._professions,
        }
        for name, raw in wanted.items():
            if name in self._shown and raw == self._shown[name]:
                continue
            if name in takes:
                takes[name](raw)
            elif name in self._shown:
                self._refuse(name, N_("Це поле тут не змінюють: його рахує портал"))
            else:
                self._refuse(_named(name), N_("Такого поля немає"))

    def _refuse(self, name: str, sentence: str, **params: Any) -> None:
        self.errors.append(BadValue(name, sentence, params))

    def _fields(self, raw: Any) -> None:
        if not isinstance(raw, Mapping):
            self._refuse("fields", N_("Тут має бути об’єкт із полями"))
            return
        self.found.fields = self._differing(
            fields.of_kind(self._listing.kind), raw, self._shown["fields"], prefix=""
        )

    def _differing(
        self, known: Mapping[str, Field], raw: Mapping[str, Any], present: Mapping[str, Any], prefix: str
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, given in raw.items():
            one = known.get(name)
            if one is None:
                self._refuse(prefix + _named(name), N_("Такого поля немає"))
                continue
            if fields.says_the_same(one, given, present.get(name)):
                continue
            try:
                value = fields.read(one, given, prefix + name)
            except BadValue as error:
                self.errors.append(error)
                continue
            if fields.write(one, value) != present.get(name):
                values[name] = value
        self._check_periods(known, values, present, prefix)
        return values

    def _check_periods(
        self, known: Mapping[str, Field], values: dict[str, Any], present: Mapping[str, Any], prefix: str
    ) -> None:
        """A period that is not touched is not looked at."""
        for first, last in fields.PERIODS:
            if first not in known or not {first, last} & set(values):
                continue
            begins, ends = (
                fields.write(known[name], values[name]) if name in values else present.get(name)
                for name in (first, last)
            )
            # ISO days compare as text.
            if begins is not None and ends is not None and ends < begins:
                self._refuse(
                    prefix + (last if last in values else first),
                    N_("Період закінчується раніше, ніж починається"),
                )

    def _offers(self, raw: Any) -> None:
        if not isinstance(raw, list) or not all(isinstance(item, Mapping) for item in raw):
            self._refuse("offers", N_("Тут має бути список пропозицій"))
            return
        if self._listing.kind != "programme":
            self._refuse("offers", N_("Пропозиції вступу бувають лише в освітніх програм"))
            return
        if len(raw) > max(_MOST_OFFERS, len(self._listing.offers)):
            self._refuse("offers", N_("Забагато пропозицій: можна %(most)d"), most=_MOST_OFFERS)
            return
        present = {offer.id: offer for offer in self._listing.offers}
        seen: set[int] = set()
        for item in raw:
            number = item.get("id")
            if number is None:
                self._new_offer(item)
            elif not isinstance(number, int) or number not in present or number in seen:
                self._refuse("offers", N_("Пропозиції з таким номером у цієї програми немає"))
            else:
                seen.add(number)
                self._offer(present[number], item)
        for number in present.keys() - seen:
            self._gone(present[number])

    def _offer(self, offer: Offer, item: Mapping[str, Any]) -> None:
        given = {name: value for name, value in item.items() if name != "id"}
        values = self._differing(
            fields.of_offer(), given, representation.shown_offer(offer), f"offers.{offer.id}."
        )
        if values:
            self.found.offers.append((offer, values))

    def _new_offer(self, item: Mapping[str, Any]) -> None:
        name = f"offers.new{len(self.found.new_offers) + 1}"
        given = {key: value for key, value in item.items() if key != "id"}
        values = self._differing(fields.of_offer(), given, {}, f"{name}.")
        if "year" not in values and not any(error.field == f"{name}.year" for error in self.errors):
            self._refuse(f"{name}.year", N_("Це поле не може бути порожнім"))
        self.found.new_offers.append(NewOffer(name, values))

    def _gone(self, offer: Offer) -> None:
        if offer.edebo_offer_id is not None:
            self._refuse(
                "offers",
                N_("Пропозицію %(offer)s веде ЄДЕБО, її тут не вилучають"),
                offer=offer.edebo_offer_id,
            )
        elif self._has_more(offer):
            self._refuse("offers", N_("Пропозицію з предметами чи підсумками вступу тут не вилучають"))
        else:
            self.found.gone_offers.append(offer)

    def _has_more(self, offer: Offer) -> bool:
        """Whether something hangs on the offer that is not shown here, and so could not be brought back."""
        with self._session.no_autoflush:
            return any(
                self._session.scalar(select(table.offer_id).where(table.offer_id == offer.id).limit(1))
                is not None
                for table in (OfferSubject, AdmissionResult)
            )

    def _skills(self, raw: Any) -> None:
        keys = self._keys(fields.SKILLS, raw)
        if keys is not None and keys != self._shown["skills"]:
            self._check_known("skills", keys, self._shown["skills"], Skill.key)
            self.found.skills = keys

    def _professions(self, raw: Any) -> None:
        keys = self._keys(fields.PROFESSIONS, raw)
        if keys is None or sorted(keys) == self._shown["professions"]:
            return
        follow = representation.professions(self._listing, "speciality")
        if missing := [key for key in follow if key not in keys]:
            self._refuse(
                "professions",
                N_("Професії %(keys)s випливають зі спеціальності, їх тут не вилучають"),
                keys=", ".join(missing),
            )
            return
        self._check_known("professions", keys, self._shown["professions"], Profession.key)
        self.found.professions = sorted(key for key in keys if key not in follow)

    def _keys(self, one: Field, raw: Any) -> list[str] | None:
        try:
            keys: list[str] = fields.read(one, raw)
        except BadValue as error:
            self.errors.append(error)
            return None
        return keys

    def _check_known(self, name: str, keys: Iterable[str], present: Iterable[str], column: Any) -> None:
        new = set(keys) - set(present)
        with self._session.no_autoflush:
            known = set(self._session.scalars(select(column).where(column.in_(sorted(new)))))
        if new - known:
            self._refuse(name, N_("Невідомі значення: %(keys)s"), keys=", ".join(sorted(new - known)))


def _named(raw: Any) -> str:
    """A name that a program made up, short enough for a sentence."""
    return str(raw)[:60]
