"""IT professions and skills, and their ties to listings. Facts of the professions come from O*NET."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applicant_portal.catalogue.facts import Stamps, StampsColumn
from applicant_portal.kit.db import Base


class Skill(Base):
    """A concrete skill: python, networks, testing. `aliases`: other words people type for it."""

    __tablename__ = "skills"

    key: Mapped[str] = mapped_column(String(48), primary_key=True)
    name_uk: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)


class Profession(Base):
    """An IT profession. `tasks`: list of {"uk", "en"}; `specialities`: codes whose programmes lead here."""

    __tablename__ = "professions"

    key: Mapped[str] = mapped_column(String(48), primary_key=True)
    title_uk: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160))
    title_key: Mapped[str] = mapped_column(Text)
    onet_code: Mapped[str | None] = mapped_column(String(12))
    onet_title: Mapped[str | None] = mapped_column(String(160))
    summary_uk: Mapped[str | None] = mapped_column(Text)
    summary_en: Mapped[str | None] = mapped_column(Text)
    tasks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    specialities: Mapped[list[str]] = mapped_column(JSON, default=list)
    stamps: Mapped[Stamps] = mapped_column(StampsColumn, default=dict)

    skills: Mapped[list["ProfessionSkill"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ProfessionSkill.position"
    )

    @property
    def path(self) -> str:
        return f"/professions/{self.key}"


class ProfessionSkill(Base):
    """A skill that O*NET data ask for in a profession, in order of weight."""

    __tablename__ = "profession_skills"

    profession_key: Mapped[str] = mapped_column(
        ForeignKey("professions.key", ondelete="CASCADE"), primary_key=True
    )
    skill_key: Mapped[str] = mapped_column(ForeignKey("skills.key", ondelete="RESTRICT"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)

    skill: Mapped[Skill] = relationship(lazy="raise")


class ListingSkill(Base):
    """A skill that a listing teaches or a track leads to."""

    __tablename__ = "listing_skills"

    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    skill_key: Mapped[str] = mapped_column(ForeignKey("skills.key", ondelete="RESTRICT"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)

    skill: Mapped[Skill] = relationship(lazy="raise")


class ListingProfession(Base):
    """A profession that a listing leads to: `basis` "speciality" (by its code) or "topic" (taught)."""

    __tablename__ = "listing_professions"

    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    profession_key: Mapped[str] = mapped_column(
        ForeignKey("professions.key", ondelete="CASCADE"), primary_key=True
    )
    basis: Mapped[str] = mapped_column(String(12))

    profession: Mapped[Profession] = relationship(lazy="raise")
