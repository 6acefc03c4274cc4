"""The questionnaire and its suggestions for programs. Nothing that is asked or answered here is kept."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from applicant_portal.advisor import api_examples
from applicant_portal.advisor.fields import field_name
from applicant_portal.advisor.questionnaire import BadAnswer, Question, Questionnaire
from applicant_portal.advisor.service import Answered
from applicant_portal.advisor.state import advisor
from applicant_portal.advisor.wording import Reason, Wording
from applicant_portal.catalogue import documents, queries
from applicant_portal.finder.api_models import PROBLEM, ListingBrief, Told
from applicant_portal.finder.drawn_hits import fields as listing_fields
from applicant_portal.finder.state import portal
from applicant_portal.kit.errors import problem
from applicant_portal.kit.i18n import Gettext, Lang

router = APIRouter(tags=["advisor"])

LONGEST_NAME = 60
"""So much of an unknown question's name is repeated."""

Given = dict[str, str | list[str]]
Language = Annotated[Literal["uk", "en"], Query(description="Language of the texts.")]


class Asked(BaseModel):
    """Answers under the ids of `GET /api/v1/questionnaire`: one value, or a list where `kind` is many. What
    is left out was not answered. `answers` holds what suits (sections person, task, interest), `facts` what
    is possible."""

    model_config = ConfigDict(extra="forbid")
    answers: Given = Field(default_factory=dict)
    facts: Given = Field(default_factory=dict)
    lang: Literal["uk", "en"] = "uk"


class AllowedAnswer(Told):
    """An answer by its value, and in words."""

    value: str
    text: str


class AskedQuestion(Told):
    """One question. `asked_when`: question -> the answers under which this one is asked; null there is "not
    answered"."""

    id: str
    section: Literal["person", "task", "interest", "fact"]
    given_under: Literal["answers", "facts"]
    kind: Literal["one", "many"]
    text: str
    example: str | None
    answers: list[AllowedAnswer]
    asked_when: dict[str, list[str | None]] | None


class QuestionnaireAnswer(Told):
    """Every question in the order of asking."""

    questions: list[AskedQuestion]


class ToldField(Told):
    """A field of study."""

    key: str
    name: str


class Computing(Told):
    """Of people with such answers the `share` that studies computing, and the `average` of all."""

    band: Literal["low", "middle", "high"]
    share: float
    average: float


class ToldDirection(Told):
    """Where the interests lean, nearest field first. `sure`: of people with as probable a list, the share
    whose field was on it."""

    fields: list[ToldField]
    sure: float
    it: Computing
    answered: int


class ToldRelaxation(Told):
    """Without the answer to `question` there are `adds` more listings."""

    question: str
    adds: int


class ToldTerm(Told):
    """One part of a score; `question` is null for a fact of the listing alone."""

    code: str
    question: str | None
    contribution: float


class ToldReason(ToldTerm):
    """A part of the score in words, and where it comes from."""

    text: str
    source: str


class ToldCounterfactual(Told):
    """With `question` answered by `answer` the path stands at `rank`; null: it leaves the list."""

    question: str
    answer: list[str]
    rank: int | None
    text: str


class ToldPath(Told):
    """One suggested listing. `terms` are all parts of its score; `reasons` and `against` are some of them in
    words."""

    rank: int
    listing: ListingBrief
    score: float
    terms: list[ToldTerm]
    reasons: list[ToldReason]
    against: list[ToldReason]
    counterfactual: ToldCounterfactual | None


class RecommendationsAnswer(Told):
    """Paths, the best first."""

    direction: ToldDirection | None = Field(description="Null until the interests were answered.")
    areas: list[str] = Field(description="Areas inside IT whose own work was liked, best liked first.")
    eligible: int = Field(description="How many listings pass every filter.")
    relaxation: ToldRelaxation | None = Field(
        description="With fewer than five paths: the answer whose filter costs most, and what it would add."
    )
    beyond: list[str] = Field(description="Facts that nothing met; the paths do not meet them either.")
    paths: list[ToldPath]


@router.get(
    "/api/v1/questionnaire",
    responses={200: {"model": QuestionnaireAnswer}, 422: PROBLEM},
    openapi_extra=api_examples.QUESTIONNAIRE,
)
def questionnaire(request: Request, lang: Language = "uk") -> Response:
    """Every question with its id, kind, allowed answers and when it is asked."""
    return _json({"questions": [_question(one, lang) for one in advisor(request).questionnaire.questions]})


