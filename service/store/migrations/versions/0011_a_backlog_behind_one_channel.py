"""What waits to leave, channel by channel, so that a long backlog behind one slows no claim on the other."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    columns = ["state", "channel", "urgency", "try_at"]
    op.create_index("ix_outbox_waiting_by_channel", "outbox", columns, unique=False)
