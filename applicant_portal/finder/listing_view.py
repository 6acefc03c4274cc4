"""A listing -> what its page shows. Every value comes with its year; what is not known is None."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from applicant_portal.catalogue import specialities
from applicant_portal.catalogue.documents import known_price, main_offer, newest_result
from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import PLACE_TOPICS, Institution, Listing, Offer, OfferSubject
from applicant_portal.finder import stamps, words
from applicant_portal.finder.stamps import StampLine
from applicant_portal.kit import typography
from applicant_portal.kit.i18n import Gettext, Lang


class FactRow(NamedTuple):
    label: str
    value: str | None
    remark: str | None = None


class PlaceRow(NamedTuple):
    label: str
    answer: str | None
    note: str | None
    stamp: StampLine | None


class Door(NamedTuple):
    name: str
    text: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Offers:
    """Admissions of a programme: the main one, and all by year. `own_word`: what of the admission
    that is on stands on the institution's own word, "all" or "part" of it; None: nothing yet."""

    main: Offer | None
    stamp: StampLine
    rows: Sequence[Sequence[str | None]]
    weights: Sequence[tuple[str, Sequence[tuple[str, float | None, str, str | None]]]]
    weights_year: int | None
    results: Sequence[FactRow]
    results_stamp: StampLine | None
    own_word: Literal["all", "part"] | None


SUBJECT_ORDER = (
    "ukrainian", "mathematics", "history", "physics", "foreign_language", "chemistry", "biology", "geography",
    "ukrainian_literature", "creative",
)  # fmt: skip


def key_facts(listing: Listing, lang: Lang, _: Gettext) -> list[FactRow]:
    """The six facts of a programme."""
    offer = main_offer(listing.offers)
    programme = listing.programme
    assert programme is not None  # noqa: S101 (programmes only)
    price = known_price(listing, offer)
    year = str(offer.year) if offer else None
    form = ", ".join(words.form(form, _) for form in programme.forms) or None
    volume = offer.licence_volume if offer else None
    return [
        FactRow(_("Форма навчання"), form),
        FactRow(_("Навчання"), _study(listing, offer, lang)),
        FactRow(
            _("Конкурс"),
            words.offer_type(offer.offer_type if offer else None, _),
            year if offer and offer.offer_type else None,
        ),
        FactRow(
            _("Місць за ліцензією"),
            None if volume is None else typography.number(volume, lang),
            year if volume is not None else None,
        ),
        FactRow(
            _("Ціна за рік"),
            typography.money(price[0], lang) if price else None,
            str(price[1]) if price and price[1] else None,
        ),
        FactRow(
            _("Мова викладання"), ", ".join(words.language(code, _) for code in listing.languages) or None
        ),
    ]


def _study(listing: Listing, offer: Offer | None, lang: Lang) -> str | None:
    if offer is not None and offer.study_from and offer.study_to:
        return f"{offer.study_from:%d.%m.%Y} – {offer.study_to:%d.%m.%Y}"
    return (listing.duration_en if lang == "en" else None) or listing.duration_uk


def offers(listing: Listing, today: date, lang: Lang, _: Gettext) -> Offers:
    """Everything about admission by year."""
    main = main_offer(listing.offers)
    with_subjects = [offer for offer in listing.offers if offer.subjects]
    weighed = main if main in with_subjects else max(with_subjects, key=lambda o: o.year, default=None)
    results, results_stamp = _results(listing, today, lang, _)
    return Offers(
        main=main,
        stamp=stamps.line(_offer_stamp(main) or listing.stamps.get("record"), today, lang, _),
        rows=[_offer_row(offer, lang, _) for offer in listing.offers],
        weights=_weights(weighed, lang, _) if weighed else (),
        weights_year=weighed.year if weighed else None,
        results=results,
        results_stamp=results_stamp,
        own_word=_own_word(main, today),
    )


def _own_word(offer: Offer | None, today: date) -> Literal["all", "part"] | None:
    if offer is None or offer.year < today.year:
        return None
    own = {name for name, stamp in offer.stamps.items() if stamp.origin == "institution"}
    if "offer" in own:
        return "all"
    return "part" if own else None


def _offer_stamp(offer: Offer | None) -> FactStamp | None:
    return offer.stamps.get("offer") if offer is not None else None


def offer_columns(_: Gettext) -> list[tuple[str, bool]]:
    """Headings of the table of offers, and whether the column holds numbers."""
    return [
        (_("Рік"), False),
        (_("Форма"), False),
        (_("Основа вступу"), False),
        (_("Конкурс"), False),
        (_("Ліцензія"), True),
        (_("Бюджет, не більше"), True),
        (_("Контракт"), True),
        (_("Ціна за рік"), True),
        (_("Пропозиція ЄДЕБО"), True),
    ]


def _offer_row(offer: Offer, lang: Lang, _: Gettext) -> list[str | None]:
    def shown(value: int | None) -> str | None:
        return None if value is None else typography.number(value, lang)

    return [
        str(offer.year),
        words.form(offer.form, _) if offer.form else None,
        words.entry_base(offer.entry_base, _),
        words.offer_type(offer.offer_type, _),
        shown(offer.licence_volume),
        shown(offer.budget_places),
        shown(offer.contract_places),
        typography.money(offer.price_uah, lang) if offer.price_uah is not None else None,
        offer.edebo_offer_id,
    ]


