"""Institutions as the state register (EDEBO) knows them, and what is known of their buildings."""

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applicant_portal.catalogue.facts import FactStamp, Stamps, StampsColumn
from applicant_portal.kit.db import Base

PLACE_TOPICS = ("shelter", "accessibility", "dormitory", "backup_power")
PLACE_ANSWERS = ("yes", "no", "partly")


class Institution(Base):
    """One institution. `edebo_id` is the register's number as text; an institution read only in a press
    source may lack it. `stamps` has one entry, "record", for what a register or our reading says, and one
    per field that the institution confirmed itself."""

    __tablename__ = "institutions"

    id: Mapped[int] = mapped_column(primary_key=True)
    edebo_id: Mapped[str | None] = mapped_column(String(16), unique=True)
    edrpou: Mapped[str | None] = mapped_column(String(16))
    parent_edebo_id: Mapped[str | None] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str | None] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(Text)
    folded_name: Mapped[str] = mapped_column(Text, index=True)
    name_key: Mapped[str] = mapped_column(Text, index=True)
    category: Mapped[str | None] = mapped_column(String(120))
    type_name: Mapped[str | None] = mapped_column(String(120))
    ownership: Mapped[str | None] = mapped_column(String(16))
    governance: Mapped[str | None] = mapped_column(Text)
    founded_year: Mapped[int | None] = mapped_column(Integer)
    city: Mapped[str | None] = mapped_column(String(120), index=True)
    region: Mapped[str | None] = mapped_column(String(120), index=True)
    postcode: Mapped[str | None] = mapped_column(String(16))
    address: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(Text)
    admission_url: Mapped[str | None] = mapped_column(Text)
    admission_phone: Mapped[str | None] = mapped_column(Text)
    admission_email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    note_uk: Mapped[str | None] = mapped_column(Text)
    note_en: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(16))
    stamps: Mapped[Stamps] = mapped_column(StampsColumn, default=dict)

    former_ids: Mapped[list["FormerEdeboId"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    aliases: Mapped[list["InstitutionAlias"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="InstitutionAlias.id"
    )
    place_facts: Mapped[list["PlaceFact"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlaceFact.topic"
    )

    @property
    def display_name(self) -> str:
        return self.short_name or self.name

    @property
    def record_stamp(self) -> FactStamp | None:
        return self.stamps.get("record")


class FormerEdeboId(Base):
    """A number an institution had before it was created anew (НАУ 183 became КАІ 7208)."""

    __tablename__ = "institution_former_ids"

    edebo_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), index=True)


class InstitutionAlias(Base):
    """A name people use for an institution: ХІРЕ, KNURE, Політех."""

    __tablename__ = "institution_aliases"
    __table_args__ = (UniqueConstraint("institution_id", "alias"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"))
    alias: Mapped[str] = mapped_column(String(200))


class PlaceFact(Base):
    """One answer about a place: shelter, accessibility, dormitory, backup power. No row means unknown."""

    __tablename__ = "place_facts"
    __table_args__ = (UniqueConstraint("institution_id", "topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(24))
    answer: Mapped[str] = mapped_column(String(8))
    note_uk: Mapped[str | None] = mapped_column(Text)
    note_en: Mapped[str | None] = mapped_column(Text)
    stamps: Mapped[Stamps] = mapped_column(StampsColumn, default=dict)
