"""Calls and their turns, what was said on the phone in the inbox, and when a silent patient is called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)
_OTHERS = {
    "patient_id": "patients",
    "staff_id": "staff",
    "check_in_id": "check_ins",
    "escalation_id": "escalations",
}


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "calls",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("sid", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("step", _NUMBER, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("duration", _NUMBER, nullable=True),
        sa.Column("error_code", _NUMBER, nullable=True),
        sa.Column("look_at", _INSTANT, nullable=True),
        *(sa.Column(name, _NUMBER, nullable=True) for name in _OTHERS),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_calls_{name}_{table}"))
            for name, table in _OTHERS.items()
        ),
        sa.Column("connected_to", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["connected_to"], ["staff.id"], name=op.f("fk_calls_connected_to_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("reference", name=op.f("uq_calls_reference")),
        sa.UniqueConstraint("sid", name=op.f("uq_calls_sid")),
    )
    with op.batch_alter_table("calls") as batch_op:
        batch_op.create_index("ix_calls_look_at", ["look_at"], unique=False)
        for name in ("number_hash", "patient_id", "check_in_id", "escalation_id"):
            batch_op.create_index(batch_op.f(f"ix_calls_{name}"), [name], unique=False)
    op.create_table(
        "call_turns",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("call_id", _NUMBER, nullable=False),
        sa.Column("step", _NUMBER, nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("heard_at", _INSTANT, nullable=False),
        sa.Column("inbox_id", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_turns_call_id_calls")),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_call_turns_inbox_id_inbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_turns")),
        sa.UniqueConstraint("call_id", "step", name=op.f("uq_call_turns_call_id_step")),
    )
    with op.batch_alter_table("inbox") as batch_op:
        batch_op.add_column(sa.Column("call_id", _NUMBER, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_inbox_call_id_calls"), "calls", ["call_id"], ["id"])
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.add_column(sa.Column("call_at", _INSTANT, nullable=True))
        batch_op.create_index("ix_check_ins_call", ["state", "call_at"], unique=False)
