"""Which catalogue this is."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from applicant_portal.kit.db import Base


class Identity(Base):
    """One row, made with the tables: what tells this catalogue's search indexes from those of another one.

    Positions in the log mean something for one catalogue only; an index of another one, in the same folder or
    on the same search server, must not be taken for its own. It stays behind when the catalogue is saved.
    """

    __tablename__ = "identity"
    __table_args__ = ({"info": {"stays": True}},)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
