"""What an edit screen shows: controls with what stands there, on whose word, and what stood there before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import Listing, Offer
from applicant_portal.finder import stamps, words
from applicant_portal.finder.stamps import StampLine
from applicant_portal.kit import typography
from applicant_portal.workspace import fields, last_year, representation, stamping, wording
from applicant_portal.workspace.fields import Field, Section
from applicant_portal.workspace.last_year import Earlier
from applicant_portal.workspace.telling import KYIV, Telling

LONG_TEXT = 300
NEW_OFFER = "offers.new1"
"""What an offer that is not there yet is called in a form, as in a refusal."""
EMPTY_ROWS = 2
"""How many sentences can be added to a list of them at once."""


@dataclass(frozen=True, slots=True)
class Before:
    """What stood in a field earlier: `when` (a year or a day, and the source), the value in words, and as the
    form takes it over; `taken` None: it is only shown."""

    when: str
    said: str
    taken: Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """One row of a list of sentences; `beside`: what else the row says, as JSON, carried unseen."""

    uk: str = ""
    en: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One tick; `words`: what else it is found by."""

    value: str
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One field on a screen. `kind`: text, long, number, one, several, flag, day, pairs, ties. `value` as
    typed, else as it stands; `stands`: on whose word, None where nobody has said anything. `groups`: ticks
    under headings; `fixed`: what is so anyway, and no tick takes away."""

    name: str
    label: str
    kind: str
    value: Any
    options: Sequence[tuple[str, str]]
    error: str | None
    stands: StampLine | None
    before: Before | None = None
    groups: Sequence[tuple[str | None, Sequence[Choice]]] = ()
    fixed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Controls under a heading: the section itself (no heading), or one offer. Where all that is known stands
    on one word, `stands` says it once and the controls are silent. `sample`: the offer of another year that
    this one is shown beside, in words. `is_new`: an offer that is not there yet; `others`: what else it could
    be compared with, number and words."""

    heading: str | None
    controls: Sequence[Control]
    stands: StampLine | None
    sample: str | None = None
    is_new: bool = False
    others: Sequence[tuple[int, str]] = ()

    @property
    def takes(self) -> bool:
        """Whether something of it can be taken over."""
        return any(control.before is not None for control in self.controls)


