"""The table of notes goes: nothing ever wrote one, and what staff did for a patient stands on the escalation."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.drop_table("patient_notes")
