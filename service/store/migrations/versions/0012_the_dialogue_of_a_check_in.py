"""The dialogue that a check-in opened is found by the check-in, however many dialogues there were before."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_conversations_check_in_id", "conversations", ["check_in_id"], unique=False)
