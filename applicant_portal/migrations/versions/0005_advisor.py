"""advisor: answers to the questionnaire under a code, and the degree a track leads to

Revision: 0005, follows 0004, 2026-11-26 03:20:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaires",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_questionnaires")),
    )
    op.create_index(op.f("ix_questionnaires_expires_on"), "questionnaires", ["expires_on"])
    op.create_table(
        "path_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("listing_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('shown', 'opened', 'hidden')", name=op.f("ck_path_events_kind")),
        sa.ForeignKeyConstraint(
            ["code_hash"],
            ["questionnaires.code_hash"],
            name=op.f("fk_path_events_code_hash_questionnaires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_events")),
    )
    op.create_index(op.f("ix_path_events_code_hash"), "path_events", ["code_hash"])
    with op.batch_alter_table("tracks") as tracks:
        tracks.add_column(sa.Column("degree", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("tracks") as tracks:
        tracks.drop_column("degree")
    op.drop_table("path_events")
    op.drop_table("questionnaires")
