"""What the lines of a sheet would change, found without changing anything: line by line, what is wrong;
listing by listing, what is wanted. Lines that speak of one listing are read together."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue import specialities
from applicant_portal.catalogue.facts import is_empty
from applicant_portal.catalogue.models import Institution, Listing, Offer, Profession, Programme, Skill
from applicant_portal.catalogue.naming import fold_name
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import changing, columns, comparing, fields, loading, making, representation
from applicant_portal.workspace.batches import Pen
from applicant_portal.workspace.columns import ID, KIND, OFFER, Column, Dictionary, Flaw, Says
from applicant_portal.workspace.comparing import Wanted
from applicant_portal.workspace.fields import Field
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import BadValue

Progress = Callable[[int, int], None]
NEW = "new:"
_TIE = {one.name: one for one in fields.TIES}
_TIES = tuple(_TIE)
_OFFER_IDENTITY = ("form", "entry_base", "offer_type")
_SEVERAL = Flaw("title", N_("Таких кілька: додайте номер запису або рівень освіти і спеціальність"))
_SAID_OTHERWISE = N_("Рядок %(line)d каже про це саме інше: «%(said)s»")


@dataclass(slots=True)
class Verdict:
    """What came of a line. `target`, `outcome`, `gaps`, `digest`: as `models.FileLine` keeps them."""

    target: str | None = None
    outcome: str | None = None
    flaws: list[Flaw] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    digest: str | None = None


@dataclass(slots=True)
class OneOffer:
    """An offer that lines speak of: one that is there, or a new one."""

    present: Offer | None
    year: int
    identity: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    said_by: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What the sheet wants of one listing. `listing` is a blank one where there is none yet; `wanted` is what
    `service.change` and `service.make` take; `said_by`: field -> the line that says it."""

    target: str
    listing: Listing
    numbers: list[int] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    said_by: dict[str, int] = field(default_factory=dict)
    offers: list[OneOffer] = field(default_factory=list)
    differs: Wanted = field(default_factory=Wanted)

    @property
    def is_new(self) -> bool:
        return self.target.startswith(NEW)

    @property
    def wanted(self) -> dict[str, Any]:
        wanted: dict[str, Any] = {
            "fields": {name: raw for name, raw in self.values.items() if name not in _TIES}
        }
        wanted |= {name: self.values[name] for name in _TIES if name in self.values}
        if "professions" in self.values and not self.is_new:
            # Those of the speciality are never taken away, so a sheet need not name them.
            follow = representation.professions(self.listing, "speciality")
            wanted["professions"] = list(dict.fromkeys([*self.values["professions"], *follow]))
        if any(one.values for one in self.offers):
            wanted["offers"] = [
                (representation.shown_offer(one.present) if one.present is not None else {}) | one.values
                for one in self.offers
            ]
        return wanted


@dataclass(slots=True)
class Checked:
    """`verdicts` by the number of the line; `plans` in the order of the file."""

    verdicts: dict[int, Verdict]
    plans: list[Plan]


@dataclass(slots=True)
class _Entry:
    """A listing as far as a line must say which one it means."""

    id: str
    kind: str
    title: str
    degree: str | None
    code: str | None


def check(
    session: Session,
    by: By,
    institution: Institution,
    headings: Sequence[Column | None],
    lines: Mapping[int, Sequence[str]],
    now: datetime,
    *,
    to_change: bool = False,
    progress: Progress | None = None,
) -> Checked:
    """Read the lines (number -> cells), find their listings among the institution's, and compare. Whoever is
    about to publish asks for the listings `to_change`."""
    checking = _Checking(session, by, institution, now)
    checking.read(headings, lines)
    checking.load(to_change=to_change)
    checking.merge()
    checking.compare(progress)
    checking.keep_apart()
    return checking.done()


def dictionary(session: Session) -> Dictionary:
    """What people call the skills and professions there are."""
    return Dictionary(
        {
            fold_name(name): one.key
            for one in session.scalars(select(Skill))
            for name in (one.key, one.name_uk, one.name_en)
            if name
        },
        {
            fold_name(name): one.key
            for one in session.scalars(select(Profession))
            for name in (one.key, one.title_uk, one.title_en)
            if name
        },
    )


