"""The questionnaire and its result. Every answer is kept under a code; nothing of it is in an address."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from applicant_portal.advisor import codes, service, store, view
from applicant_portal.advisor.questionnaire import BadAnswer
from applicant_portal.advisor.state import HOME, Visitor, advisor, forget, of_code, remember, visitor
from applicant_portal.advisor.store import Kept
from applicant_portal.catalogue import profession_queries, queries
from applicant_portal.finder.state import portal, reading, writing
from applicant_portal.kit.errors import NotFound
from applicant_portal.kit.i18n import lang_of
from applicant_portal.kit.limits import Throttle
from applicant_portal.kit.web import go
from recommender.schema import Answers

router = APIRouter(include_in_schema=False)

Reading = Annotated[Session, Depends(reading)]
Writing = Annotated[Session, Depends(writing, scope="function")]
_codes_tried = Throttle(times=20, seconds=3600)
_begun = Throttle(times=200, seconds=3600)


@router.get(HOME)
def start(request: Request, session: Reading) -> Response:
    """What it is, how long it takes; where somebody has begun, the way on."""
    who, kept = _kept(request, session)
    return _page(request, "questionnaire_start", {"kept": kept, "who": who, "next": _next(request, kept)})


@router.post(HOME)
def begin(request: Request, session: Writing) -> Response:
    if not _begun.allows(_caller(request)):
        return _page(request, "questionnaire_start", _empty() | {"too_many": True}, status=429)
    who = of_code(request, codes.new_code())
    store.begin(session, who.owner, portal(request).today())
    response = go(request, f"{HOME}/1")
    remember(request, response, who.code)
    return response


@router.post(f"{HOME}/resume")
def resume(request: Request, session: Reading, code: Annotated[str, Form()] = "") -> Response:
    """Go on with a code from another device."""
    _ = portal(request).pages.gettext(lang_of(request.scope))
    if _codes_tried.is_used_up(_caller(request)):
        wrong = _("Забагато спроб. Зачекайте годину або почніть спочатку.")
        return _page(request, "questionnaire_start", _empty() | {"typed": code, "wrong": wrong}, status=429)
    read = codes.read(code)
    who = of_code(request, read) if read else None
    kept = store.find(session, who.owner, portal(request).today()) if who else None
    if who is None or kept is None:
        # Only wrong codes count: a whole class may come from one address.
        _codes_tried.allows(_caller(request))
        wrong = _("Такого коду немає: перевірте вісім знаків. Можливо, відповіді вже стерто.")
        return _page(request, "questionnaire_start", _empty() | {"typed": code, "wrong": wrong}, status=422)
    response = go(request, _next(request, kept))
    remember(request, response, who.code)
    return response


@router.get(f"{HOME}/answers")
def answers(request: Request, session: Reading) -> Response:
    """All answers, each with the way to change it."""
    who, kept = _kept(request, session)
    if who is None or kept is None:
        return go(request, HOME)
    sequence = advisor(request).questionnaire.sequence(kept.answers)
    return _page(
        request,
        "questionnaire_answers",
        {"sequence": sequence, "kept": kept, "code": codes.shown(who.code)},
    )


@router.get(f"{HOME}/result")
def result(request: Request, session: Reading) -> Response:
    """The paths. With consent it is noted that they were shown."""
    who, kept = _kept(request, session)
    if who is None or kept is None:
        return go(request, HOME)
    here = portal(request)
    lang = lang_of(request.scope)
    found = advisor(request).advise(kept.answers, kept.hidden)
    ids = [path.candidate.id for path in found.advice.paths]
    if kept.consent:
        # In a transaction of its own: most only look, and must not wait for those who write.
        with here.database.write() as writing_:
            still = store.find(writing_, who.owner, here.today(), to_change=True)
            if still is not None and still.consent:
                places = [(one, rank) for rank, one in enumerate(ids, 1)]
                store.note(writing_, who.owner, "shown", places, here.today())
    listings = {listing.id: listing for listing in queries.searchable(session, ids)}
    titles = {
        one.key: one.title_en if lang == "en" else one.title_uk
        for one in profession_queries.professions(session)
    }
    maker = view.ResultMaker(advisor(request), listings, here.today(), lang, here.pages.gettext(lang))
    shown = maker.result(kept, who.code, found, titles)
    return _page(request, "questionnaire_result", {"result": shown})


@router.get(f"{HOME}/paths/{{listing_id}}")
def opened(request: Request, session: Writing, listing_id: str) -> Response:
    """On to a suggested listing; with consent it is noted that it was opened."""
    who, kept = _kept(request, session, to_change=True)
    listing = queries.listing(session, listing_id)
    if listing is None:
        raise NotFound
    if who is not None and kept is not None and kept.consent:
        rank = _rank(request, kept, listing_id)
        if rank is not None:
            store.note(session, who.owner, "opened", [(listing_id, rank)], portal(request).today())
    return go(request, listing.path)


@router.post(f"{HOME}/hide")
def hide(request: Request, session: Writing, listing: Annotated[str, Form()] = "") -> Response:
    """Leave a listing out from now on; an empty value brings all of them back."""
    who, kept = _kept(request, session, to_change=True)
    if who is None or kept is None:
        return go(request, HOME)
    today = portal(request).today()
    rank = _rank(request, kept, listing) if listing else None
    if listing and rank is None:
        return go(request, f"{HOME}/result")
    if kept.consent and rank is not None:
        store.note(session, who.owner, "hidden", [(listing, rank)], today)
    hidden = kept.hidden | {listing} if listing else frozenset()
    store.save(session, who.owner, replace(kept, hidden=hidden, moved={}), today)
    return go(request, f"{HOME}/result")


@router.post(f"{HOME}/consent")
def consent(request: Request, session: Writing, agree: Annotated[str, Form()] = "") -> Response:
    """Let us keep what is shown, opened and hidden, or take that back (what was kept goes at once)."""
    who, kept = _kept(request, session, to_change=True)
    if who is not None and kept is not None:
        store.save(session, who.owner, replace(kept, consent=agree == "yes"), portal(request).today())
    return go(request, f"{HOME}/result#consent")


@router.post(f"{HOME}/erase")
def erase(request: Request, session: Writing) -> Response:
    who = visitor(request)
    if who is not None:
        store.erase(session, who.owner)
    response = _page(request, "questionnaire_start", _empty() | {"erased": True})
    forget(response)
    return response


@router.get(f"{HOME}/resume")
@router.get(f"{HOME}/hide")
@router.get(f"{HOME}/consent")
@router.get(f"{HOME}/erase")
def sent_here(request: Request) -> Response:
    """A page that came as the answer to a form has the form's address: here it is opened again, perhaps in
    the other language."""
    return go(request, HOME)


@router.get(f"{HOME}/{{number}}")
def question(request: Request, session: Reading, number: int) -> Response:
    who, kept = _kept(request, session)
    if who is None or kept is None:
        return go(request, HOME)
    sequence = advisor(request).questionnaire.sequence(kept.answers)
    if not 1 <= number <= len(sequence):
        return go(request, _next(request, kept))
    return _step(request, view.step(sequence, number, kept, who.code))


@router.post(f"{HOME}/{{number}}")
def answer(
    request: Request,
    session: Writing,
    number: int,
    asked: Annotated[str, Form()] = "",
    value: Annotated[list[str] | None, Form()] = None,
    act: Annotated[Literal["next", "skip", "find", "enter"], Form()] = "next",
    words: Annotated[str, Form()] = "",
    changing: Annotated[bool, Form()] = False,
) -> Response:
    """Keep an answer or pass the question over, and go on. `asked` is the question that was on the page: its
    number may have become another's meanwhile. `find` looks through a long list by `words`; they may tell of
    somebody's service, so they come in the body and never in an address."""
    if act == "enter":
        act = "find" if words.strip() else "next"
    who, kept = _kept(request, session, to_change=True)
    if who is None or kept is None:
        return go(request, HOME)
    sequence = advisor(request).questionnaire.sequence(kept.answers)
    ids = [one.id for one in sequence]
    if asked not in ids:
        return go(request, _next(request, kept))
    number = ids.index(asked) + 1
    _ = portal(request).pages.gettext(lang_of(request.scope))
    try:
        chosen = sequence[number - 1].read(value or [])
    except BadAnswer:
        wrong = _("Оберіть відповідь зі списку на цій сторінці.")
        shown = view.step(sequence, number, kept, who.code)
        return _step(request, shown, wrong=wrong, status=422, changing=changing)
    if act == "find":
        looking = replace(kept, answers={**kept.answers, asked: chosen})
        lang = lang_of(request.scope)
        return _step(request, view.step(sequence, number, looking, who.code, words, lang), changing=changing)
    if act == "next" and not chosen:
        wrong = _("Оберіть відповідь або натисніть «Не знаю, пропустити».")
        shown = view.step(sequence, number, replace(kept, answers=_without(kept, asked)), who.code)
        return _step(request, shown, wrong=wrong, status=422, changing=changing)
    given = chosen if act == "next" else ()
    kept, on = service.answered(advisor(request), kept, asked, given, changing=changing)
    store.save(session, who.owner, kept, portal(request).today())
    response = go(request, f"{HOME}/{on}")
    remember(request, response, who.code)  # the cookie lives as long as the answers
    return response