class Screens:
    """Screens in one language. `before` in what follows: the listing's fields as they stood before their last
    change (`last_year.of_listing`); `like`: the number of the offer that a new one is shown beside."""

    def __init__(self, telling: Telling, today: date) -> None:
        self._telling = telling
        self._gettext = telling.gettext
        self._today = today

    def sections(self, listing: Listing) -> list[tuple[Section, str, int]]:
        """The sections of a kind: key, name, how much of what people ask for is empty there."""
        missing = set(representation.completeness(listing)["missing"])
        found: list[tuple[Section, str, int]] = []
        for section, name in fields.SECTIONS.items():
            own = {field.name for field in _fields(listing, section)}
            if section == "admission" and listing.kind == "programme":
                own.add("offers")
            if own:
                found.append((section, self._gettext(name), len(own & missing)))
        return found

    def blocks(
        self,
        listing: Listing,
        section: Section,
        typed: Mapping[str, Any] | None = None,
        wrong: Mapping[str, str] | None = None,
        *,
        before: Mapping[str, Earlier] | None = None,
        adding: bool = False,
        like: int | None = None,
    ) -> list[Block]:
        """The section's controls; `typed` and `wrong` by name where the form came back. `adding`: with an
        empty offer to fill in."""
        typed, wrong, before = typed or {}, wrong or {}, before or {}
        own = [
            self._control(
                field.name,
                field,
                _present(listing, field),
                stamping.standing(listing.stamps, field.name, field.group),
                before.get(field.name),
                typed,
                wrong,
            )
            for field in _fields(listing, section)
        ]
        if section == "skills":
            own = [self._with_terms(listing, control) for control in own]
        blocks = [_block(None, own)] if own else []
        if section == "admission" and listing.kind == "programme":
            blocks += [
                self._offer(listing, offer, typed, wrong) for offer in representation.offers_in_order(listing)
            ]
            if adding or f"{NEW_OFFER}.year" in typed:
                blocks.insert(len(own) > 0, self._new_offer(listing, like, typed, wrong))
        return blocks

    def moment(self, at: datetime) -> str:
        """A day and the time on the clocks of Ukraine."""
        local = at.astimezone(KYIV)
        return f"{typography.day(local.date(), self._telling.lang)}, {local:%H:%M}"

    def taken_over(self, listing: Listing, blocks: Sequence[Block], take: str) -> dict[str, Any]:
        """What fields say after the button `take` was pressed, by name: one field, or of a new offer all that
        are still empty; its year is the one after."""
        taken: dict[str, Any] = {}
        for control in (control for block in blocks for control in block.controls):
            empty_of_new = (
                take == NEW_OFFER and control.name.startswith(f"{NEW_OFFER}.") and not control.value
            )
            if empty_of_new and control.name == f"{NEW_OFFER}.year":
                taken[control.name] = str(last_year.next_year(listing, self._today.year))
            elif control.before is not None and (empty_of_new or control.name == take):
                taken[control.name] = control.before.taken
        return {name: value for name, value in taken.items() if value is not None}

    def _new_offer(
        self, listing: Listing, like: int | None, typed: Mapping[str, Any], wrong: Mapping[str, str]
    ) -> Block:
        _ = self._gettext
        found = last_year.samples(listing, self._today.year)
        sample = next((one for one in found if one.id == like), found[0] if found else None)
        earlier, word = last_year.of_offer(sample)
        controls = [
            self._control(f"{NEW_OFFER}.{name}", field, None, None, earlier.get(name), typed, wrong)
            for name, field in fields.of_offer().items()
        ]
        return Block(
            _("Новий вступ"),
            controls,
            None,
            self._sample(sample, word) if sample is not None else None,
            is_new=True,
            others=[(one.id, self._offer_name(one)) for one in found if one is not sample],
        )

    def _offer(
        self, listing: Listing, offer: Offer, typed: Mapping[str, Any], wrong: Mapping[str, str]
    ) -> Block:
        present = representation.shown_offer(offer)
        sample = last_year.same_offer_before(listing, offer)
        earlier, word = last_year.of_offer(sample)
        controls = [
            self._control(
                f"offers.{offer.id}.{name}",
                field,
                present[name],
                stamping.standing(offer.stamps, name, "offer"),
                # What makes it the same offer is the same.
                earlier.get(name) if name not in ("form", "entry_base") else None,
                typed,
                wrong,
            )
            for name, field in fields.of_offer().items()
        ]
        _ = self._gettext
        form = f", {words.form(offer.form, _)}" if offer.form else ""
        block = _block(_("Вступ %(year)s") % {"year": offer.year} + form, controls)
        return block if sample is None else replace(block, sample=self._sample(sample, word))

    def _sample(self, offer: Offer, word: FactStamp | None) -> str:
        """The offer in words, and on whose word it stands where that is one for all of it."""
        source = word.source_name if word is not None else None
        return self._offer_name(offer) + (f" ({source})" if source else "")

    def _offer_name(self, offer: Offer) -> str:
        _ = self._gettext
        said = (
            str(offer.year),
            words.form(offer.form, _) if offer.form else None,
            words.entry_base(offer.entry_base, _),
            words.offer_type(offer.offer_type, _),
        )
        return ", ".join(filter(None, said))

    def _control(
        self,
        name: str,
        field: Field,
        present: Any,
        stamp: FactStamp | None,
        earlier: Earlier | None,
        typed: Mapping[str, Any],
        wrong: Mapping[str, str],
    ) -> Control:
        known = present not in (None, "", [])
        telling = self._telling
        value = typed.get(name, _as_typed(field, present))
        return Control(
            name=name,
            label=self._gettext(field.label),
            kind=_kind(field),
            value=_sentences(value) if field.type.name == "pairs" else value,
            options=self._options(field),
            error=wrong.get(name),
            stands=stamps.line(stamp, self._today, telling.lang, self._gettext) if known and stamp else None,
            before=self._before(field, earlier) if earlier is not None else None,
        )

    def _before(self, field: Field, earlier: Earlier) -> Before | None:
        said = self._telling.said(field, earlier.value)
        if said is None:
            return None
        _ = self._gettext
        if earlier.until is not None:
            day = typography.day(earlier.until.astimezone(KYIV).date(), self._telling.lang)
            when = _("До %(day)s") % {"day": day}
        else:
            when = str(earlier.year)
        source = earlier.stamp.source_name if earlier.stamp is not None else None
        if source and when in source:
            when = source
        elif source:
            when = f"{when}, {source}"
        takes = last_year.takeable(field)
        return Before(when, _short(said), _as_typed(field, earlier.value) if takes else None)

    def _with_terms(self, listing: Listing, control: Control) -> Control:
        """Skills or professions to tick. What follows from the speciality is so without a tick."""
        terms = self._telling.terms
        follow = representation.professions(listing, "speciality") if control.name == "professions" else []
        groups = [
            (
                heading and self._gettext(heading),
                [Choice(one.key, one.name, one.words) for one in group if one.key not in follow],
            )
            for heading, group in terms.groups(control.name)
        ]
        return replace(
            control,
            groups=[(heading, choices) for heading, choices in groups if choices],
            fixed=terms.named(control.name, follow),
        )

    def _options(self, field: Field) -> list[tuple[str, str]]:
        values = getattr(field.type, "values", ())
        return [(str(value), wording.word(field, value, self._gettext)) for value in values]


