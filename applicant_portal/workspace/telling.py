"""Values and changes in words: what stands in a field, what a change would change, what was changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from applicant_portal.catalogue.models import Listing
from applicant_portal.kit import typography
from applicant_portal.kit.i18n import Gettext, Lang
from applicant_portal.workspace import fields, parts, representation, wording
from applicant_portal.workspace.fields import Field
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.refusals import BadValue
from applicant_portal.workspace.terms import Terms

KYIV = ZoneInfo("Europe/Kyiv")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after, in words; None is unknown. A list of sentences has a line for each."""

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


def saves(
    rows: Sequence[ListingChange],
    names: Mapping[str, str],
    lang: Lang,
    told: Callable[[ListingChange], Iterable[Difference]],
) -> list[Past]:
    """A history as saves, newest first. `names`: actors in words, by label; `told`: a change in words."""
    batches: dict[str, list[ListingChange]] = {}
    for row in rows:
        batches.setdefault(row.batch, []).append(row)
    found = []
    for batch, own in batches.items():
        at = own[0].at.astimezone(KYIV)
        found.append(
            Past(
                batch=batch,
                day=typography.day(at.date(), lang),
                time=at.strftime("%H:%M"),
                who=names.get(own[0].actor, own[0].actor),
                differences=[difference for row in reversed(own) for difference in told(row)],
                undone=any(row.undone_by for row in own),
            )
        )
    return found


class Telling:
    """The words of one language."""

    def __init__(self, lang: Lang, gettext: Gettext, terms: Terms) -> None:
        self.lang = lang
        self.gettext = gettext
        self.terms = terms

    def said(self, field: Field, value: Any) -> str | None:
        """A value as JSON in words; None where it is unknown."""
        if value in (None, "", []):
            return None
        kind = field.type.name
        if kind == "keys":
            return ", ".join(self.terms.named(field.name, value))
        if kind == "pairs":
            return "\n".join(" / ".join(filter(None, (row.get("uk"), row.get("en")))) for row in value)
        if isinstance(value, list):
            return ", ".join(wording.word(field, one, self.gettext) for one in value)
        if isinstance(value, bool):
            _ = self.gettext
            return _("так") if value else _("ні")
        if kind == "money":
            return typography.money(int(value), self.lang)
        if kind == "date":
            return typography.day(date.fromisoformat(value), self.lang)
        return wording.word(field, value, self.gettext)

    def differences(self, listing: Listing, wanted: Mapping[str, Any]) -> list[Difference]:
        """What a change would make different, in the order of the form. Values that cannot be read are not
        shown: the change itself refuses them."""
        found: list[Difference] = []
        for name, field in fields.of_kind(listing.kind).items():
            if name in wanted.get("fields", {}):
                found += self._difference(
                    field, representation.present(listing, field), wanted["fields"][name]
                )
        for tie, present in (
            (fields.SKILLS, representation.skills(listing)),
            (fields.PROFESSIONS, representation.professions(listing)),
        ):
            if tie.name in wanted:
                found += self._difference(tie, present, wanted[tie.name])
        given = {offer.get("id"): offer for offer in wanted.get("offers", ())}
        for offer in representation.offers_in_order(listing):
            present_offer = representation.shown_offer(offer)
            for name, field in fields.of_offer().items():
                raw = given.get(offer.id, {}).get(name, present_offer[name])
                found += self._difference(field, present_offer[name], raw, f"{offer.year}: ")
        for fresh in (offer for offer in wanted.get("offers", ()) if offer.get("id") is None):
            for name, field in fields.of_offer().items():
                found += self._difference(field, None, fresh.get(name), f"{fresh.get('year')}: ")
        return found

    def past(self, listing: Listing, rows: Sequence[ListingChange], names: Mapping[str, str]) -> list[Past]:
        """The history as saves, newest first. `names`: actors in words, by label."""
        return saves(rows, names, self.lang, lambda row: [self._changed(listing, row)])

    def _difference(self, field: Field, present: Any, raw: Any, prefix: str = "") -> Iterable[Difference]:
        if fields.says_the_same(field, raw, present):
            return []
        try:
            after = fields.write(field, fields.read(field, raw))
        except BadValue:
            return []
        if after == present:
            return []
        label = prefix + self.gettext(field.label)
        return [Difference(label, self.said(field, present), self.said(field, after))]

    def _changed(self, listing: Listing, row: ListingChange) -> Difference:
        _ = self.gettext
        offer = parts.find_offer(listing, row.part)
        field = _field(listing, row)
        if field is not None:
            prefix = f"{offer.year}: " if offer else ""
            return Difference(
                prefix + _(field.label), self.said(field, row.before), self.said(field, row.after)
            )
        if row.field == "visibility":
            said = {"published": _("на сайті"), "draft": _("чернетка"), "withdrawn": _("знято")}
            return Difference(_("Чи видно на сайті"), said.get(row.before), said.get(row.after))
        if row.field == "offer":
            return Difference(_("Вступ за роками"), _year(row.before), _year(row.after))
        if row.field == "confirmed":
            return Difference(_("Підтверджено все"), None, typography.partial_day(row.after, self.lang))
        labels = {
            "made": _("Створено"),
            "slug": _("Адреса сторінки"),
            "provider": _("Хто навчає"),
        }
        return Difference(labels.get(row.field, row.field), _plain(row.before), _plain(row.after))


def _field(listing: Listing, row: ListingChange) -> Field | None:
    """The field that a line of the history speaks of, where it is one."""
    if row.part.startswith("offer:"):
        return fields.of_offer().get(row.field)
    if row.part == parts.TIES:
        return {tie.name: tie for tie in fields.TIES}.get(row.field)
    return fields.of_kind(listing.kind).get(row.field)


def _year(offer: Mapping[str, Any] | None) -> str | None:
    return str(offer["year"]) if offer else None


def _plain(value: Any) -> str | None:
    """Short values as they are; a whole listing is only told to have been there."""
    if isinstance(value, dict | list):
        return "…" if value else None
    return None if value in (None, "") else str(value)