def _without(kept: Kept, asked: str) -> Answers:
    return {name: values for name, values in kept.answers.items() if name != asked}


def _kept(
    request: Request, session: Session, *, to_change: bool = False
) -> tuple[Visitor | None, Kept | None]:
    who = visitor(request)
    today = portal(request).today()
    return who, store.find(session, who.owner, today, to_change=to_change) if who else None


def _next(request: Request, kept: Kept | None) -> str:
    """Where somebody goes on: the first question neither answered nor passed over, else the result."""
    if kept is None:
        return HOME
    return f"{HOME}/{service.next_step(advisor(request), kept)}"


def _rank(request: Request, kept: Kept, listing_id: str) -> int | None:
    ranker = advisor(request).ranker
    row = ranker.candidates.number.get(listing_id)
    return None if row is None else ranker.standing(kept.answers, kept.hidden).rank(row)


def _caller(request: Request) -> str:
    return request.client.host if request.client else ""


def _step(
    request: Request,
    step: view.Step,
    *,
    wrong: str | None = None,
    status: int = 200,
    changing: bool | None = None,
) -> Response:
    if changing is None:
        changing = request.query_params.get("change") == "1"
    values = {"step": step, "wrong": wrong, "changing": changing}
    return _page(request, "questionnaire_step", values, status=status)


def _empty() -> dict[str, Any]:
    return {"kept": None, "who": None, "next": HOME}


def _page(request: Request, name: str, context: Mapping[str, Any], *, status: int = 200) -> Response:
    values = {"typed": "", "wrong": None, "erased": False, "too_many": False, **context}
    return portal(request).pages.personal(request, name, values, status=status)