def _fields(listing: Listing, section: Section) -> list[Field]:
    known = (*fields.of_kind(listing.kind).values(), *fields.TIES)
    return [field for field in known if field.section == section]


def _present(listing: Listing, field: Field) -> Any:
    if field.name == "skills":
        return representation.skills(listing)
    if field.name == "professions":
        return representation.professions(listing, "topic")
    return representation.present(listing, field)


def _kind(field: Field) -> str:
    name = field.type.name
    if name == "text" and getattr(field.type, "longest", 0) > LONG_TEXT:
        return "long"
    own = {"whole": "number", "money": "number", "date": "day", "keys": "ties"}
    return own.get(name, name if name in ("one", "several", "flag", "pairs") else "text")


def _block(heading: str | None, controls: Sequence[Control]) -> Block:
    said = [control.stands for control in controls if control.stands]
    if len(said) > 1 and all(one == said[0] for one in said):
        return Block(heading, [replace(control, stands=None) for control in controls], said[0])
    return Block(heading, controls, None)


def _sentences(rows: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    """The rows, and empty ones to add to them."""
    found = []
    for row in rows:
        beside = {name: value for name, value in row.items() if name not in ("uk", "en")}
        kept = json.dumps(beside, ensure_ascii=False, sort_keys=True) if beside else ""
        found.append(Sentence(row.get("uk", ""), row.get("en", ""), kept))
    return found + [Sentence()] * EMPTY_ROWS


def _short(text: str) -> str:
    return text if len(text) <= LONG_TEXT else text[:LONG_TEXT].rstrip() + "…"


def _as_typed(field: Field, present: Any) -> Any:
    """A present value as a form sends it back: days as people write them."""
    if field.type.name == "date" and present:
        return date.fromisoformat(present).strftime("%d.%m.%Y")
    if isinstance(present, bool):
        return "yes" if present else "no"
    if isinstance(present, list):
        return present
    return "" if present is None else str(present)
