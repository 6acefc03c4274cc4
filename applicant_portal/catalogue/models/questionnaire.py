"""What people answered, under a code that only they have, and what they did with what was suggested."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from applicant_portal.kit.db import Base

EVENTS = ("shown", "opened", "hidden")


class Questionnaire(Base):
    """One person's answers. Whoever has the code may read, change and erase them; we keep only its hash, so
    that nobody who reads the table can open a questionnaire with it. No name, no contact, no hour.

    `answers`: question -> chosen values. `passed`: ids of questions that were passed over. `hidden`: ids of
    listings not to be shown. `moved`: what the last change moved ({"question", "before": [listing ids]}).
    `consent`: whether `PathEvent`s may be kept. It speaks of this one portal's visitors, so it stays behind
    when the catalogue is saved.
    """

    __tablename__ = "questionnaires"
    __table_args__ = ({"info": {"stays": True}},)

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    answers: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    passed: Mapped[list[str]] = mapped_column(JSON, default=list)
    hidden: Mapped[list[str]] = mapped_column(JSON, default=list)
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    consent: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date, index=True)


class PathEvent(Base):
    """A path that was shown, opened or hidden at a place of the list (from 1), on a day. Kept with consent
    only, and gone with the questionnaire."""

    __tablename__ = "path_events"
    __table_args__ = (
        CheckConstraint("kind IN ('shown', 'opened', 'hidden')", name="kind"),
        {"info": {"stays": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(
        ForeignKey("questionnaires.code_hash", ondelete="CASCADE"), index=True
    )
    listing_id: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(8))
    position: Mapped[int] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
