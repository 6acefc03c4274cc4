"""listing page indexes: programmes beside a page are found in order, not sorted

Revision: 0004, follows 0003, 2026-11-26 00:35:00
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_listings_city_order",
        "listings",
        ["kind", "visibility", "city", "state", "title_key", "id"],
    )
    op.create_index("ix_programmes_speciality_degree", "programmes", ["speciality", "degree", "listing_id"])
    # The new index begins with the same column.
    op.drop_index("ix_programmes_speciality", table_name="programmes")


def downgrade() -> None:
    op.create_index("ix_programmes_speciality", "programmes", ["speciality"])
    op.drop_index("ix_programmes_speciality_degree", table_name="programmes")
    op.drop_index("ix_listings_city_order", table_name="listings")
