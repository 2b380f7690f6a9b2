"""What the clinic has recorded of a patient's health, for the rules: birth date, pregnancy, medicines, conditions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("patients") as batch_op:
        batch_op.add_column(sa.Column("recorded", sa.LargeBinary(), nullable=True))
