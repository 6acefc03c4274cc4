"""What people type into the forms of accounts: read into values, or told what is wrong with each field."""

from dataclasses import dataclass, field

from applicant_portal.accounts import passwords, service
from applicant_portal.catalogue.naming import clean
from applicant_portal.kit.i18n import Gettext

LONGEST_MESSAGE = 2000
_LONGEST_NAME = 200


@dataclass
class Wrong:
    """What is wrong with a form: (field, its label, one sentence) in the order of the fields."""

    found: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, name: str, label: str, sentence: str) -> None:
        self.found.append((name, label, sentence))

    def __bool__(self) -> bool:
        return bool(self.found)

    def context(self) -> dict[str, object]:
        """As templates take it."""
        return {"wrong": self.found, "errors": {name: sentence for name, _, sentence in self.found}}


def read_email(typed: str, wrong: Wrong, _: Gettext) -> str:
    """The address as it is kept; "" and a sentence when it is none."""
    email = service.address(clean(typed))
    if email is None:
        wrong.add("email", _("Пошта"), _("Напишіть адресу пошти, наприклад vstup@university.edu.ua."))
    return email or ""


def fault(error: passwords.WeakPassword, _: Gettext) -> str:
    """Why a password will not do."""
    return {
        "short": _("Пароль закороткий: потрібно щонайменше 12 знаків."),
        "long": _("Пароль задовгий: щонайбільше 200 знаків."),
        "address": _("Пароль не може бути вашою поштою."),
        "common": _("Цей пароль вгадують першим. Візьміть кілька довільних слів."),
    }[error.fault]


@dataclass(frozen=True, slots=True)
class AccessForm:
    """A university's request as it was typed."""

    institution: str = ""
    institution_text: str = ""
    email: str = ""
    message: str = ""

    def read(self, choices: list[tuple[str, str]], wrong: Wrong, _: Gettext) -> tuple[int | None, str]:
        """(institution id or None, its name), and what is wrong into `wrong`."""
        names = dict(choices)
        named = clean(self.institution_text)
        if self.institution and self.institution not in names:
            wrong.add("institution", _("Заклад"), _("Оберіть заклад зі списку."))
        elif not self.institution and not named:
            wrong.add("institution", _("Заклад"), _("Оберіть заклад зі списку або впишіть його назву нижче."))
        elif len(named) > _LONGEST_NAME:
            wrong.add("institution_text", _("Назва закладу"), _("Скоротіть до 200 знаків."))
        read_email(self.email, wrong, _)
        if len(self.message) > LONGEST_MESSAGE:
            wrong.add("message", _("Повідомлення"), _("Скоротіть до 2000 знаків."))
        chosen = names.get(self.institution)
        return (int(self.institution), chosen) if chosen is not None else (None, named)
