"""Skills and professions of the seed, and their ties to listings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicant_portal.catalogue.facts import FactStamp
from applicant_portal.catalogue.models import (
    Listing,
    ListingProfession,
    ListingSkill,
    Profession,
    ProfessionSkill,
    Skill,
)
from applicant_portal.catalogue.naming import sort_key
from applicant_portal.importers.merging import replaces, set_fields
from applicant_portal.importers.seed_files import pairs, stamp, strings, tables, texts
from applicant_portal.importers.seed_report import SeedReport
from applicant_portal.importers.values import BadValue


def load_skills(session: Session, folder: Path, report: SeedReport) -> set[str]:
    """Bring `skills.toml` in; the keys of skills whose names changed."""
    present = {skill.key: skill for skill in session.scalars(select(Skill))}
    changed: set[str] = set()
    for number, row in tables(folder / "skills.toml", "skill"):
        with report.row("skills.toml", number):
            values: dict[str, Any] = texts(row, "name_uk", "name_en")
            if None in values.values():
                raise BadValue("немає назви")
            values["aliases"] = strings(row, "aliases")
            skill = present.get(row["key"])
            if skill is None:
                session.add(Skill(key=row["key"], **values))
                report.count("created")
            elif set_fields(skill, values):
                changed.add(skill.key)
                report.count("updated")
            else:
                report.count("unchanged")
    session.flush()
    return changed


def load_professions(session: Session, folder: Path, report: SeedReport) -> set[str]:
    """Bring `professions.toml` in; the keys of professions that changed."""
    present = {profession.key: profession for profession in session.scalars(select(Profession))}
    skills = set(session.scalars(select(Skill.key)))
    ties: dict[str, list[ProfessionSkill]] = {}
    for tie in session.scalars(select(ProfessionSkill).order_by(ProfessionSkill.position)):
        ties.setdefault(tie.profession_key, []).append(tie)
    changed: set[str] = set()
    for number, row in tables(folder / "professions.toml", "profession"):
        with report.row("professions.toml", number):
            wanted = [key for key in dict.fromkeys(strings(row, "skills")) if _known(key, skills)]
            values: dict[str, Any] = texts(
                row, "title_uk", "title_en", "onet_code", "onet_title", "summary_uk", "summary_en"
            )
            if values["title_uk"] is None or values["title_en"] is None:
                raise BadValue("немає назви")
            values["tasks"] = pairs(row, "tasks")
            values["aliases"] = strings(row, "aliases_uk") + strings(row, "aliases_en")
            values["specialities"] = strings(row, "specialities")
            profession = present.get(row["key"])
            created = profession is None
            if profession is None:
                profession = Profession(key=row["key"], tasks=[], aliases=[], specialities=[], stamps={})
                session.add(profession)
            moved = False
            if _speaks_for(profession, stamp(row)):
                moved = _read(profession, values, stamp(row))
                if "skills" not in profession.stamps:
                    moved |= _skills_of(session, row["key"], wanted, ties.get(row["key"], []))
            if moved:
                changed.add(row["key"])
            report.count("created" if created else "updated" if moved else "unchanged")
    session.flush()
    return changed


def _speaks_for(profession: Profession, stamp: FactStamp) -> bool:
    """Whether nobody has checked the profession as a whole against anything newer."""
    record = profession.stamps.get("record")
    return record is None or replaces(record, stamp)


def _read(profession: Profession, values: dict[str, Any], stamp: FactStamp) -> bool:
    """Let the profession say what its table says; True when anything changed. No other file speaks of
    professions, so a field with a stamp of its own was written by the staff in the workspace: it stays."""
    stamps = profession.stamps
    changed = set_fields(profession, {name: value for name, value in values.items() if name not in stamps})
    profession.title_key = sort_key(profession.title_uk)
    return changed | set_fields(profession, {"stamps": stamps | {"record": stamp}})


def _known(key: str, keys: set[str]) -> bool:
    if key not in keys:
        raise BadValue(f"невідома навичка чи професія «{key}»")
    return True


def _skills_of(
    session: Session, profession: str, wanted: Sequence[str], present: Sequence[ProfessionSkill]
) -> bool:
    if [tie.skill_key for tie in present] == list(wanted):
        return False
    kept = {tie.skill_key: tie for tie in present}
    for position, key in enumerate(wanted, start=1):
        tie = kept.pop(key, None)
        if tie is None:
            session.add(ProfessionSkill(profession_key=profession, skill_key=key, position=position))
        else:
            tie.position = position
    for tie in kept.values():
        session.delete(tie)
    return True


class Ties:
    """Skills and professions of courses and tracks, as their rows name them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._skill_keys = set(session.scalars(select(Skill.key)))
        self._profession_keys = set(session.scalars(select(Profession.key)))
        self._skills: dict[str, dict[str, ListingSkill]] = {}
        for skill in session.scalars(select(ListingSkill)):
            self._skills.setdefault(skill.listing_id, {})[skill.skill_key] = skill
        self._professions: dict[str, dict[str, ListingProfession]] = {}
        for tie in session.scalars(select(ListingProfession).where(ListingProfession.basis == "topic")):
            self._professions.setdefault(tie.listing_id, {})[tie.profession_key] = tie

    def check(self, skills: Sequence[str], professions: Sequence[str]) -> None:
        """Raise `BadValue` for a key that is in neither file."""
        for key in skills:
            _known(key, self._skill_keys)
        for key in professions:
            _known(key, self._profession_keys)

    def put(self, listing: Listing, skills: Sequence[str], professions: Sequence[str]) -> bool:
        """Tie the listing to these skills, in this order, and professions; True when anything changed."""
        changed = False
        old_skills = self._skills.get(listing.id, {})
        for position, key in enumerate(dict.fromkeys(skills), start=1):
            tie = old_skills.pop(key, None)
            if tie is None:
                self._session.add(ListingSkill(listing_id=listing.id, skill_key=key, position=position))
                changed = True
            elif tie.position != position:
                tie.position, changed = position, True
        old_professions = self._professions.get(listing.id, {})
        for key in dict.fromkeys(professions):
            if old_professions.pop(key, None) is None:
                self._session.add(ListingProfession(listing_id=listing.id, profession_key=key, basis="topic"))
                changed = True
        for gone in (*old_skills.values(), *old_professions.values()):
            self._session.delete(gone)
            changed = True
        return changed