class _Checking:
    def __init__(self, session: Session, by: By, institution: Institution, now: datetime) -> None:
        self._session = session
        self._by = by
        self._institution = institution
        self._pen = Pen(session, by, "", now, silent=True)
        self._says: dict[int, Says] = {}
        self._verdicts: dict[int, Verdict] = {}
        self._plans: dict[str, Plan] = {}
        self._entries: dict[str, _Entry] = {}
        self._titled: dict[tuple[str, str], list[_Entry]] = {}

    def read(self, headings: Sequence[Column | None], lines: Mapping[int, Sequence[str]]) -> None:
        for row in self._session.execute(
            select(
                Listing.id,
                Listing.kind,
                Listing.title,
                Programme.degree,
                Programme.speciality,
                Programme.old_speciality,
            )
            .outerjoin(Programme)
            .where(
                self._by.keeps(),
                Listing.institution_id == self._institution.id,
                Listing.kind.in_(columns.KINDS),
            )
            .order_by(Listing.id)
        ):
            self._remember(
                _Entry(row.id, row.kind, row.title, row.degree, row.speciality or row.old_speciality)
            )
        known = dictionary(self._session)
        for number, cells in sorted(lines.items()):
            says = self._says[number] = columns.read_line(headings, cells, known)
            verdict = self._verdicts[number] = Verdict(flaws=says.flaws)
            verdict.target = self._target(says, number)
        for number, says in self._says.items():
            entry = self._entries.get(self._verdicts[number].target or "")
            if entry is not None and says.id is not None and says.values.get("title"):
                self._call(entry, says.values["title"])
        for number, says in self._says.items():
            # Lines further down may have made, or named, another one so.
            entry = self._entries.get(self._verdicts[number].target or "")
            if (
                entry is None
                or says.id is not None
                or says.flaws
                or _told_by(says) == (entry.degree, entry.code)
            ):
                continue
            if len(self._meant(says)) > 1:
                says.flaws.append(_SEVERAL)

    def _remember(self, entry: _Entry) -> None:
        self._entries[entry.id] = entry
        self._call(entry, entry.title)

    def _call(self, entry: _Entry, title: str) -> None:
        called = self._titled.setdefault((entry.kind, fold_name(title)), [])
        if entry not in called:
            called.append(entry)

    def _target(self, says: Says, number: int) -> str | None:
        if says.id is not None:
            entry = self._entries.get(says.id)
            if entry is None or entry.id.startswith(NEW):
                says.flaws.append(Flaw(ID, N_("У вашого закладу немає запису з таким номером")))
                return None
            if says.kind not in (None, entry.kind):
                says.flaws.append(Flaw(KIND, N_("Запис із цим номером не того роду")))
            says.kind = entry.kind
            return entry.id
        kind = says.kind = says.kind or columns.KINDS[0]
        title = says.values.get("title")
        if not title:
            says.flaws.append(Flaw("title", N_("Напишіть назву або номер запису")))
            return None
        if (clean := self._title(says, kind, title)) is None:
            return None
        fitting = self._meant(says)
        if len(fitting) > 1:
            says.flaws.append(_SEVERAL)
            return None
        if fitting:
            return fitting[0].id
        self._remember(_Entry(f"{NEW}{number}", kind, clean, *_told_by(says)))
        return f"{NEW}{number}"

    def _meant(self, says: Says) -> list[_Entry]:
        """The listings that the line's title means, by its degree and code one where it can be."""
        degree, code = _told_by(says)
        titled = self._titled.get((says.kind or "", fold_name(str(says.values["title"]))), [])
        fitting = [one for one in titled if _same(degree, one.degree) and _same(code, one.code)]
        exact = [one for one in fitting if (one.degree, one.code) == (degree, code)]
        return exact if len(exact) == 1 else fitting

    def _title(self, says: Says, kind: str, raw: Any) -> str | None:
        try:
            title: str = fields.read(fields.of_kind(kind)["title"], raw)
        except BadValue as bad:
            says.flaws.append(Flaw("title", bad.sentence, bad.params))
            return None
        return title

    def load(self, *, to_change: bool) -> None:
        targets = dict.fromkeys(one.target for one in self._verdicts.values() if one.target)
        there = [target for target in targets if not target.startswith(NEW)]
        found = {
            one.id: one
            for one in loading.find_all(self._session, self._by, there, to_change=to_change)
            if one.institution_id == self._institution.id
        }
        for target in targets:
            listing = found.get(target)
            if listing is None and target.startswith(NEW):
                entry = self._entries[target]
                listing = making.blank(self._institution, entry.kind, entry.title, None, self._pen)
                listing.slug = ""
            if listing is not None:
                offers = [
                    OneOffer(one, one.year, {name: getattr(one, name) for name in _OFFER_IDENTITY})
                    for one in representation.offers_in_order(listing)
                ]
                self._plans[target] = Plan(target, listing, offers=offers)

    def merge(self) -> None:
        """What the lines of one listing say together."""
        for number, says in self._says.items():
            plan = self._plans.get(self._verdicts[number].target or "")
            if plan is None:
                continue
            plan.numbers.append(number)
            known = fields.of_kind(plan.listing.kind)
            for name, raw in says.values.items():
                if name not in known and name not in _TIES:
                    if raw not in (None, []):
                        says.flaws.append(Flaw(name, N_("У записів цього роду такого поля немає")))
                elif name in plan.values and not _agree(
                    known.get(name) or _TIE[name], plan.values[name], raw
                ):
                    self._otherwise(says, name, plan.said_by[name], plan.values[name])
                else:
                    plan.values.setdefault(name, raw)
                    plan.said_by.setdefault(name, number)
            if any(raw is not None for raw in says.offer.values()):
                self._merge_offer(plan, says, number)

    def _otherwise(self, says: Says, column: str, number: int, said: Any) -> None:
        text = "; ".join(said) if isinstance(said, list) else str("—" if said is None else said)
        says.flaws.append(Flaw(column, _SAID_OTHERWISE, {"line": number, "said": text[:60]}))

    def _merge_offer(self, plan: Plan, says: Says, number: int) -> None:
        if plan.listing.kind != "programme":
            says.flaws.append(Flaw(f"{OFFER}year", N_("Вступ за роками є лише в освітніх програм")))
            return
        known = fields.of_offer()
        try:
            year = fields.read(known["year"], says.offer.get("year"))
        except BadValue as bad:
            says.flaws.append(Flaw(f"{OFFER}year", bad.sentence, bad.params))
            return
        identity = {}
        for name in _OFFER_IDENTITY:
            try:
                value = fields.read(known[name], says.offer.get(name))
            except BadValue:
                continue  # told when the offer is compared
            if value is not None:
                identity[name] = value
        of_year = [one for one in plan.offers if one.year == year]
        fitting = [
            one for one in of_year if all(one.identity.get(name) == value for name, value in identity.items())
        ] or [
            one
            for one in of_year
            if all(one.identity.get(name) in (None, value) for name, value in identity.items())
        ]
        if len(fitting) > 1:
            exact = {name: identity.get(name) for name in _OFFER_IDENTITY}
            fitting = [
                one for one in fitting if exact == {name: one.identity.get(name) for name in exact}
            ] or fitting
        if len(fitting) > 1:
            # EDEBO has offers that differ in nothing shown here but their numbers of places.
            fitting = [one for one in fitting if _says_nothing_new(says.offer, one)][:1] or fitting
        if len(fitting) > 1:
            says.flaws.append(
                Flaw(
                    f"{OFFER}year",
                    N_("Вступів цього року кілька: додайте форму навчання, основу вступу і вид конкурсу"),
                )
            )
            return
        if fitting:
            one = fitting[0]
        else:
            one = OneOffer(None, year, identity)
            plan.offers.append(one)
        for name, raw in says.offer.items():
            if name in one.values and not _agree(known[name], one.values[name], raw):
                self._otherwise(says, f"{OFFER}{name}", one.said_by[name], one.values[name])
            else:
                one.values.setdefault(name, raw)
                one.said_by.setdefault(name, number)

    def compare(self, progress: Progress | None) -> None:
        for done, plan in enumerate(self._plans.values(), start=1):
            try:
                plan.differs = comparing.compare(self._session, plan.listing, plan.wanted)
            except BadValue as bad:
                for one in bad.all:
                    number, column = _place(plan, one.field)
                    self._flaw(number, Flaw(column, one.sentence, one.params))
            self._judge(plan)
            if progress is not None:
                progress(done, len(self._plans))

    def _judge(self, plan: Plan) -> None:
        gaps = [
            name
            for name, one in fields.of_kind(plan.listing.kind).items()
            if one.needed
            and is_empty(plan.differs.fields.get(name, representation.present(plan.listing, one)))
        ]
        changed = _changed_by(plan)
        digest = _digest(plan)
        for number in plan.numbers:
            verdict = self._verdicts[number]
            verdict.digest = digest
            verdict.gaps = gaps if plan.listing.visibility == "draft" else []
            verdict.outcome = "updated" if number in changed else "unchanged"
            if plan.is_new and number == plan.numbers[0]:
                verdict.outcome = "created"

    def keep_apart(self) -> None:
        """No line makes a programme that there is already, whatever it was called when it came."""
        keys: dict[str, Plan] = {}
        identities: dict[tuple[str, Any, Any], str] = {}
        for entry in self._entries.values():
            if entry.kind == "programme" and not entry.id.startswith(NEW) and entry.id not in self._plans:
                identities[fold_name(entry.title), entry.degree, entry.code] = entry.title
        # Those that stay what they are come first: whoever becomes one of them is refused.
        for plan in sorted(self._plans.values(), key=lambda one: one.is_new or bool(_becomes(one))):
            title, degree, code, provider = (
                _final(plan, name) for name in ("title", "degree", "speciality", "provider")
            )
            if plan.listing.kind == "programme":
                identity = (fold_name(title), degree, code)
                becomes = _becomes(plan)
                if identity in identities and (plan.is_new or becomes):
                    self._refuse_same(plan, becomes[0] if becomes else "title", identities[identity])
                identities.setdefault(identity, title)
            if plan.is_new:
                keys[
                    making.natural_key(self._institution, plan.listing.kind, title, degree, code, provider)
                ] = plan
        for part in _portions(list(keys), 400):
            for key, title in self._session.execute(
                select(Listing.natural_key, Listing.title).where(Listing.natural_key.in_(part))
            ):
                self._refuse_same(keys[key], "title", title)

    def _refuse_same(self, plan: Plan, column: str, title: str) -> None:
        number = plan.said_by.get(column, plan.numbers[0])
        flaw = Flaw(column, N_("Така програма вже є: %(title)s"), {"title": title})
        if flaw not in self._verdicts[number].flaws:
            self._flaw(number, flaw)

    def _flaw(self, number: int, flaw: Flaw) -> None:
        self._verdicts[number].flaws.append(flaw)

    def done(self) -> Checked:
        return Checked(self._verdicts, list(self._plans.values()))


