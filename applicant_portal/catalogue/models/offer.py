"""Offers: one admission of a programme in one campaign year, with its subjects and what came of it."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applicant_portal.catalogue.facts import Stamps, StampsColumn
from applicant_portal.kit.db import Base

OFFER_TYPES = ("open", "fixed", "contract")
SUBJECTS = (
    "ukrainian",
    "mathematics",
    "history",
    "ukrainian_literature",
    "foreign_language",
    "biology",
    "geography",
    "physics",
    "chemistry",
    "motivation_letter",
    "creative",
)


class Offer(Base):
    """One competitive offer (конкурсна пропозиція). Places, price, weights and dates hold for `year` only.

    `entry_base` is EDEBO's code (40 full secondary, 520 junior specialist, 620 bachelor …). `budget_places`
    is the maximum state order of an open offer or the order of a fixed one; the licence volume is not the
    number of budget places. Money in whole hryvnias a year.
    """

    __tablename__ = "offers"
    __table_args__ = (Index("ix_offers_listing_year", "listing_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edebo_offer_id: Mapped[str | None] = mapped_column(String(16), unique=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"))
    year: Mapped[int] = mapped_column(Integer)
    name: Mapped[str | None] = mapped_column(Text)
    form: Mapped[str | None] = mapped_column(String(12))
    entry_base: Mapped[int | None] = mapped_column(Integer)
    offer_type: Mapped[str | None] = mapped_column(String(12))
    priority_contract: Mapped[bool] = mapped_column(Boolean, default=False)
    course: Mapped[int | None] = mapped_column(Integer)
    faculty: Mapped[str | None] = mapped_column(Text)
    licence_volume: Mapped[int | None] = mapped_column(Integer)
    budget_places: Mapped[int | None] = mapped_column(Integer)
    contract_places: Mapped[int | None] = mapped_column(Integer)
    price_uah: Mapped[int | None] = mapped_column(Integer)
    regional_coefficient: Mapped[Decimal | None] = mapped_column(Numeric(4, 2))
    term: Mapped[str | None] = mapped_column(Text)
    study_from: Mapped[date | None] = mapped_column(Date)
    study_to: Mapped[date | None] = mapped_column(Date)
    applications_from: Mapped[date | None] = mapped_column(Date)
    applications_to: Mapped[date | None] = mapped_column(Date)
    stamps: Mapped[Stamps] = mapped_column(StampsColumn, default=dict)

    subjects: Mapped[list["OfferSubject"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OfferSubject.position"
    )
    results: Mapped[list["AdmissionResult"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", back_populates="offer", overlaps="results"
    )


class OfferSubject(Base):
    """A subject of an offer: weight 0…1 (0: asked for but not counted), minimum 100…200 or unknown.
    `test` names the certificate: "nmt", "zno" or None when the source does not say."""

    __tablename__ = "offer_subjects"

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    subject: Mapped[str] = mapped_column(String(24))
    weight: Mapped[Decimal | None] = mapped_column(Numeric(4, 3))
    minimum: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    elective: Mapped[bool] = mapped_column(Boolean, default=False)
    test: Mapped[str | None] = mapped_column(String(8))


class AdmissionResult(Base):
    """What came of a campaign: numbers of people and scores (100…200) of `year`. Never a promise for the
    next. With an offer where the source names it, else of the programme as a whole."""

    __tablename__ = "admission_results"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), index=True)
    year: Mapped[int] = mapped_column(Integer)
    applications: Mapped[int | None] = mapped_column(Integer)
    admitted: Mapped[int | None] = mapped_column(Integer)
    recommended: Mapped[int | None] = mapped_column(Integer)
    enrolled_budget: Mapped[int | None] = mapped_column(Integer)
    enrolled_contract: Mapped[int | None] = mapped_column(Integer)
    avg_score: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    min_score: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    max_score: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    avg_budget: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    avg_contract: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    min_budget: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    min_contract: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    note: Mapped[str | None] = mapped_column(Text)
    stamps: Mapped[Stamps] = mapped_column(StampsColumn, default=dict)

    offer: Mapped[Offer | None] = relationship(lazy="raise", back_populates="results", overlaps="results")
