"""What the workspace's screens show: controls with what stands there, and the difference before a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Listing, Offer
from applicant_portal.finder import stamps, words
from applicant_portal.finder.stamps import StampLine
from applicant_portal.kit import typography
from applicant_portal.kit.i18n import Gettext, Lang
from applicant_portal.workspace import fields, parts, representation, stamping
from applicant_portal.workspace.fields import Field, Section
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.refusals import BadValue

LONG_TEXT = 300
NEW_OFFER = "offers.new1"
"""What an offer that is not there yet is called in a form, as in a refusal."""
KYIV = ZoneInfo("Europe/Kyiv")
_NEVER_TYPED = ("pairs", "keys")


@dataclass(frozen=True, slots=True)
class Control:
    """One field on a screen. `kind`: text, long, number, one, several, flag, day. `value` as typed, else as
    it stands; `stands`: on whose word, None where nobody has said anything."""

    name: str
    label: str
    kind: str
    value: Any
    options: Sequence[tuple[str, str]]
    error: str | None
    stands: StampLine | None


@dataclass(frozen=True, slots=True)
class Block:
    """Controls under a heading: the section itself (no heading), or one offer. Where all that is known stands
    on one word, `stands` says it once and the controls are silent."""

    heading: str | None
    controls: Sequence[Control]
    stands: StampLine | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after, in words; None is unknown."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """What one save did to a listing. `who` in words; `undone`: it was set back."""

    batch: str
    day: str
    time: str
    who: str
    differences: Sequence[Difference]
    undone: bool


class Screens:
    """Screens in one language."""

    def __init__(self, lang: Lang, gettext: Gettext, today: date) -> None:
        self._lang = lang
        self._gettext = gettext
        self._today = today

    def sections(self, listing: Listing) -> list[tuple[Section, str, int]]:
        """The sections of a kind that have something to type: key, name, how many fields are empty."""
        found: list[tuple[Section, str, int]] = []
        missing = set(representation.completeness(listing)["missing"])
        for section, name in fields.SECTIONS.items():
            own = _typed(listing, section)
            if own or (section == "admission" and listing.kind == "programme"):
                found.append((section, self._gettext(name), sum(field.name in missing for field in own)))
        return found

    def blocks(
        self,
        listing: Listing,
        section: Section,
        typed: Mapping[str, Any] | None = None,
        wrong: Mapping[str, str] | None = None,
        *,
        adding: bool = False,
    ) -> list[Block]:
        """The section's controls; `typed` and `wrong` by name where the form came back. `adding`: with an
        empty offer to fill in."""
        typed, wrong = typed or {}, wrong or {}
        own = [
            self._control(
                field.name,
                field,
                representation.present(listing, field),
                stamping.standing(listing.stamps, field.name, field.group),
                typed,
                wrong,
            )
            for field in _typed(listing, section)
        ]
        blocks = [_block(None, own)] if own else []
        if section == "admission" and listing.kind == "programme":
            blocks += [self._offer(offer, typed, wrong) for offer in representation.offers_in_order(listing)]
            if adding or f"{NEW_OFFER}.year" in typed:
                blocks.insert(len(own) > 0, self._new_offer(typed, wrong))
        return blocks

    def differences(self, listing: Listing, wanted: Mapping[str, Any]) -> list[Difference]:
        """What a change would make different, in the order of the form. Values that cannot be read are not
        shown: the change itself refuses them."""
        found = []
        for name, field in fields.of_kind(listing.kind).items():
            if name in wanted.get("fields", {}):
                found += self._difference(
                    field, representation.present(listing, field), wanted["fields"][name]
                )
        given = {offer.get("id"): offer for offer in wanted.get("offers", ())}
        for offer in representation.offers_in_order(listing):
            present = representation.shown_offer(offer)
            for name, field in fields.of_offer().items():
                raw = given.get(offer.id, {}).get(name, present[name])
                found += self._difference(field, present[name], raw, f"{offer.year}: ")
        for fresh in (offer for offer in wanted.get("offers", ()) if offer.get("id") is None):
            for name, field in fields.of_offer().items():
                found += self._difference(field, None, fresh.get(name), f"{fresh.get('year')}: ")
        return found

    def past(self, listing: Listing, rows: Sequence[ListingChange], names: Mapping[str, str]) -> list[Past]:
        """The history as saves, newest first. `names`: actors in words, by label."""
        batches: dict[str, list[ListingChange]] = {}
        for row in rows:
            batches.setdefault(row.batch, []).append(row)
        found = []
        for batch, own in batches.items():
            at = own[0].at.astimezone(KYIV)
            found.append(
                Past(
                    batch=batch,
                    day=typography.day(at.date(), self._lang),
                    time=at.strftime("%H:%M"),
                    who=names.get(own[0].actor, own[0].actor),
                    differences=[self._changed(listing, row) for row in reversed(own)],
                    undone=any(row.undone_by for row in own),
                )
            )
        return found

    def _changed(self, listing: Listing, row: ListingChange) -> Difference:
        _ = self._gettext
        known = fields.of_offer() if row.part.startswith("offer:") else fields.of_kind(listing.kind)
        field = known.get(row.field)
        if field is not None and field.type.name not in _NEVER_TYPED:
            offer = parts.find_offer(listing, row.part)
            prefix = f"{offer.year}: " if offer else ""
            return Difference(
                prefix + _(field.label), self._said(field, row.before), self._said(field, row.after)
            )
        if row.field == "visibility":
            said = {"published": _("на сайті"), "draft": _("чернетка"), "withdrawn": _("знято")}
            return Difference(_("Чи видно на сайті"), said.get(row.before), said.get(row.after))
        labels = {
            "made": _("Створено"),
            "confirmed": _("Підтверджено все"),
            "offer": _("Вступ за роками"),
            "slug": _("Адреса сторінки"),
            **{one.name: _(one.label) for one in fields.TIES},
        }
        label = labels.get(row.field) or (_(field.label) if field else row.field)
        if row.field == "offer":
            return Difference(label, _year(row.before), _year(row.after))
        return Difference(label, _plain(row.before), _plain(row.after))

    def _difference(self, field: Field, present: Any, raw: Any, prefix: str = "") -> list[Difference]:
        if fields.says_the_same(field, raw, present):
            return []
        try:
            after = fields.write(field, fields.read(field, raw))
        except BadValue:
            return []
        if after == present:
            return []
        label = prefix + self._gettext(field.label)
        return [Difference(label, self._said(field, present), self._said(field, after))]

    def _new_offer(self, typed: Mapping[str, Any], wrong: Mapping[str, str]) -> Block:
        controls = [
            self._control(f"{NEW_OFFER}.{name}", field, None, None, typed, wrong)
            for name, field in fields.of_offer().items()
        ]
        _ = self._gettext
        return Block(_("Новий вступ"), controls, None)

    def _offer(self, offer: Offer, typed: Mapping[str, Any], wrong: Mapping[str, str]) -> Block:
        present = representation.shown_offer(offer)
        controls = [
            self._control(
                f"offers.{offer.id}.{name}",
                field,
                present[name],
                stamping.standing(offer.stamps, name, "offer"),
                typed,
                wrong,
            )
            for name, field in fields.of_offer().items()
        ]
        _ = self._gettext
        form = f", {words.form(offer.form, _)}" if offer.form else ""
        return _block(_("Вступ %(year)s") % {"year": offer.year} + form, controls)

    def _control(
        self,
        name: str,
        field: Field,
        present: Any,
        stamp: FactStamp | None,
        typed: Mapping[str, Any],
        wrong: Mapping[str, str],
    ) -> Control:
        known = present not in (None, "", [])
        return Control(
            name=name,
            label=self._gettext(field.label),
            kind=_kind(field),
            value=typed.get(name, _as_typed(field, present)),
            options=self._options(field),
            error=wrong.get(name),
            stands=stamps.line(stamp, self._today, self._lang, self._gettext) if known and stamp else None,
        )

    def _options(self, field: Field) -> list[tuple[str, str]]:
        values = getattr(field.type, "values", ())
        return [(str(value), self._word(field, value)) for value in values]

    def _word(self, field: Field, value: Any) -> str:
        _ = self._gettext
        said: str | None = str(value)
        if field.name == "degree":
            said = words.degree(value, _)
        elif field.name in ("forms", "form"):
            said = words.form(value, _)
        elif field.name == "format":
            said = words.format_(value, _)
        elif field.name == "languages":
            said = words.language(value, _)
        elif field.name == "entry_base":
            said = words.entry_base(value, _)
        elif field.name == "state":
            said = words.state(value, _)
        elif field.name == "offer_type":
            said = words.offer_type(value, _)
        return said or str(value)

    def _said(self, field: Field, value: Any) -> str | None:
        if value in (None, "", []):
            return None
        if isinstance(value, list):
            return ", ".join(self._word(field, one) for one in value)
        if isinstance(value, bool):
            _ = self._gettext
            return _("так") if value else _("ні")
        if field.type.name == "money":
            return typography.money(int(value), self._lang)
        if field.type.name == "date":
            return typography.day(date.fromisoformat(value), self._lang)
        return self._word(field, value)


def _typed(listing: Listing, section: Section) -> list[Field]:
    """The fields of a section that a form can hold; lists of sentences go through the API."""
    known = fields.of_kind(listing.kind).values()
    return [field for field in known if field.section == section and field.type.name not in _NEVER_TYPED]


def _kind(field: Field) -> str:
    name = field.type.name
    if name == "text" and getattr(field.type, "longest", 0) > LONG_TEXT:
        return "long"
    return {"whole": "number", "money": "number", "date": "day"}.get(
        name, name if name in ("one", "several", "flag") else "text"
    )


def _year(offer: Mapping[str, Any] | None) -> str | None:
    return str(offer["year"]) if offer else None


def _plain(value: Any) -> str | None:
    """Short values as they are; a whole listing or offer is only told to have been there."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value) or None
    if isinstance(value, dict | list):
        return "…" if value else None
    return None if value in (None, "") else str(value)


def _block(heading: str | None, controls: Sequence[Control]) -> Block:
    said = [control.stands for control in controls if control.stands]
    if len(said) > 1 and all(one == said[0] for one in said):
        return Block(heading, [replace(control, stands=None) for control in controls], said[0])
    return Block(heading, controls, None)


def _as_typed(field: Field, present: Any) -> Any:
    """A present value as a form sends it back: days as people write them."""
    if field.type.name == "date" and present:
        return date.fromisoformat(present).strftime("%d.%m.%Y")
    if isinstance(present, bool):
        return "yes" if present else "no"
    if isinstance(present, list):
        return present
    return "" if present is None else str(present)