def _place(plan: Plan, name: str) -> tuple[int, str]:
    """The line and the column that a refused field of the listing stands in."""
    if not name.startswith("offers"):
        return plan.said_by.get(name, plan.numbers[0]), name
    _, _, rest = name.partition(".")
    which, _, own = rest.partition(".")
    fresh = [one for one in plan.offers if one.present is None]
    for one in plan.offers:
        label = str(one.present.id) if one.present is not None else f"new{fresh.index(one) + 1}"
        if label == which:
            return one.said_by.get(own, next(iter(one.said_by.values()), plan.numbers[0])), f"{OFFER}{own}"
    said = next((next(iter(one.said_by.values())) for one in plan.offers if one.said_by), plan.numbers[0])
    return said, f"{OFFER}year"


def _agree(one: Field, raw: Any, other: Any) -> bool:
    """Whether two lines say the same of a field, be it in other words."""
    if raw == other:
        return True
    try:
        return bool(fields.read(one, raw) == fields.read(one, other))
    except BadValue:
        return False


def _says_nothing_new(said: Mapping[str, Any], offer: OneOffer) -> bool:
    if offer.present is None:
        return False
    known, shown = fields.of_offer(), representation.shown_offer(offer.present)
    return all(_agree(known[name], raw, shown[name]) for name, raw in said.items())


