"""workspace: spreadsheets of listings on their way to the site, line by line

Revision: 0008, follows 0007, 2026-11-26 14:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing_files",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("publish_drafts", sa.Boolean(), nullable=False),
        sa.Column("batch", sa.String(length=16), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_listing_files_institution_id_institutions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_files")),
    )
    op.create_index(op.f("ix_listing_files_institution_id"), "listing_files", ["institution_id"])
    op.create_index(op.f("ix_listing_files_state"), "listing_files", ["state"])
    op.create_index(op.f("ix_listing_files_made_at"), "listing_files", ["made_at"])
    op.create_table(
        "listing_file_lines",
        sa.Column("file_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("in_sheet", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("flaws", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["listing_files.id"],
            name=op.f("fk_listing_file_lines_file_id_listing_files"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_listing_file_lines")),
    )


def downgrade() -> None:
    op.drop_table("listing_file_lines")
    op.drop_table("listing_files")
