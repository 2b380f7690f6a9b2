"""Outages of the clock, so that one web process tells of each; and when the office is open, and shut for a holiday."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "outages",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("noticed_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
        sa.UniqueConstraint("since", name=op.f("uq_outages_since")),
    )
    op.create_table(
        "clinic_hours",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("weekday", _NUMBER, nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_hours")),
    )
    op.create_table(
        "clinic_holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_clinic_holidays")),
    )
