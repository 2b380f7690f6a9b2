"""One live escalation for a patient, and the instants that say since when it waits and when it last stepped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LIVE_PATIENT = sa.text("state <> 'closed' AND patient_id IS NOT NULL")
_LIVE_SENDER = sa.text("state <> 'closed' AND patient_id IS NULL")


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("escalations") as batch_op:
        for column in ("stepped_at", "raised_at", "waits_since", "reminded_at"):
            batch_op.add_column(sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE escalations SET raised_at = opened_at, waits_since = opened_at")
    # What nobody has and what nobody closed is looked at once by the new clock.
    op.execute(
        "UPDATE escalations SET next_step_at = deadline_at WHERE state <> 'closed' AND next_step_at IS NULL"
    )
    with op.batch_alter_table("escalations") as batch_op:
        for column in ("raised_at", "waits_since"):
            batch_op.alter_column(column, existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_index("ix_escalations_code", ["code"])
        batch_op.create_index(
            "uq_escalations_live_patient",
            ["patient_id"],
            unique=True,
            sqlite_where=_LIVE_PATIENT,
            postgresql_where=_LIVE_PATIENT,
        )
        batch_op.create_index(
            "uq_escalations_live_sender",
            ["sender_hash"],
            unique=True,
            sqlite_where=_LIVE_SENDER,
            postgresql_where=_LIVE_SENDER,
        )
