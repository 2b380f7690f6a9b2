"""The roster: weekly shifts, dated duties, and the role that is paged when nobody is on call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("clinics") as batch_op:
        batch_op.add_column(sa.Column("fallback_role", sa.String(), nullable=False, server_default="admin"))
    op.create_table(
        "roster_shifts",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("staff_id", _NUMBER, nullable=False),
        sa.Column("weekday", _NUMBER, nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_roster_shifts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_shifts")),
    )
    op.create_table(
        "roster_duties",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("staff_id", _NUMBER, nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instead_of", _NUMBER, nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_roster_duties_staff_id_staff")),
        sa.ForeignKeyConstraint(["instead_of"], ["staff.id"], name=op.f("fk_roster_duties_instead_of_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_duties")),
    )
    with op.batch_alter_table("roster_duties") as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_duties_ends_at"), ["ends_at"], unique=False)
