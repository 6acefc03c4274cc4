"""What is searched for, counted by the day."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from applicant_portal.kit.db import Base

OUTCOMES = ("found", "left_out", "nothing")
LONGEST_QUERY = 100


class SearchCount(Base):
    """One query on one day: how often it was asked, what it found last, and which places of its list were
    chosen. Nothing in it, and nothing beside it, tells who asked or at what hour.

    `query` is folded. `outcome`: "left_out" means that something was found only without some of the words.
    `asked` is 0 where the words were only typed, not sent, and a result was chosen while typing. It speaks
    of this one portal's visitors, so it stays behind when the catalogue is saved.
    """

    __tablename__ = "search_counts"
    __table_args__ = (
        CheckConstraint("outcome IN ('found', 'left_out', 'nothing')", name="outcome"),
        {"info": {"stays": True}},
    )

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY), primary_key=True)
    asked: Mapped[int] = mapped_column(Integer)
    hits: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(8))
    chosen_1_3: Mapped[int] = mapped_column(Integer)
    chosen_4_10: Mapped[int] = mapped_column(Integer)
    chosen_11: Mapped[int] = mapped_column(Integer)