@router.post(
    "/api/v1/recommendations",
    responses={200: {"model": RecommendationsAnswer}, 422: PROBLEM},
    openapi_extra=api_examples.RECOMMENDATIONS,
)
def recommendations(request: Request, asked: Annotated[Asked, Body()]) -> Response:
    """Ranked paths with reasons. Nothing of the request is kept or logged."""
    here = portal(request)
    _ = here.pages.gettext(asked.lang)
    known = advisor(request)
    try:
        answers = known.questionnaire.read(asked.answers, asked.facts)
    except BadAnswer as wrong:
        field = _field(wrong, asked, known.questionnaire)
        return problem(422, _("Відповіді не прочитано."), [{"field": field, "message": _trouble(wrong, _)}])
    return _json(_told(request, known.advise(answers), answers, asked.lang))


def _told(request: Request, found: Answered, answers: Any, lang: Lang) -> dict[str, Any]:
    here, known = portal(request), advisor(request)
    given = known.questionnaire.asked(answers)
    wording = Wording(known.questionnaire, lang, here.pages.gettext(lang))
    with here.database.read() as session:
        ids = [path.candidate.id for path in found.advice.paths]
        listings = {listing.id: listing for listing in queries.searchable(session, ids)}
        payloads = {
            one: documents.document(listings[one], here.today()).payload for one in ids if one in listings
        }
    relaxation, direction = found.advice.relaxation, found.direction
    return {
        "direction": direction
        and {
            "fields": [{"key": key, "name": field_name(key, lang)} for key in direction.fields],
            "sure": direction.sure,
            "it": {"band": direction.it_band, "share": direction.it_share, "average": direction.it_average},
            "answered": direction.answered,
        },
        "areas": [known.ranker.candidates.areas[one] for one in known.ranker.scoring.liked(given)],
        "eligible": found.advice.eligible,
        "relaxation": relaxation and {"question": relaxation.question, "adds": relaxation.adds},
        "beyond": found.advice.beyond,
        "paths": [
            {
                "rank": path.rank,
                "listing": listing_fields(path.candidate.id, payloads[path.candidate.id], lang),
                "score": path.score,
                "terms": [term._asdict() for term in path.terms],
                "reasons": [_reason(one) for one in wording.reasons(path, given)],
                "against": [_reason(one) for one in wording.against(path, given)],
                "counterfactual": path.counterfactual
                and {
                    "question": path.counterfactual.question,
                    "answer": path.counterfactual.answer,
                    "rank": path.counterfactual.rank,
                    "text": wording.counterfactual(path.counterfactual, path.rank),
                },
            }
            for path in found.advice.paths
            if path.candidate.id in payloads
        ],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "text": reason.text,
        "source": reason.source,
        "question": reason.question,
        "contribution": reason.contribution,
    }


def _question(question: Question, lang: Lang) -> dict[str, Any]:
    return {
        "id": question.id,
        "section": question.section,
        "given_under": "facts" if question.section == "fact" else "answers",
        "kind": question.kind,
        "text": question.text(lang),
        "example": question.example(lang),
        "answers": [{"value": one.value, "text": one.text(lang)} for one in question.choices],
        "asked_when": question.asked_when
        and {
            name: [value or None for value in sorted(values)] for name, values in question.asked_when.items()
        },
    }


def _field(wrong: BadAnswer, asked: Asked, questionnaire: Questionnaire) -> str:
    """What was wrong, by its place in the request. The name is the caller's own: any length, and perhaps half
    a surrogate pair, which UTF-8 cannot write."""
    question = questionnaire.by_id.get(wrong.question)
    under = "answers" if wrong.question in asked.answers else "facts"
    if wrong.trouble == "section" and question is not None:
        under = "answers" if question.section == "fact" else "facts"
    return f"{under}.{wrong.question[:LONGEST_NAME]}".encode("utf-8", "replace").decode()


def _trouble(wrong: BadAnswer, _: Gettext) -> str:
    return {
        "unknown": _("Такого запитання немає. Список: GET /api/v1/questionnaire."),
        "section": _("Це запитання належить до іншого ключа: дивіться given_under."),
        "value": _("Такої відповіді немає. Дозволені: answers цього запитання."),
        "one": _("На це запитання відповідь одна."),
    }[wrong.trouble]


def _json(content: Any) -> Response:
    return Response(
        orjson.dumps(content), media_type="application/json", headers={"cache-control": "no-store"}
    )
