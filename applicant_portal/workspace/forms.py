"""A screen that was sent back: what was typed, by the name of its control, and what that asks for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from applicant_portal.catalogue.models import Listing
from applicant_portal.workspace import fields, representation
from applicant_portal.workspace.fields import Section
from applicant_portal.workspace.screens import NEW_OFFER
from applicant_portal.workspace.terms import Terms

_MOST_ROWS = 100
_LONGEST_NUMBER = 9


def read(
    listing: Listing, section: Section, sent: FormData, terms: Terms
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The screen as typed and as wanted. Only controls that the form had count: an empty tick is sent as
    nothing, so each control says "has.<name>" that it was there."""
    typed: dict[str, Any] = {}
    wanted: dict[str, Any] = {"fields": {}}
    for field in fields.of_kind(listing.kind).values():
        if field.section == section and f"has.{field.name}" in sent:
            typed[field.name] = wanted["fields"][field.name] = _value(field.type.name, sent, field.name)
    if section == "admission" and listing.kind == "programme":
        _read_offers(listing, sent, typed, wanted)
    if section == "skills":
        _read_ties(listing, sent, terms, typed, wanted)
    return typed, wanted


def number(typed: str) -> int | None:
    """A row's number as it was sent; None for anything else."""
    fits = len(typed) <= _LONGEST_NUMBER and typed.isascii() and typed.isdigit()
    return int(typed) if fits else None


def _read_offers(listing: Listing, sent: FormData, typed: dict[str, Any], wanted: dict[str, Any]) -> None:
    wanted["offers"] = []
    for offer in representation.offers_in_order(listing):
        own: dict[str, Any] = representation.shown_offer(offer)
        for name, field in fields.of_offer().items():
            key = f"offers.{offer.id}.{name}"
            if f"has.{key}" in sent:
                typed[key] = own[name] = _value(field.type.name, sent, key)
        wanted["offers"].append(own)
    if f"has.{NEW_OFFER}.year" in sent:
        fresh = {
            name: _value(field.type.name, sent, f"{NEW_OFFER}.{name}")
            for name, field in fields.of_offer().items()
        }
        typed.update({f"{NEW_OFFER}.{name}": value for name, value in fresh.items()})
        wanted["offers"].append(fresh)


def _read_ties(
    listing: Listing, sent: FormData, terms: Terms, typed: dict[str, Any], wanted: dict[str, Any]
) -> None:
    """Skills that stay keep their order, new ones come behind. Professions that follow from the speciality
    are not typed, and stay."""
    if "has.skills" in sent:
        typed["skills"] = _keys(sent, "skills")
        wanted["skills"] = in_order(representation.skills(listing), typed["skills"], terms.of("skills"))
    if "has.professions" in sent:
        typed["professions"] = _keys(sent, "professions")
        follow = representation.professions(listing, "speciality")
        wanted["professions"] = sorted({*follow, *typed["professions"]})


def in_order(present: Sequence[str], ticked: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """The ticked keys: those there were as they stood, then the new in the order of the list of all; what no
    list has comes last, to be refused."""
    stay = [key for key in present if key in ticked]
    new = [key for key in known if key in ticked and key not in present]
    return [*stay, *new, *(key for key in ticked if key not in present and key not in known)]


def _value(kind: str, sent: FormData, name: str) -> Any:
    if kind == "several":
        return [str(one) for one in sent.getlist(name)]
    if kind == "pairs":
        return _rows(sent, name)
    return str(sent.get(name, ""))


def _keys(sent: FormData, name: str) -> list[str]:
    return list(dict.fromkeys(str(one) for one in sent.getlist(name)))


def _rows(sent: FormData, name: str) -> list[dict[str, Any]]:
    """Sentences in two languages, with what else each row says; rows without a word are gone."""
    found = []
    for index in range(_MOST_ROWS):
        own = f"{name}.{index}"
        if f"{own}.uk" not in sent:
            break
        row: dict[str, Any] = {
            lang: str(sent.get(f"{own}.{lang}", ""))
            for lang in ("uk", "en")
            if str(sent.get(f"{own}.{lang}", "")).strip()
        }
        if row:
            found.append(row | _beside(str(sent.get(f"{own}.beside", ""))))
    return found


def _beside(raw: str) -> dict[str, Any]:
    """What a row carried unseen, as it was given to the form. What it may be is for the type to say."""
    try:
        found = json.loads(raw or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and not {"uk", "en"} & found.keys() else {}
