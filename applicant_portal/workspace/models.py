"""What the workspace remembers: who changed which field of a listing, and what programs were answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from applicant_portal.catalogue.facts import FactStamp, StampsColumn
from applicant_portal.kit.db import Base, UtcDateTime


class ListingChange(Base):
    """One field of one listing that was changed. History outlives its listing, so nothing refers to it.

    `batch`: all that was changed by one save (or one file), to be undone as one. `actor`: "person:12",
    "key:3". `part`: "listing", the kind, "skills", "routes" or "offer:<id>". `before` and `after` are JSON as
    `workspace.parts` reads and sets them. `stood_on`: the stamp of `before`, under the field's name.
    `undone_by`: the batch that set it back.
    """

    __tablename__ = "listing_changes"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    batch: Mapped[str] = mapped_column(String(16), index=True)
    listing_id: Mapped[str] = mapped_column(String(16), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(24))
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)
    stood_on: Mapped[dict[str, FactStamp]] = mapped_column(StampsColumn, default=dict)
    undone_by: Mapped[str | None] = mapped_column(String(16))


class IdempotentAnswer(Base):
    """What a program was answered under a key of its own, so that the same request twice changes once.

    `request_hash` tells whether it is the same request. It speaks of one server's conversations, so it stays
    behind when the catalogue is saved.
    """

    __tablename__ = "idempotent_answers"
    __table_args__ = ({"info": {"stays": True}},)

    owner: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
