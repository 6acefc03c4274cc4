"""Query string <-> SearchQuery. The address carries the whole state of a search."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from applicant_portal.catalogue import places, specialities
from applicant_portal.catalogue.naming import clean, fold_code
from search.query import SearchQuery
from search.schema import FACETS, SORTS

MAX_TEXT = 300
MAX_VALUES = 30
MAX_PAGE = 100_000
PER_PAGE = 20
DEFAULT_SORT = "relevance"


@dataclass(frozen=True, slots=True)
class SearchParams:
    """What a search address says, in one spelling: values are those of the index.

    `filters`: facet -> values, only facets with values, in the order of FACETS.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = DEFAULT_SORT
    page: int = 1
    per_page: int = PER_PAGE
    exact: bool = False

    def query(self) -> SearchQuery:
        return SearchQuery(
            text=self.text,
            filters=self.filters,
            sort=self.sort,
            page=self.page,
            per_page=self.per_page,
            exact=self.exact,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The shortest query string that means the same: defaults are left out, order is fixed."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(facet, value) for facet, values in self.filters.items() for value in values]
        if self.sort != DEFAULT_SORT:
            pairs.append(("sort", self.sort))
        if self.exact:
            pairs.append(("exact", "1"))
        if self.per_page != PER_PAGE:
            pairs.append(("per_page", str(self.per_page)))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def address(self, path: str = "/search", **more: str) -> str:
        """`more`: parameters that are no part of the search."""
        pairs = [*self.pairs(), *more.items()]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def pages(self, path: str) -> Callable[[int], str]:
        """Number of a page -> its address; the words are escaped once."""
        first = self.with_page(1).address(path)
        joint = "&" if "?" in first else "?"
        return lambda page: f"{first}{joint}page={page}" if page > 1 else first

    def with_page(self, page: int) -> "SearchParams":
        return replace(self, page=page)

    def without_filters(self) -> "SearchParams":
        return replace(self, filters={}, page=1)

    def without(self, facet: str, value: str | None = None) -> "SearchParams":
        """The same search without one value of a filter, or without the whole filter."""
        kept = {
            name: tuple(v for v in values if value is not None and v != value) if name == facet else values
            for name, values in self.filters.items()
        }
        return replace(self, filters={name: values for name, values in kept.items() if values}, page=1)

    def with_text(self, text: str) -> "SearchParams":
        return replace(self, text=text, page=1)


def read(items: Iterable[tuple[str, str]], known_cities: Sequence[str]) -> SearchParams:
    """The meaning of a query string: (name, value) pairs, unknown names ignored, absurd numbers bounded."""
    given: dict[str, list[str]] = {}
    for name, value in items:
        given.setdefault(name, []).append(clean(value))
    readers: dict[str, Callable[[str], str]] = {
        "city": lambda value: value if value == "unknown" else places.city(value, known_cities),
        "region": lambda value: places.region(value) or value,
        "speciality": _speciality,
    }
    filters: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        values = [value for value in given.get(facet, []) if value][:MAX_VALUES]
        if values:
            reader = readers.get(facet, str)
            filters[facet] = tuple(dict.fromkeys(reader(value) for value in values))
    sort = _last(given, "sort")
    return SearchParams(
        text=_last(given, "q")[:MAX_TEXT].strip(),
        filters=filters,
        sort=sort if sort in SORTS else DEFAULT_SORT,
        page=_number(_last(given, "page"), 1, 1, MAX_PAGE),
        per_page=_number(_last(given, "per_page"), PER_PAGE, 1, 100),
        exact=_last(given, "exact") in ("1", "true"),
    )


def _last(given: Mapping[str, list[str]], name: str) -> str:
    return given.get(name, [""])[-1]


def _number(text: str, default: int, low: int, high: int) -> int:
    digits = text.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return default
    # Thousands of digits are no page either, and int() refuses them.
    return min(max(int(digits[:12]), low), high)


def _speciality(value: str) -> str:
    if value == "unknown":
        return value
    found = specialities.find(value)
    return found.code if found is not None else fold_code(value)
