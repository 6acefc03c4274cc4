"""A template in which constants are worked out when it is compiled says what it would say otherwise."""

import pytest
from jinja2.compiler import CodeGenerator

from applicant_portal.kit.i18n import LANGUAGES, Lang
from applicant_portal.kit.web import Pages

PAGES = Pages("http://127.0.0.1", {})
TEXTS = (
    '{{ _("Пошук") }}',
    '{{ _("Знайти <b>все</b>") }}',
    '{{ _("на 100%% & більше") }}',
    '<a href="{{ url("/search?a=1&b=2") }}">{{ _("Пошук") }}</a>',
    '{{ static("css/base.css") }}',
    '{{ url("/")|length }}{{ _("Пошук")|upper }}',
    '{% macro m(word=_("Пошук")) %}{{ word }}{% endmacro %}{{ m() }}{{ m("<i>") }}',
    '{% set word = _("Пошук") %}{{ word ~ "<" }}',
    '{{ _("Запит «%(query)s»", query="<b>") }}',
    '{% for word in ["Пошук"] %}{{ _(word) }}{% endfor %}',
    '{{ ngettext("%(n)s слово", "%(n)s слів", 2, n=2) }}',
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_what_a_template_says_is_the_same(lang: Lang, text: str) -> None:
    folding = PAGES.environment(lang)
    plain = folding.overlay()
    plain.code_generator_class = CodeGenerator
    assert folding.from_string(text).render() == plain.from_string(text).render()


def test_a_sentence_is_part_of_the_text_around_it() -> None:
    compiled = PAGES.environment("en").compile('<p>{{ _("Пошук") }}</p>', raw=True)
    assert "'<p>Search</p>'" in compiled
