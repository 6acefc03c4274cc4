"""A hit's stored document -> the card on the page. The order of facts never changes between cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.places import city_name
from applicant_portal.finder import stamps, words
from applicant_portal.finder.stamps import StampLine
from applicant_portal.kit import typography
from applicant_portal.kit.i18n import Gettext, Lang, localized
from search.highlight import Fragment

DOORS_SHOWN = 3


class CardFact(NamedTuple):
    """A label with its value (None: unknown) and a remark such as the year."""

    label: str
    value: str | None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What components/ui.html `listing_card` shows."""

    id: str
    kind: str
    url: str
    title: str
    title_lang: str | None
    title_fragments: Sequence[Fragment]
    kind_label: str
    code: str | None
    icon: str | None
    where: str
    facts: Sequence[CardFact]
    doors: str | None
    snippet_fragments: Sequence[Fragment]
    stamp: StampLine
    state_tag: tuple[str, str | None] | None


def card(
    payload: Mapping[str, Any],
    title: Sequence[Fragment],
    snippet: Sequence[Fragment],
    today: date,
    lang: Lang,
    _: Gettext,
) -> Card:
    """The card of one hit; `title` and `snippet` carry the highlighted words."""
    kind = payload["kind"]
    speciality = payload.get("speciality")
    degree = words.degree(payload.get("degree"), _)
    label = words.kind(kind, _)
    stamp = FactStamp(**payload["stamp"]) if payload["stamp"] else None
    english = lang == "en" and payload["title_en"]
    return Card(
        id=payload["id"],
        kind=kind,
        url=localized(payload["path"], lang),
        title=payload["title_en"] if english else payload["title"],
        title_lang="uk" if lang == "en" and not english and kind != "course" else None,
        title_fragments=title,
        kind_label=f"{label} · {degree}" if degree else label,
        code=speciality["code"] if speciality else None,
        icon={"course": "clock", "track": "medal"}.get(kind),
        where=_where(payload, lang, _),
        facts=tuple({"programme": _programme, "course": _course, "track": _track}[kind](payload, lang, _)),
        doors=" · ".join(words.route(route, _) for route in _doors(payload)) or None,
        snippet_fragments=snippet,
        stamp=stamps.card_line(stamp, today, kind, lang, _),
        state_tag=_state_tag(payload, _),
    )


def shown_title(payload: Mapping[str, Any], lang: str) -> str:
    """The title in the page's language where there is one."""
    return str((payload["title_en"] if lang == "en" else None) or payload["title"])


def shown_summary(payload: Mapping[str, Any], lang: str) -> str:
    """The summary in the page's language where there is one."""
    return str((payload["summary_en"] if lang == "en" else None) or payload["summary_uk"] or "")


def _doors(payload: Mapping[str, Any]) -> list[str]:
    return [route for route in ("nmt", "interview", "quota_1", "quota_2", "earlier_degree") if route in
            payload.get("routes", ())][:DOORS_SHOWN]  # fmt: skip


def _where(payload: Mapping[str, Any], lang: Lang, _: Gettext) -> str:
    institution = payload["institution"]
    if payload["kind"] == "track":
        holder = _in(payload, "organiser", lang)
    elif institution:
        holder = institution["short_name"] or institution["name"]
        if lang == "en" and institution["name_en"]:
            holder = institution["name_en"]
    else:
        holder = payload["provider"]
    city = city_name(payload["city"], lang) if payload["city"] else None
    forms = ", ".join(words.form(form, _) for form in payload.get("forms", ()))
    return " · ".join(part for part in (holder, city, forms) if part)


def _programme(payload: Mapping[str, Any], lang: Lang, _: Gettext) -> list[CardFact]:
    volume = payload["licence_volume"]
    score = payload["avg_budget"]
    return [
        CardFact(
            _("Місць за ліцензією"),
            None if volume is None else typography.number(volume, lang),
            _year(payload["offer_year"], volume),
        ),
        CardFact(
            _("Середній бал на бюджет"),
            None if score is None else typography.decimal(Decimal(score), lang, 2),
            _year(payload["avg_budget_year"], score),
        ),
        _price_fact(payload, lang, _),
    ]


def _price_fact(payload: Mapping[str, Any], lang: Lang, _: Gettext) -> CardFact:
    if payload["price"] is None:
        return CardFact(_("Ціна за рік"), None)
    amount, year = payload["price"]
    return CardFact(_("Ціна за рік"), typography.money(amount, lang), _year(year, amount))


def _course(payload: Mapping[str, Any], lang: Lang, _: Gettext) -> list[CardFact]:
    price: CardFact
    if payload["price"] is None:
        price = CardFact(_("Ціна"), None)
    else:
        amount, year = payload["price"]
        shown = _("безкоштовно") if amount == 0 else typography.money(amount, lang)
        price = CardFact(_("Ціна"), shown, _year(year, amount) if amount else None)
    form = words.format_(payload["format"], _) if payload["format"] else None
    pace = {"self_paced": _("у своєму темпі"), "live": _("з викладачем")}.get(payload["pace"] or "")
    return [
        CardFact(_("Тривалість"), _in(payload, "duration", lang)),
        CardFact(_("Формат"), form, pace),
        price,
    ]


def _track(payload: Mapping[str, Any], lang: Lang, _: Gettext) -> list[CardFact]:
    amount = payload["amount_uah"]
    pays: str | None
    if amount is None:
        pays = _in(payload, "who_pays", lang)
    else:
        pays = _("до %(sum)s") % {"sum": typography.money(amount, lang)}
    who = "; ".join(row.get(lang) or row["uk"] for row in payload["who_can"])
    return [
        CardFact(_("Хто може"), who or None),
        CardFact(_("Що платить"), pays, _year(payload["amount_year"], amount)),
        CardFact(_("Тривалість"), _in(payload, "duration", lang)),
    ]


def _state_tag(payload: Mapping[str, Any], _: Gettext) -> tuple[str, str | None] | None:
    """A word for the state. A running programme needs none: its stamp says how old the data are."""
    if payload["state"] == "running":
        return (words.state("running", _), "good") if payload["kind"] == "track" else None
    tone = "bad" if payload["state"] == "closed" else None
    return words.state(payload["state"], _), tone


def _in(payload: Mapping[str, Any], name: str, lang: str) -> str | None:
    found = payload[f"{name}_{lang}"] or payload[f"{name}_uk"]
    return str(found) if found else None


def _year(year: int | None, value: object) -> str | None:
    return str(year) if year is not None and value is not None else None
