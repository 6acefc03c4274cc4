"""The first page of the room: what is worth doing today, and every listing with what is due in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from applicant_portal.catalogue import specialities
from applicant_portal.catalogue.documents import record_stamp
from applicant_portal.catalogue.models import Listing
from applicant_portal.finder import stamps
from applicant_portal.finder import words as finder_words
from applicant_portal.finder.stamps import StampLine
from applicant_portal.finder.state import portal
from applicant_portal.kit.i18n import Gettext, Lang, Ngettext, lang_of
from applicant_portal.kit.web import go
from applicant_portal.workspace import fields, nudges, representation, room, service
from applicant_portal.workspace.nudges import DUE, Nudge
from applicant_portal.workspace.room import HOME, Acting, Reading, Sent, Writing

router = APIRouter(include_in_schema=False)

PER_PAGE = 50
LAST_PAGE = 10_000
_SCREEN_OF = {"offer": "admission?add=1", "price": "money", "stale": "about", "draft": "about"}
"""Where what is due is done."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing worth doing today. `what` begins with its verb; `list_path` has the listings that it means,
    `path` is where to begin."""

    what: str
    why: str
    list_path: str
    act: str
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """A listing in the list. `what`: what it is, in one line; `due`: what is due, and the screen for it."""

    listing: Listing
    kind: str
    code: str | None
    what: str
    completeness: dict[str, object]
    stamp: StampLine
    due: Sequence[tuple[str, str]]
    act: str
    path: str


@router.get(HOME)
def listings(
    request: Request,
    session: Reading,
    actor: Acting,
    page: int = 1,
    q: str = "",
    due: str = "",
    done: str = "",
) -> Response:
    """What the person's institutions have on the site and in drafts; `due` narrows it to one thing to do."""
    here, by = portal(request), room.by(actor)
    today = here.today()
    wanted = next((one for one in DUE if one == due), None)
    found = service.listings(
        session,
        by,
        page=min(max(page, 1), LAST_PAGE),
        per_page=PER_PAGE,
        words=q or None,
        among=nudges.those(session, by, wanted, today) if wanted else None,
    )
    telling = _Telling(request, today)
    # Who looks for something has begun already.
    to_do = nudges.nudges(session, by, today) if not (wanted or q) and found.page == 1 else []
    context = {
        "rows": [telling.row(one) for one in found.items],
        "to_do": [telling.to_do(one) for one in to_do],
        "total": found.total,
        "institutions": service.institutions(session, actor.institutions),
        "earlier": _query(q, wanted, found.page - 1) if found.page > 1 else None,
        "later": _query(q, wanted, found.page + 1) if found.total > found.page * PER_PAGE else None,
        "words": q,
        "due": wanted or "",
        "done": done,
        "is_staff": actor.is_staff,
        "owns": any(actor.owns(one) for one in actor.institutions),
    }
    return room.page(request, "workspace", context)


@router.post(f"{HOME}/confirm")
def confirm(request: Request, session: Writing, actor: Acting, sent: Sent) -> Response:
    """«Так, усе правильно»: what is on the site stands on the institution's word of today."""
    by = room.by(actor)
    own = service.find_all(session, by, [str(one) for one in sent.getlist("listing")], to_change=True)
    service.confirm(session, by, [one for one in own if one.visibility == "published"], room.now())
    return go(request, f"{HOME}?done=confirmed")


def _query(q: str, due: str | None, page: int) -> str:
    return urlencode({name: value for name, value in (("q", q), ("due", due), ("page", page)) if value})


