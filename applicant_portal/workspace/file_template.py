"""The spreadsheet to fill in: an institution's listings as they are, under headings that are read back."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import Institution, Listing, Offer
from applicant_portal.kit.i18n import Gettext, Lang
from applicant_portal.workspace import columns, fields, loading, representation, wording
from applicant_portal.workspace.columns import OFFER, Column
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.terms import Terms


def headings(_: Gettext) -> list[str]:
    return [column.label(_) for column in columns.columns().values()]


def rows(
    session: Session, by: By, institution: Institution, lang: Lang, _: Gettext
) -> Iterator[Sequence[str]]:
    """A line for every offer of a programme's newest campaign, one for every other listing."""
    terms = Terms(session, lang)
    names = {key: term.name for name in ("skills", "professions") for key, term in terms.of(name).items()}
    ids = session.scalars(
        select(Listing.id)
        .where(by.keeps(), Listing.institution_id == institution.id, Listing.kind.in_(columns.KINDS))
        .order_by(Listing.kind.desc(), Listing.title_key, Listing.id)
    ).all()
    found = {one.id: one for one in loading.find_all(session, by, ids)}
    for listing in (found[one] for one in ids if one in found):
        offers = representation.offers_in_order(listing)
        newest: Sequence[Offer | None] = [one for one in offers if one.year == offers[0].year] or [None]
        for offer in newest:
            yield [
                columns.cell(column, _value(listing, offer, column), _, names)
                for column in columns.columns().values()
            ]


def notes(_: Gettext) -> Iterator[Sequence[str]]:
    """What each column takes, for the second sheet."""
    yield [
        _("Один рядок — одна пропозиція; для програми з кількома вступами — рядок на кожен."),
    ]
    yield [_("Порожня клітинка нічого не змінює. Риска «—» означає: цього ми вже не знаємо.")]
    yield [_("Стовпці, які вам не потрібні, можна вилучити. Лишіть «Назву» або «Номер запису».")]
    yield []
    yield [_("Стовпець"), _("Чи обов’язково"), _("Що можна написати")]
    for column in columns.columns().values():
        one = column.field
        need = _("щоб опублікувати") if one is not None and one.needed else ""
        yield [column.label(_), need, "" if one is None else _takes(one, _)]


def _takes(one: fields.Field, _: Gettext) -> str:
    kind = one.type.name
    values = getattr(one.type, "values", ())
    if values:
        said = ", ".join(wording.word(one, value, _) for value in values)
        return said if kind == "one" else _("%(values)s; кілька — через крапку з комою") % {"values": said}
    return {
        "money": _("ціле число гривень, 0 — безкоштовно"),
        "whole": _("ціле число"),
        "date": _("дата, наприклад 01.07.2026"),
        "flag": _("так або ні"),
        "address": _("адреса сторінки, наприклад https://example.edu/vstup"),
        "speciality": _("код спеціальності, наприклад F3 або 122"),
        "keys": _("назви через крапку з комою"),
    }.get(kind, _("текст"))


def _value(listing: Listing, offer: Offer | None, column: Column) -> Any:
    if column.name == columns.OFFER_ID:
        return None if offer is None else offer.edebo_offer_id
    if column.field is None:
        return listing.id if column.name == columns.ID else listing.kind
    if column.name.startswith(OFFER):
        return None if offer is None else representation.shown_offer(offer)[column.field.name]
    if column.name == "skills":
        return representation.skills(listing)
    if column.name == "professions":
        return representation.professions(listing)
    own = fields.of_kind(listing.kind).get(column.name)
    return None if own is None else representation.present(listing, own)
