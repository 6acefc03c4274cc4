"""The log that the indexer follows, what it could not take, and the mistakes that readers report."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from applicant_portal.kit.db import Base, UtcDateTime


class OutboxEntry(Base):
    """One searchable change: the listing changed, read it anew (gone or hidden means: take it out).

    Rows travel in the transaction of the change. Positions are handed out in the order of commits: see
    catalogue.outbox.
    """

    __tablename__ = "outbox"

    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    listing_id: Mapped[str] = mapped_column(String(16), index=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = ({"sqlite_autoincrement": True},)


class SetAside(Base):
    """A listing that an index could not take, and why. It goes with the next change that can be taken.

    It speaks of indexes, so it stays behind when the catalogue is saved.
    """

    __tablename__ = "set_aside"
    __table_args__ = ({"info": {"stays": True}},)

    engine: Mapped[str] = mapped_column(String(16), primary_key=True)
    listing_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MistakeReport(Base):
    """A reader's note that a page is wrong. No name, no address: the reader keeps the code and reads the
    answer under it."""

    __tablename__ = "mistake_reports"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    listing_id: Mapped[str | None] = mapped_column(ForeignKey("listings.id", ondelete="SET NULL"), index=True)
    page: Mapped[str] = mapped_column(String(300))
    topic: Mapped[str] = mapped_column(String(24))
    message: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