class _Telling:
    """Listings and what is due in them in the words of the page."""

    def __init__(self, request: Request, today: date) -> None:
        here = portal(request)
        self._lang: Lang = lang_of(request.scope)
        self._gettext: Gettext = here.pages.gettext(self._lang)
        self._ngettext: Ngettext = here.pages.ngettext(self._lang)
        self._today = today

    def row(self, listing: Listing) -> Row:
        _ = self._gettext
        due = nudges.due(listing, self._today)
        screen = _SCREEN_OF[due[0]] if due else "about"
        return Row(
            listing=listing,
            kind=finder_words.kind(listing.kind, _),
            code=listing.programme.speciality if listing.programme else None,
            what=self._what(listing),
            completeness=representation.completeness(listing),
            stamp=stamps.line(record_stamp(listing), self._today, self._lang, _),
            due=self._due(listing, due),
            act=_("Продовжити") if listing.visibility == "draft" else _("Змінити"),
            path=_path(listing.id, screen if screen != "admission?add=1" else "admission"),
        )

    def to_do(self, nudge: Nudge) -> ToDo:
        _, ngettext, count = self._gettext, self._ngettext, nudge.count
        list_path = f"{HOME}?due={nudge.due}"
        first = _path(nudge.first, _SCREEN_OF[nudge.due])
        values = {"num": count, "year": self._today.year}
        if nudge.due == "offer":
            what = ngettext(
                "Заповніть вступ %(year)d у %(num)d програмі",
                "Заповніть вступ %(year)d у %(num)d програмах",
                count,
            )
            path = first if count == 1 else list_path
            return ToDo(
                what % values, _("Торік він був, цьогорічного ще немає."), list_path, _("Заповнити"), path
            )
        if nudge.due == "price":
            what = ngettext(
                "Допишіть рік до ціни в %(num)d пропозиції",
                "Допишіть рік до ціни в %(num)d пропозиціях",
                count,
            )
            path = first if count == 1 else list_path
            return ToDo(what % values, _("Без року ціні не вірять."), list_path, _("Дописати"), path)
        if nudge.due == "stale":
            what = ngettext(
                "Підтвердьте відомості в %(num)d пропозиції",
                "Підтвердьте відомості в %(num)d пропозиціях",
                count,
            )
            why = _("Вони застаріли або ось-ось застаріють.")
            return ToDo(what % values, why, list_path, _("Переглянути й підтвердити"), list_path)
        what = ngettext("Завершіть %(num)d чернетку", "Завершіть %(num)d чернеток", count)
        return ToDo(what % values, self._nearest(nudge), list_path, _("Продовжити"), first)

    def _nearest(self, nudge: Nudge) -> str:
        _, ngettext = self._gettext, self._ngettext
        if not nudge.gaps:
            return _("«%(title)s» можна публікувати.") % {"title": nudge.title}
        sentence = ngettext(
            "Найближча до готової — «%(title)s»: бракує %(num)d поля.",
            "Найближча до готової — «%(title)s»: бракує %(num)d полів.",
            nudge.gaps,
        )
        return sentence % {"title": nudge.title, "num": nudge.gaps}

    def _due(self, listing: Listing, due: Sequence[str]) -> list[tuple[str, str]]:
        """In words, with the screen where it is done."""
        _ = self._gettext
        year = {"year": self._today.year}
        found: list[tuple[str, str]] = []
        if "offer" in due:
            found.append(
                (_("Немає вступу %(year)d, а торік був") % year, _path(listing.id, _SCREEN_OF["offer"]))
            )
        if "price" in due:
            found.append((_("Ціна без року"), _path(listing.id, _SCREEN_OF["price"])))
        if missing := representation.gaps(listing):
            known = fields.of_kind(listing.kind)
            names = ", ".join(_(known[name].label) for name in missing)
            sentence = _("До публікації бракує: %(fields)s") if "draft" in due else _("Бракує: %(fields)s")
            found.append((sentence % {"fields": names}, _path(listing.id, known[missing[0]].section)))
        elif "draft" in due:
            found.append((_("Можна публікувати"), _path(listing.id, "about")))
        if "stale" in due:
            fresh = nudges.are_fresh(listing, self._today)
            sentence = (
                _("Відомості ось-ось застаріють: підтвердьте їх") if fresh else _("Підтвердьте відомості")
            )
            found.append((sentence, _path(listing.id, "about")))
        return found

    def _what(self, listing: Listing) -> str:
        _ = self._gettext
        programme = listing.programme
        if programme is None:
            return listing.provider or ""
        speciality = specialities.find(programme.speciality) if programme.speciality else None
        said = (
            speciality.name(self._lang) if speciality else None,
            finder_words.degree(programme.degree, _),
            *(finder_words.form(one, _) for one in programme.forms),
        )
        return " · ".join(filter(None, said))


def _path(listing_id: str, screen: str) -> str:
    return f"{HOME}/listings/{listing_id}/{screen}"
