"""What the workspace remembers: who changed which field of a listing, what programs were answered, and the
spreadsheets on their way to the site."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, String, Text
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


class ListingFile(Base):
    """A spreadsheet of an institution's listings on its way to the site.

    `state`: "uploaded" (waits to be checked) -> "checked" -> "publishing" -> "published" -> "undoing" ->
    "undone" -> "uploaded" again. The three that end in -ing, and "uploaded", are work for the portal, the
    others wait for a person. `actor` and `origin`: on whose word it stands (`policy.By`). `batch`: what was
    published, to be undone as one. `told`: remarks for the person. It is a conversation of one server, so it
    stays behind when the catalogue is saved.
    """

    __tablename__ = "listing_files"
    __table_args__ = ({"info": {"stays": True}},)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    actor: Mapped[str] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    headings: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), index=True)
    publish_drafts: Mapped[bool] = mapped_column(Boolean, default=True)
    batch: Mapped[str | None] = mapped_column(String(16))
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FileLine(Base):
    """A line of such a file. `number` counts records from 1; `in_sheet` is the line's number in the sheet.

    `state`: "unread", "right", "wrong" or "left_out". `cells` are text, under the file's headings. `target`:
    the listing that it speaks of, or "new:<number of the first line of it>". `outcome`: "created", "updated"
    or "unchanged". `flaws`: [[column, sentence, parameters]]. `gaps`: what a draft lacks to be published.
    `digest` follows from what would change, so that nothing else is published than was shown.
    """

    __tablename__ = "listing_file_lines"
    __table_args__ = ({"info": {"stays": True}},)

    file_id: Mapped[str] = mapped_column(ForeignKey("listing_files.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    in_sheet: Mapped[int] = mapped_column(Integer)
    cells: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="unread")
    target: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(10))
    flaws: Mapped[list[Any]] = mapped_column(JSON, default=list)
    gaps: Mapped[list[str]] = mapped_column(JSON, default=list)
    digest: Mapped[str | None] = mapped_column(String(40))
