"""What the pages of the advisor show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from applicant_portal.advisor import bridge_picture, bridge_view, codes
from applicant_portal.advisor.bridge_picture import Picture
from applicant_portal.advisor.bridge_view import Bridge, Lesson, Lessons, Taught
from applicant_portal.advisor.candidates import areas
from applicant_portal.advisor.fields import field_name
from applicant_portal.advisor.questionnaire import SECONDS, USEFUL_FROM, Choice, Question, Questionnaire
from applicant_portal.advisor.service import Advisor, Answered, Direction
from applicant_portal.advisor.store import Kept
from applicant_portal.advisor.wording import Reason, Wording
from applicant_portal.catalogue import documents
from applicant_portal.catalogue.models import Listing
from applicant_portal.finder import cards
from applicant_portal.kit.i18n import Gettext, Lang
from recommender.schema import Answers, Path


@dataclass(frozen=True, slots=True)
class Step:
    """One question's page. `number` of `total` in this person's order; `left` and `minutes` to the end of its
    part; `facts`: whether this part asks what is possible; `searched`: the words choices were looked for
    by."""

    question: Question
    number: int
    place: int
    of: int
    left: int
    minutes: int
    done: float
    choices: Sequence[Choice]
    chosen: tuple[str, ...]
    facts: bool
    useful: bool
    stopped: bool
    code: str
    searched: str


def step(
    sequence: Sequence[Question], number: int, kept: Kept, code: str, searched: str = "", lang: Lang = "uk"
) -> Step:
    """The page of question `number` (from 1) of `sequence`."""
    question = sequence[number - 1]
    facts = question.section == "fact"
    part = [one for one in sequence if (one.section == "fact") == facts]
    place = part.index(question) + 1
    rest = part[place:]
    seconds = sum(SECONDS[one.section] for one in rest)
    return Step(
        question=question,
        number=number,
        place=place,
        of=len(part),
        left=len(rest),
        minutes=max(1, round(seconds / 60)),
        done=round(100 * (place - 1) / len(part), 1),
        choices=_found(question.choices, searched, lang),
        chosen=kept.answers.get(question.id, ()),
        facts=facts,
        useful=facts or number >= USEFUL_FROM,
        stopped=facts and bool(kept.moved.get("stopped")),
        code=codes.shown(code),
        searched=searched,
    )


def _found(choices: Sequence[Choice], searched: str, lang: Lang) -> Sequence[Choice]:
    wanted = searched.casefold().replace("'", "’").split()
    if not wanted:
        return choices
    return [
        choice
        for choice in choices
        if all(
            any(word in text for text in (choice.text(lang).casefold(), choice.uk.casefold(), *choice.words))
            for word in wanted
        )
    ]


@dataclass(frozen=True, slots=True)
class PathCard:
    """A path: its card, why it stands here, what would move it, and where it stood before the last change
    (None: it was not on the list; equal to its rank: it has not moved)."""

    rank: int
    card: cards.Card
    url: str
    reasons: Sequence[Reason]
    against: Sequence[Reason]
    counterfactual: str | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """The page of results."""

    paths: Sequence[PathCard]
    areas: Sequence[str]
    direction: Direction | None
    fields: Sequence[str]
    relaxation: tuple[str, int, int] | None
    beyond: Sequence[str]
    bridge: Bridge | None
    wide: Picture | None
    slim: Picture | None
    code: str
    consent: bool
    hidden: int
    moved: str | None
    answered: int
    expires_on: date


class ResultMaker:
    """Puts a result together for one language."""

    def __init__(
        self, advisor: Advisor, listings: Mapping[str, Listing], today: date, lang: Lang, gettext: Gettext
    ) -> None:
        self._advisor = advisor
        self._questionnaire: Questionnaire = advisor.questionnaire
        self._listings = listings
        self._today = today
        self._lang = lang
        self._gettext = gettext
        self._wording = Wording(self._questionnaire, lang, gettext)

    def result(self, kept: Kept, code: str, found: Answered, titles: Mapping[str, str]) -> Result:
        """`titles`: profession -> name in the page's language."""
        answers = self._questionnaire.asked(kept.answers)
        before = kept.moved.get("before") or []
        changed = self._questionnaire.by_id.get(str(kept.moved.get("question")))
        bridge = bridge_view.bridge(
            self._questionnaire, answers, self._lang, titles, Lessons(self._courses(kept.answers))
        )
        relaxation = found.advice.relaxation
        return Result(
            paths=[
                self._path(path, answers, before if changed else [], kept.consent)
                for path in found.advice.paths
                if path.candidate.id in self._listings
            ],
            areas=self._areas(answers),
            direction=found.direction,
            fields=[field_name(key, self._lang) for key in found.direction.fields] if found.direction else (),
            relaxation=relaxation
            and (
                self._short(relaxation.question),
                relaxation.adds,
                self._number(relaxation.question, kept.answers),
            ),
            beyond=[self._short(question) for question in found.advice.beyond],
            bridge=bridge,
            wide=bridge_picture.wide(bridge) if bridge else None,
            slim=bridge_picture.slim(bridge, self._gettext("бракує")) if bridge else None,
            code=codes.shown(code),
            consent=kept.consent,
            hidden=len(kept.hidden),
            moved=changed.short(self._lang) if changed else None,
            answered=len(answers),
            expires_on=kept.expires_on,
        )

    def _path(self, path: Path, answers: Answers, before: Sequence[str], consent: bool) -> PathCard:
        listing = self._listings[path.candidate.id]
        payload: Mapping[str, Any] = documents.document(listing, self._today).payload
        card = cards.card(payload, (), (), self._today, self._lang, self._gettext)
        change = path.counterfactual
        return PathCard(
            rank=path.rank,
            card=card,
            url=f"/questionnaire/paths/{listing.id}" if consent else listing.path,
            reasons=self._wording.reasons(path, answers),
            against=self._wording.against(path, answers),
            counterfactual=self._wording.counterfactual(change, path.rank) if change else None,
            before=(before.index(listing.id) + 1 if listing.id in before else None) if before else path.rank,
        )

    def _areas(self, answers: Answers) -> list[str]:
        liked = self._advisor.ranker.scoring.liked(answers)[:2]
        return [areas()[area].name_en if self._lang == "en" else areas()[area].name_uk for area in liked]

    def _short(self, question: str) -> str:
        return self._questionnaire.by_id[question].short(self._lang)

    def _number(self, question: str, answers: Answers) -> int:
        order = [one.id for one in self._questionnaire.sequence(answers)]
        return order.index(question) + 1 if question in order else 1

    def _courses(self, answers: Answers) -> list[Taught]:
        """Courses that pass the person's filters, better for them first."""
        taught = []
        for one in self._advisor.open_courses(answers):
            title = (one.title_en if self._lang == "en" else None) or one.title
            duration = one.duration_en if self._lang == "en" else one.duration_uk
            lesson = Lesson(title, f"/courses/{one.slug}", duration or one.duration_uk)
            taught.append(Taught(frozenset(one.skills), lesson, bridge_view.weeks(one.duration_uk)))
        return taught
