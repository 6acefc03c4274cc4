"""What the lines of a sheet would change, found without changing anything: line by line, what is wrong;
listing by listing, what is wanted. Lines that speak of one listing are read together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue import specialities
from applicant_portal.catalogue.facts import is_empty
from applicant_portal.catalogue.models import Institution, Listing, Profession, Programme, Skill
from applicant_portal.catalogue.naming import fold_name
from applicant_portal.kit.i18n import N_
from applicant_portal.workspace import (
    columns,
    comparing,
    fields,
    loading,
    making,
    offer_lines,
    representation,
)
from applicant_portal.workspace.batches import Pen
from applicant_portal.workspace.columns import ID, KIND, Column, Dictionary, Flaw, Says
from applicant_portal.workspace.plans import (
    NEW,
    TIES,
    Checked,
    OneOffer,
    Plan,
    Progress,
    Verdict,
    agree,
    becomes,
    changed_by,
    digest_of,
    final,
    place,
    said_otherwise,
)
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import BadValue

_SEVERAL = Flaw("title", N_("Таких кілька: додайте номер запису або рівень освіти і спеціальність"))


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
                    OneOffer(one, one.year, {name: getattr(one, name) for name in offer_lines.IDENTITY})
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
                if name == "title" and says.id is None and not plan.is_new:
                    # It says which listing is meant; who gives the number as well gives a new title.
                    continue
                if name not in known and name not in TIES:
                    if raw not in (None, []):
                        says.flaws.append(Flaw(name, N_("У записів цього роду такого поля немає")))
                elif name in plan.values and not agree(known.get(name) or TIES[name], plan.values[name], raw):
                    says.flaws.append(said_otherwise(name, plan.said_by[name], plan.values[name]))
                else:
                    plan.values.setdefault(name, raw)
                    plan.said_by.setdefault(name, number)
            if any(raw is not None for raw in says.offer.values()):
                offer_lines.merge(plan, says, number)

    def compare(self, progress: Progress | None) -> None:
        for done, plan in enumerate(self._plans.values(), start=1):
            try:
                plan.differs = comparing.compare(self._session, plan.listing, plan.wanted)
            except BadValue as bad:
                for one in bad.all:
                    number, column = place(plan, one.field)
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
        changed = changed_by(plan)
        digest = digest_of(plan)
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
        for plan in sorted(self._plans.values(), key=lambda one: one.is_new or bool(becomes(one))):
            title, degree, code, provider = (
                final(plan, name) for name in ("title", "degree", "speciality", "provider")
            )
            if plan.listing.kind == "programme":
                identity = (fold_name(title), degree, code)
                touched = becomes(plan)
                if identity in identities and (plan.is_new or touched):
                    self._refuse_same(plan, touched[0] if touched else "title", identities[identity])
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
