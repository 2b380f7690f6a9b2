"""When an infusion began and its dose, the step that a check-in was planned from, and what a patient was planned with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("infusions") as batch_op:
        batch_op.add_column(sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("dose_mg", sa.Float(), nullable=True))
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.add_column(sa.Column("planned_from", sa.JSON(), nullable=True))
    with op.batch_alter_table("patients") as batch_op:
        # Empty: with nothing yet, so that everybody is planned anew once.
        batch_op.add_column(sa.Column("planned_with", sa.String(), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_patients_planned_with"), ["planned_with"], unique=False)
