"""search counts: what is searched for, by the day

Revision: 0003, follows 0002, 2026-11-25 22:50:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("query", sa.String(length=100), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("chosen_1_3", sa.Integer(), nullable=False),
        sa.Column("chosen_4_10", sa.Integer(), nullable=False),
        sa.Column("chosen_11", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('found', 'left_out', 'nothing')", name=op.f("ck_search_counts_outcome")
        ),
        sa.PrimaryKeyConstraint("day", "query", name=op.f("pk_search_counts")),
    )


def downgrade() -> None:
    op.drop_table("search_counts")
