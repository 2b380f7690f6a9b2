"""Alembic's environment: runs the migrations over the connection that `database.migrate` hands in."""

from typing import Any, Literal

from alembic import context

from service.store.base import SealedJson, SealedText, UtcInstant
from service.store.schema import metadata


def render_plainly(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our column types as what they are in the database, so that no migration depends on later code."""
    if kind == "type" and isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, SealedText | SealedJson):
        return "sa.LargeBinary()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_plainly,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
