"""What a person finds: a programme, a course or a veterans' track. One shape, and a part for each kind."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applicant_portal.catalogue.facts import Stamps, StampsColumn
from applicant_portal.catalogue.models.institution import Institution
from applicant_portal.catalogue.models.offer import AdmissionResult, Offer
from applicant_portal.catalogue.models.profession import ListingProfession, ListingSkill
from applicant_portal.kit.db import Base, UtcDateTime

KINDS = ("programme", "course", "track")
DEGREES = ("bachelor", "master", "phd", "junior_bachelor", "professional_junior_bachelor")
FORMS = ("full_time", "part_time", "evening", "distance", "dual")
FORMATS = ("on_site", "online", "blended")
STATES = ("running", "unverified", "closed")
VISIBILITIES = ("draft", "published", "withdrawn")
ROUTES = ("nmt", "interview", "quota_1", "quota_2", "earlier_degree", "contract", "voucher")


class Listing(Base):
    """The common shape of everything that can be found.

    `id` is the one public name, the same in search, API and workspace. `natural_key` says what makes two
    records the same listing (see catalogue.naming). `state` tells whether it runs; `visibility` whether
    the public sees it. None means unknown in every optional column. `stamps`: field group -> FactStamp.
    """

    __tablename__ = "listings"
    __table_args__ = (
        CheckConstraint("kind IN ('programme', 'course', 'track')", name="kind"),
        CheckConstraint("state IN ('running', 'unverified', 'closed')", name="state"),
        CheckConstraint("visibility IN ('draft', 'published', 'withdrawn')", name="visibility"),
        Index("uq_listings_kind_slug", "kind", "slug", unique=True),
        # The programmes of a city in the order of lists beside a page (`neighbours.similar_programmes`).
        Index("ix_listings_city_order", "kind", "visibility", "city", "state", "title_key", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    slug: Mapped[str] = mapped_column(String(160))
    natural_key: Mapped[str] = mapped_column(Text, unique=True)
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("institutions.id", ondelete="RESTRICT"), index=True
    )
    provider: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    title_key: Mapped[str] = mapped_column(Text, index=True)
    summary_uk: Mapped[str | None] = mapped_column(Text)
    summary_en: Mapped[str | None] = mapped_column(Text)
    description_uk: Mapped[str | None] = mapped_column(Text)
    description_en: Mapped[str | None] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    format: Mapped[str | None] = mapped_column(String(12))
    city: Mapped[str | None] = mapped_column(String(120), index=True)
    region: Mapped[str | None] = mapped_column(String(120))
    price_uah: Mapped[int | None] = mapped_column(Integer)
    price_year: Mapped[int | None] = mapped_column(Integer)
    duration_uk: Mapped[str | None] = mapped_column(Text)
    duration_en: Mapped[str | None] = mapped_column(Text)
    official_url: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="unverified")
    visibility: Mapped[str] = mapped_column(String(12), default="published", index=True)
    origin: Mapped[str] = mapped_column(String(16))
    stamps: Mapped[Stamps] = mapped_column(StampsColumn, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    institution: Mapped[Institution | None] = relationship(lazy="raise")
    programme: Mapped["Programme | None"] = relationship(lazy="raise", cascade="all, delete-orphan")
    course: Mapped["Course | None"] = relationship(lazy="raise", cascade="all, delete-orphan")
    track: Mapped["Track | None"] = relationship(lazy="raise", cascade="all, delete-orphan")
    routes: Mapped[list["EntryRoute"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="EntryRoute.route"
    )
    offers: Mapped[list[Offer]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Offer.year.desc(), Offer.id"
    )
    results: Mapped[list[AdmissionResult]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="AdmissionResult.year.desc(), AdmissionResult.id"
    )
    skills: Mapped[list[ListingSkill]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ListingSkill.position"
    )
    professions: Mapped[list[ListingProfession]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ListingProfession.profession_key"
    )

    def title_in(self, lang: str) -> str:
        """The title in the page's language where there is one, else as it is."""
        return (self.title_en if lang == "en" else None) or self.title

    @property
    def path(self) -> str:
        """Public path of the page, from "/", without the language prefix."""
        return f"/{self.kind}s/{self.slug}"