def _weights(
    offer: Offer, lang: Lang, _: Gettext
) -> list[tuple[str, list[tuple[str, float | None, str, str | None]]]]:
    """Subjects of the НМТ in two groups, in the order people know; subjects that are not counted stay out."""
    tests = {item.test for item in offer.subjects}
    counted = [
        item
        for item in offer.subjects
        if item.weight and (item.test == "nmt" or "nmt" not in tests) and item.subject in SUBJECT_ORDER
    ]
    counted.sort(key=lambda item: SUBJECT_ORDER.index(item.subject))
    groups = [(_("Обов’язкові"), False), (_("Четвертий на вибір"), True)]
    return [
        (title, [_weight(item, lang, _) for item in counted if item.elective is elective])
        for title, elective in groups
        if any(item.elective is elective for item in counted)
    ]


def _weight(item: OfferSubject, lang: Lang, _: Gettext) -> tuple[str, float | None, str, str | None]:
    weight = item.weight or Decimal(0)
    minimum = None if item.minimum is None else typography.decimal(item.minimum, lang)
    return words.subject(item.subject, _), float(weight), typography.decimal(weight, lang), minimum


def _results(listing: Listing, today: date, lang: Lang, _: Gettext) -> tuple[list[FactRow], StampLine | None]:
    """What came of the newest campaign of which anything is known. Never a promise for the next."""
    known = [r for r in listing.results if r.applications or r.avg_budget or r.avg_contract or r.avg_score]
    if not known:
        return [], None
    year = max(result.year for result in known)
    labels = {
        "applications": _("Заяв"),
        "avg_budget": _("Середній бал на бюджет"),
        "avg_contract": _("Середній бал на контракт"),
        "avg_score": _("Середній бал заяв"),
        "min_budget": _("Найнижчий зарахований бал на бюджет"),
    }
    rows = []
    for field, label in labels.items():
        result = newest_result([r for r in known if r.year == year], field)
        if result is None:
            if field in ("avg_budget", "min_budget"):
                rows.append(FactRow(label, None))
            continue
        value = getattr(result, field)
        text = (
            typography.number(value, lang) if isinstance(value, int) else typography.decimal(value, lang, 2)
        )
        rows.append(FactRow(label, text, str(year)))
    stamp = next((s for r in known if r.year == year for s in r.stamps.values()), None)
    line = stamps.line(stamp or _offer_stamp(main_offer(listing.offers)), today, lang, _)
    note = _("Кампанія %(year)d. Це не «прохідний бал» на наступний рік") % {"year": year}
    return rows, StampLine(line.age, note, line.url)


def doors(listing: Listing, _: Gettext) -> list[Door]:
    """Entry routes in plain sentences."""
    texts = {
        "nmt": _("Три обов’язкові предмети й один на вибір."),
        "interview": _(
            "Для учасників бойових дій і людей з інвалідністю внаслідок війни. "
            "Чи проводить її заклад на цю програму, спитайте приймальну комісію."
        ),
        "quota_1": _(
            "Окремі бюджетні місця для учасників бойових дій. Категорія має бути в ЄДЕБО до першої заяви."
        ),
        "quota_2": _("Окремі бюджетні місця для вступників із окупованих територій і територій бойових дій."),
        "earlier_degree": _("Потрібен диплом попереднього рівня й вступні іспити цього рівня."),
        "contract": _("Навчання власним коштом або коштом того, хто платить за вас."),
        "voucher": _("Навчання оплачує ваучер служби зайнятості."),
    }
    return [
        Door(typography.capital(words.route(route.route, _)), texts[route.route], route.year)
        for route in sorted(listing.routes, key=lambda r: list(texts).index(r.route))
    ]


def places(institution: Institution | None, today: date, lang: Lang, _: Gettext) -> list[PlaceRow]:
    """What is known of the buildings, each with its date; no row in the catalogue: unknown."""
    known = {fact.topic: fact for fact in institution.place_facts} if institution is not None else {}
    rows = []
    for topic in PLACE_TOPICS:
        fact = known.get(topic)
        if fact is None:
            rows.append(PlaceRow(words.place_topic(topic, _), None, None, None))
            continue
        note = (fact.note_en if lang == "en" else None) or fact.note_uk
        stamp = next(iter(fact.stamps.values()), None)
        rows.append(
            PlaceRow(words.place_topic(topic, _), fact.answer, note, stamps.line(stamp, today, lang, _))
        )
    return rows


def speciality_line(listing: Listing, lang: Lang, _: Gettext) -> str:
    """«Комп’ютерні науки · бакалавр · колишня 122»."""
    programme = listing.programme
    assert programme is not None  # noqa: S101 (programmes only)
    found = specialities.find(programme.speciality) if programme.speciality else None
    old = programme.old_speciality or (found.old_code if found else None)
    parts = [
        found.name(lang) if found else None,
        words.degree(programme.degree, _),
        _("колишня %(code)s") % {"code": old} if old else None,
    ]
    return " · ".join(part for part in parts if part) or words.kind("programme", _)
