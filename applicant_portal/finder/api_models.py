"""What the JSON API of the catalogue answers, as types: they are the schemas of its description."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["programme", "course", "track"]
State = Literal["running", "unverified", "closed"]


class Told(BaseModel):
    """Nothing is answered that is not named."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Told):
    """One field or parameter, and what is wrong with it."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str | None = Field(None, description="What is wrong, in a sentence.")
    errors: list[FieldProblem] | None = Field(
        None, description="Where single fields are meant: each by name."
    )


PROBLEM: dict[str, Any] = {"model": Problem}


class Institution(Told):
    """Whose listing it is."""

    edebo_id: str | None
    name: str
    short_name: str | None


class InstitutionWithEnglish(Institution):
    """Whose listing it is."""

    name_en: str | None


class InstitutionRow(InstitutionWithEnglish):
    """One institution of the catalogue."""

    city: str | None
    region: str | None
    site: str | None
    url: str


class InstitutionsAnswer(Told):
    """One page of institutions."""

    total: int
    page: int
    per_page: int
    institutions: list[InstitutionRow]


class Speciality(Told):
    """A speciality in the list of 2024, in the one before it, and by name."""

    code: str | None
    old_code: str | None
    name: str | None


class ListingBrief(Told):
    """A listing in a list."""

    id: str
    kind: Kind
    title: str
    title_en: str | None
    institution: Institution | None
    provider: str | None
    city: str | None
    speciality: Speciality | None
    degree: str | None
    state: State
    url: str


class Hit(ListingBrief):
    """A listing that was found."""

    highlight: str = Field(description="The title as HTML, found words in <mark>.")


class Understood(Told):
    """How the words were read."""

    query: str
    changed: bool
    unknown_words: list[str]
    filters: dict[str, list[str]] = Field(description="Filter -> values that were read out of the words.")
    left_out: list[str] = Field(description="Words without which it was searched.")


class Relaxation(Told):
    """One filter or word less, and how many listings there are then."""

    label: str
    total: int
    url: str


class Rescue(Told):
    """Ways on, when nothing was found."""

    relaxations: list[Relaxation]
    nearest: list[Hit]


class SearchAnswer(Told):
    """One page of hits with the counts of every filter."""

    total: int
    page: int
    per_page: int
    engine: Literal["embedded", "meilisearch"]
    hits: list[Hit]
    beside: list[Hit] = Field(description="After a few hits: what comes close.")
    facets: dict[str, dict[str, int]] = Field(description="Filter -> value -> listings.")
    understood: Understood
    rescue: Rescue | None = Field(description="Counted ways on, when nothing was found.")


class Texts(Told):
    """A text in both languages."""

    uk: str | None
    en: str | None


class Stamp(Told):
    """When a fact held (a day, a month or a year), and who says so."""

    as_of: str | None
    origin: Literal["institution", "portal", "registry", "offer", "synthetic"]
    source_name: str | None
    source_url: str | None


Stamps = dict[str, Stamp]


class Route(Told):
    """A way to be admitted."""

    route: str
    basis: str
    year: int | None


class Subject(Told):
    """A subject that counts in the competition."""

    subject: str
    weight: str | None
    minimum: str | None
    elective: bool
    test: str | None


class Offer(Told):
    """Admission of one year in one form."""

    edebo_offer_id: str | None
    year: int
    form: str | None
    entry_base: int | None
    offer_type: str | None
    licence_volume: int | None
    budget_places: int | None
    contract_places: int | None
    price_uah: int | None
    regional_coefficient: str | None
    study_from: str | None
    study_to: str | None
    applications_from: str | None
    applications_to: str | None
    subjects: list[Subject]
    stamps: Stamps


class Result(Told):
    """How the admission of one year ended."""

    year: int
    applications: int | None
    admitted: int | None
    recommended: int | None
    enrolled_budget: int | None
    enrolled_contract: int | None
    avg_score: str | None
    min_score: str | None
    max_score: str | None
    avg_budget: str | None
    avg_contract: str | None
    min_budget: str | None
    min_contract: str | None
    stamps: Stamps


class ListingFacts(Told):
    """What is told of every listing; unknown is null."""

    id: str
    title: str
    title_en: str | None
    summary: Texts
    institution: InstitutionWithEnglish | None
    provider: str | None
    city: str | None
    region: str | None
    languages: list[str]
    format: str | None
    price_uah: int | None
    price_year: int | None
    duration: Texts
    official_url: str | None
    state: State
    synthetic: bool
    url: str
    skills: list[str]
    professions: list[str]
    routes: list[Route]
    stamps: Stamps = Field(description="Block of facts, or one fact -> when it held and who says so.")
    updated_at: str


class ProgrammeFacts(ListingFacts):
    """A programme of an institution."""

    kind: Literal["programme"]
    degree: str | None
    speciality: str | None
    old_speciality: str | None
    forms: list[str]
    faculty: str | None
    department: str | None
    record_level: str
    offers: list[Offer]
    results: list[Result]


class CourseFacts(ListingFacts):
    """A course."""

    kind: Literal["course"]
    pace: str | None
    audience: Texts
    for_veterans: bool
    certificate: bool | None


class TrackFacts(ListingFacts):
    """A path for veterans."""

    kind: Literal["track"]
    organiser: Texts
    who_pays: Texts
    amount_uah: int | None
    amount_year: int | None
    eligibility: list[dict[str, Any]]
    barriers: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    specialities: list[str]