class Programme(Base):
    """A university degree programme. `speciality` is the code since 2025 (F3), `old_speciality` the one
    before (122). `record_level` "speciality" means: the source named only the speciality."""

    __tablename__ = "programmes"
    __table_args__ = (Index("ix_programmes_speciality_degree", "speciality", "degree", "listing_id"),)

    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    degree: Mapped[str | None] = mapped_column(String(32))
    speciality: Mapped[str | None] = mapped_column(String(8))
    old_speciality: Mapped[str | None] = mapped_column(String(8))
    forms: Mapped[list[str]] = mapped_column(JSON, default=list)
    faculty: Mapped[str | None] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(Text)
    edebo_programme_id: Mapped[str | None] = mapped_column(String(16))
    record_level: Mapped[str] = mapped_column(String(12), default="programme")


class Course(Base):
    """A course outside a degree. `certificate` None: not known whether one is given."""

    __tablename__ = "courses"

    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    provider_kind: Mapped[str | None] = mapped_column(String(24))
    pace: Mapped[str | None] = mapped_column(String(12))
    audience_uk: Mapped[str | None] = mapped_column(Text)
    audience_en: Mapped[str | None] = mapped_column(Text)
    for_veterans: Mapped[bool] = mapped_column(Boolean, default=False)
    certificate: Mapped[bool | None] = mapped_column(Boolean)


class Track(Base):
    """A retraining path for veterans: who pays, up to how much, who may take it and what may stop them.

    `eligibility`, `barriers`, `steps`: lists of {"uk", "en"}; `key_facts`: lists of
    {"label_uk", "label_en", "value_uk", "value_en", "as_of"?, "source_url"?}. `amount_uah` is a ceiling
    in whole hryvnias for `amount_year`; `funding` is a value of the search's facet (state, free); `degree`
    the one it leads to, if to any.
    """

    __tablename__ = "tracks"

    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    organiser_uk: Mapped[str | None] = mapped_column(Text)
    organiser_en: Mapped[str | None] = mapped_column(Text)
    who_pays_uk: Mapped[str | None] = mapped_column(Text)
    who_pays_en: Mapped[str | None] = mapped_column(Text)
    funding: Mapped[str | None] = mapped_column(String(12))
    amount_uah: Mapped[int | None] = mapped_column(Integer)
    amount_year: Mapped[int | None] = mapped_column(Integer)
    amount_note_uk: Mapped[str | None] = mapped_column(Text)
    amount_note_en: Mapped[str | None] = mapped_column(Text)
    legal_basis_uk: Mapped[str | None] = mapped_column(Text)
    legal_basis_en: Mapped[str | None] = mapped_column(Text)
    example_price_uah: Mapped[int | None] = mapped_column(Integer)
    degree: Mapped[str | None] = mapped_column(String(32))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    eligibility: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    barriers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    key_facts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    specialities: Mapped[list[str]] = mapped_column(JSON, default=list)


class EntryRoute(Base):
    """A door into a listing: НМТ, interview, a quota… `basis` "rule": the general rules of `year` open it;
    "institution": the institution said so itself."""

    __tablename__ = "entry_routes"

    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    route: Mapped[str] = mapped_column(String(16), primary_key=True)
    basis: Mapped[str] = mapped_column(String(12))
    year: Mapped[int | None] = mapped_column(Integer)


class FormerSlug(Base):
    """An address that a listing or an institution had once; it redirects for good."""

    __tablename__ = "former_slugs"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    slug: Mapped[str] = mapped_column(String(160), primary_key=True)
    target: Mapped[str] = mapped_column(String(160))
