"""The terms of a score in words. Each sentence belongs to one term, so that nothing is said that was not
counted."""

from collections.abc import Callable
from dataclasses import dataclass

from applicant_portal.advisor.questionnaire import Question, Questionnaire
from applicant_portal.kit.i18n import Gettext, Lang
from recommender.schema import Answers, Candidate, Counterfactual, Path, Term

Sentence = Callable[["_Told"], str]


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of a card. `question`: id of the question it comes from, None for a fact of the listing;
    `source`: where it comes from, in words."""

    code: str
    text: str
    source: str
    question: str | None
    contribution: float


@dataclass(frozen=True, slots=True)
class _Told:
    term: Term
    one: Candidate
    values: tuple[str, ...]
    question: Question | None
    lang: Lang
    gettext: Gettext

    @property
    def work(self) -> str:
        return self.question.short(self.lang) if self.question else ""

    @property
    def said(self) -> str:
        return self.question.said(self.values, self.lang) if self.question else ""


class Wording:
    """Sentences in one language."""

    def __init__(self, questionnaire: Questionnaire, lang: Lang, gettext: Gettext) -> None:
        self._questionnaire = questionnaire
        self._lang = lang
        self._gettext = gettext

    def reason(self, term: Term, one: Candidate, answers: Answers) -> Reason:
        """The sentence of a term, for or against, and the answer it comes from."""
        _ = self._gettext
        question = self._questionnaire.by_id.get(term.question or "")
        values = answers.get(term.question or "", ())
        told = _Told(term, one, values, question, self._lang, _)
        if question is None:
            source = _("факт із картки")
        elif question.section in ("task", "interest"):
            source = _("відповідь «%(said)s»") % {"said": told.said}
        else:
            source = _("%(short)s: «%(said)s»") % {"short": told.work, "said": told.said}
        return Reason(term.code, _sentence(told), source, term.question, term.contribution)

    def counterfactual(self, change: Counterfactual, rank: int) -> str:
        """What would move the path, and where to."""
        _ = self._gettext
        question = self._questionnaire.by_id[change.question]
        values = {"short": question.short(self._lang), "said": question.said(change.answer, self._lang)}
        if change.rank is None:
            return _("Його не було б у списку, якби на «%(short)s» відповідь була «%(said)s».") % values
        values["rank"] = str(change.rank)
        if change.rank == 1:
            return _("Цей шлях став би першим, якби на «%(short)s» відповідь була «%(said)s».") % values
        if change.rank < rank:
            return _("Піднявся б на місце %(rank)s, якби на «%(short)s» відповідь була «%(said)s».") % values
        return _("Опустився б на місце %(rank)s, якби на «%(short)s» відповідь була «%(said)s».") % values

    def reasons(self, path: Path, answers: Answers) -> list[Reason]:
        return [self.reason(term, path.candidate, answers) for term in path.reasons]

    def against(self, path: Path, answers: Answers) -> list[Reason]:
        return [self.reason(path.against, path.candidate, answers)] if path.against else []


def _sentence(told: _Told) -> str:
    base = told.term.code.partition(":")[0]
    if told.question is not None and told.question.section in ("task", "interest"):
        return _liking(told)
    return _SENTENCES[base](told)


def _liking(told: _Told) -> str:
    _ = told.gettext
    work = {"work": told.work}
    interest = told.question is not None and told.question.section == "interest"
    if interest:
        if told.term.contribution > 0:
            return _("Пасує до ваших захоплень: %(work)s") % work
        return _("Далі від ваших захоплень: %(work)s") % work
    if told.term.contribution <= 0:
        return _("Тут трапляється те, що вам не до душі: %(work)s") % work
    if told.values == ("like_can",):
        return _("Тут знадобиться те, що ви любите й умієте: %(work)s") % work
    return _("Тут навчать того, що вам подобається: %(work)s") % work


def _who(told: _Told) -> str:
    _, one = told.gettext, told.one
    if one.kind == "track" and one.degree == "bachelor" and "school_leaver" in told.values:
        return _("Це шлях до бакалаврату")
    if one.kind == "track":
        return _("Це підтримка саме для вас") if "veteran" in told.values else _("На це ви маєте право")
    if one.kind == "course":
        return _("Короткий перший крок, який не треба відкладати")
    if one.degree == "master":
        return _("Магістратура йде одразу за бакалавратом")
    return _("Бакалаврат — звичний крок після школи")


def _education(told: _Told) -> str:
    _ = told.gettext
    if told.term.contribution < 0:
        return _("Такий ступінь ви вже маєте")
    return _("Вашої освіти якраз досить") if told.one.degree is None else _("Наступний ступінь після вашого")


def _money(told: _Told) -> str:
    _, one = told.gettext, told.one
    if told.term.contribution < 0:
        return _("Скільки це коштує, невідомо")
    if one.price == 0:
        return _("Безплатно")
    return _("Є державні місця або кошти") if one.funded else _("Ціна вкладається у вашу межу")


def _known(known: Callable[[Gettext], str], unknown: Callable[[Gettext], str]) -> Sentence:
    return lambda told: (known if told.term.contribution > 0 else unknown)(told.gettext)


_SENTENCES: dict[str, Sentence] = {
    "who": _who,
    "education": _education,
    "money": _money,
    "roles": lambda told: _role(told.gettext),
    "background": lambda told: _earlier(told.gettext),
    "format": _known(
        lambda _: _("Учитися можна тоді й так, як вам зручно"),
        lambda _: _("Коли заняття і в якій формі, невідомо"),
    ),
    "hours": _known(
        lambda _: _("Вкладається у ваші години"),
        lambda _: _("Скільки годин на тиждень треба, невідомо"),
    ),
    "start": _known(
        lambda _: _("Почати можна тоді, коли ви хочете"),
        lambda _: _("Коли початок, невідомо"),
    ),
    "language": _known(
        lambda _: _("Викладають вашою мовою"),
        lambda _: _("Мова викладання невідома"),
    ),
    "place": _known(
        lambda _: _("Можна вчитися з дому"),
        lambda _: _("Чи можна вчитися з дому, невідомо"),
    ),
    "state": _known(
        lambda _: _("Джерело 2025–2026 років показує, що це діє"),
        lambda _: _("Чи йде набір зараз, не підтверджено"),
    ),
    "age": _known(lambda _: _("Дані свіжі"), lambda _: _("Дані давні або без дати")),
    "free": lambda told: _free(told.gettext),
    "beginner": lambda told: _beginner(told.gettext),
    "foreign": lambda told: _foreign(told.gettext),
    "amount": lambda told: _amount(told.gettext),
}


def _role(_: Gettext) -> str:
    return _("Близько до того, що ви робили на службі")


def _earlier(_: Gettext) -> str:
    return _("Спирається на те, що ви вже вчили або робили")


def _free(_: Gettext) -> str:
    return _("Є спосіб не платити за навчання")


def _beginner(_: Gettext) -> str:
    return _("Для тих, хто починає")


def _foreign(_: Gettext) -> str:
    return _("Викладають не українською")


def _amount(_: Gettext) -> str:
    return _("Відомо, скільки держава платить")
