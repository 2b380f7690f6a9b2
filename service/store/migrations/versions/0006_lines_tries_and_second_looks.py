"""When each way out may send next and why it stands still, tries to sign in, and when a sent text is asked after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "ways_out",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("free_at", _INSTANT, nullable=True),
        sa.Column("stopped_at", _INSTANT, nullable=True),
        sa.Column("stopped_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_ways_out")),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("slot", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("tries", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_sign_in_tries")),
    )
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("look_at", _INSTANT, nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_look_at"), ["look_at"], unique=False)
    # What has been on its way since before this migration is asked after at once.
    op.execute("UPDATE outbox SET look_at = attempted_at WHERE state IN ('accepted', 'sent')")
    with op.batch_alter_table("audit") as batch_op:
        batch_op.create_index("ix_audit_subject", ["subject", "at"], unique=False)
