"""Every sentence of the pages is said in English, and every number agrees with its noun in Ukrainian."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from applicant_portal.kit import i18n
from applicant_portal.settings import TEMPLATES

CODE = Path(i18n.__file__).parents[1]
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

# What `ngettext` keeps for one message, and gettext for one without plural forms.
Forms = tuple[str, ...]


@pytest.fixture(scope="module")
def messages() -> dict[str, Forms]:
    """The msgid of each message in templates and code -> its source forms (one, or singular and plural)."""
    found: dict[str, Forms] = {}
    for folder, pattern, method in ((CODE, "**.py", "python"), (TEMPLATES, "**.html", "jinja2")):
        extracted = extract_from_dir(folder, [(pattern, method)], {pattern: {"encoding": "utf-8"}})
        for _, _, message, _, _ in extracted:
            forms = tuple(message) if isinstance(message, list | tuple) else (message,)
            if len(forms) > len(found.get(forms[0], ())):
                found[forms[0]] = forms
    return found


def catalogue(lang: i18n.Lang) -> Catalog:
    with (i18n.LOCALE / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=lang)


def translations(lang: i18n.Lang) -> dict[str, Forms]:
    return dict(_translated(catalogue(lang)))


def _translated(of: Catalog) -> Iterator[tuple[str, Forms]]:
    for message in of:
        if message.id:
            msgid = message.id[0] if isinstance(message.id, list | tuple) else message.id
            said = message.string
            yield msgid, tuple(said) if isinstance(said, list | tuple) else (said or "",)


def test_messages_are_found_in_templates_and_in_code(messages: dict[str, Forms]) -> None:
    assert "Знайдіть свої двері в ІТ" in messages  # home.html
    assert "Двері до вступу" in messages  # words.py
    assert messages["%(n)s результат"] == ("%(n)s результат", "%(n)s результатів")


def test_every_message_is_said_in_english(messages: dict[str, Forms]) -> None:
    english = translations("en")
    assert [msgid for msgid in messages if not all(english.get(msgid, ("",)))] == []


def test_the_english_catalogue_keeps_no_message_that_no_page_says(messages: dict[str, Forms]) -> None:
    assert sorted(translations("en").keys() - messages.keys()) == []


def test_every_english_plural_has_two_forms_and_every_ukrainian_one_three(messages: dict[str, Forms]) -> None:
    english, ukrainian = translations("en"), translations("uk")
    counted = [msgid for msgid, forms in messages.items() if len(forms) > 1]
    assert counted
    for msgid in counted:
        assert len([form for form in english[msgid] if form]) == 2, msgid
        assert len([form for form in ukrainian.get(msgid, ()) if form]) == 3, msgid


def test_the_ukrainian_catalogue_holds_nothing_but_plurals(messages: dict[str, Forms]) -> None:
    counted = {msgid for msgid, forms in messages.items() if len(forms) > 1}
    assert translations("uk").keys() == counted


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1 програма"), (3, "3 програми"), (5, "5 програм"), (11, "11 програм"), (21, "21 програма")],
)
def test_a_number_agrees_with_its_noun_in_ukrainian(number: int, said: str) -> None:
    form = i18n.translations("uk").ngettext("%(num)d програма", "%(num)d програм", number)
    assert form % {"num": number} == said


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_placeholders_are_the_same_in_every_form(lang: i18n.Lang, messages: dict[str, Forms]) -> None:
    for msgid, forms in translations(lang).items():
        wanted = sorted(PLACEHOLDER.findall(msgid))
        for form in forms:
            assert sorted(PLACEHOLDER.findall(form)) == wanted, f"{msgid} → {form}"


def test_an_english_sentence_has_no_cyrillic_letters() -> None:
    said = [form for forms in translations("en").values() for form in forms]
    assert [form for form in said if CYRILLIC.search(form)] == []


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_no_translation_is_marked_as_doubtful(lang: i18n.Lang) -> None:
    assert [message.id for message in catalogue(lang) if message.id and message.fuzzy] == []