def _changed_by(plan: Plan) -> set[int]:
    """The lines that change anything of the listing themselves."""
    names = [*plan.differs.fields, *(name for name in _TIES if getattr(plan.differs, name) is not None)]
    found = {plan.said_by[name] for name in names if name in plan.said_by}
    changed = {offer.id: values for offer, values in plan.differs.offers}
    for one in plan.offers:
        if one.present is None:
            found |= set(one.said_by.values())
        else:
            found |= {one.said_by[name] for name in changed.get(one.present.id, {}) if name in one.said_by}
    return found


def _digest(plan: Plan) -> str:
    """It follows from all that would change, and from what it would change from."""
    known, of_offer, differs = fields.of_kind(plan.listing.kind), fields.of_offer(), plan.differs
    said = {
        "target": "new" if plan.is_new else plan.target,
        "title": plan.listing.title if plan.is_new else None,
        "visibility": plan.listing.visibility,
        "fields": {
            name: [representation.present(plan.listing, known[name]), fields.write(known[name], value)]
            for name, value in differs.fields.items()
        },
        "offers": {
            offer.id: {
                name: [
                    fields.write(of_offer[name], getattr(offer, name)),
                    fields.write(of_offer[name], value),
                ]
                for name, value in values.items()
            }
            for offer, values in differs.offers
        },
        "new": [
            {name: fields.write(of_offer[name], value) for name, value in one.values.items()}
            for one in differs.new_offers
        ],
        "skills": differs.skills,
        "professions": differs.professions,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _becomes(plan: Plan) -> list[str]:
    """The fields by which it would be another programme."""
    return [name for name in changing.IDENTITY if name in plan.differs.fields]


def _final(plan: Plan, name: str) -> Any:
    one = fields.of_kind(plan.listing.kind).get(name)
    if one is None:
        return None
    return plan.differs.fields.get(name, representation.present(plan.listing, one))


def _code(raw: Any) -> str | None:
    try:
        return specialities.codes(raw).key if raw else None
    except specialities.UnknownCode:
        return None


def _told_by(says: Says) -> tuple[str | None, str | None]:
    """The degree and the code that a line names."""
    return says.values.get("degree"), _code(says.values.get("speciality"))


def _same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _portions(items: Sequence[str], most: int) -> Iterable[Sequence[str]]:
    return (items[start : start + most] for start in range(0, len(items), most))
