"""Names of the skills and professions that a listing can be tied to, in the page's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.models import Profession, Skill
from applicant_portal.catalogue.naming import sort_key
from applicant_portal.kit.i18n import N_, Lang

# Which skills stand together on a screen. Only the eye is helped: a new skill that no group names is among
# the others, and nothing else follows from it.
_GROUPS: Mapping[str, Sequence[str]] = {
    N_("Програмування"): (
        "programming", "algorithms", "python", "java", "javascript", "typescript", "c-cpp", "csharp-dotnet",
        "php", "git", "command-line",
    ),
    N_("Веб, застосунки й ігри"): (
        "html-css", "react", "web-development", "frontend", "backend", "mobile-development",
        "game-development", "accessibility",
    ),
    N_("Дані та штучний інтелект"): (
        "databases-sql", "nosql", "data-analysis", "data-visualisation", "spreadsheets", "statistics",
        "mathematics", "machine-learning", "deep-learning", "artificial-intelligence", "generative-ai",
        "data-engineering", "mlops",
    ),
    N_("Системи й мережі"): (
        "linux", "operating-systems", "networks", "cloud", "containers", "devops", "infrastructure-as-code",
        "computer-hardware", "user-support",
    ),
    N_("Безпека й тестування"): (
        "cybersecurity", "cyber-hygiene", "blockchain", "testing", "test-automation",
    ),
    N_("Дизайн"): ("ui-design", "ux-research", "graphic-design"),
    N_("Електроніка й робототехніка"): ("electronics", "embedded-robotics", "uav", "gis"),
    N_("Команда й справа"): (
        "project-management", "teamwork", "business-analysis", "systems-analysis", "technical-writing",
        "digital-marketing", "english",
    ),
    N_("Перші кроки в ІТ"): ("computer-basics", "it-orientation"),
}  # fmt: skip
_OTHERS = N_("Інші")


@dataclass(frozen=True, slots=True)
class Term:
    """`words`: what else people type for it."""

    key: str
    name: str
    words: str


class Terms:
    """All of them, asked for when first needed. `name` of a field: "skills" or "professions"."""

    def __init__(self, session: Session, lang: Lang) -> None:
        self._session = session
        self._lang = lang

    def of(self, name: str) -> Mapping[str, Term]:
        return self._skills if name == "skills" else self._professions

    def named(self, name: str, keys: Iterable[str]) -> list[str]:
        """Their names in the order of the keys; one that is there no more is told by its key."""
        known = self.of(name)
        return [known[key].name if key in known else key for key in keys]

    def groups(self, name: str) -> list[tuple[str | None, list[Term]]]:
        """Under headings, those of a group by name; professions are few and have none."""
        ordered = sorted(self.of(name).values(), key=lambda term: sort_key(term.name))
        if name != "skills":
            return [(None, ordered)]
        group_of = {key: heading for heading, keys in _GROUPS.items() for key in keys}
        found: dict[str, list[Term]] = {heading: [] for heading in (*_GROUPS, _OTHERS)}
        for term in ordered:
            found[group_of.get(term.key, _OTHERS)].append(term)
        return [(heading, terms) for heading, terms in found.items() if terms]

    @cached_property
    def _skills(self) -> dict[str, Term]:
        name = Skill.name_en if self._lang == "en" else Skill.name_uk
        rows = self._session.execute(select(Skill.key, name, Skill.aliases))
        return {key: Term(key, said, self._readable(aliases)) for key, said, aliases in rows}

    @cached_property
    def _professions(self) -> dict[str, Term]:
        title = Profession.title_en if self._lang == "en" else Profession.title_uk
        rows = self._session.execute(select(Profession.key, title, Profession.aliases))
        return {key: Term(key, said, self._readable(aliases)) for key, said, aliases in rows}

    def _readable(self, aliases: Iterable[str]) -> str:
        """Those in the letters of the page's language; Latin ones are of both."""
        return " ".join(one for one in aliases if self._lang == "uk" or one.isascii())
