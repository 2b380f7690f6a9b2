"""What every table shares: the declarative base, identifiers, instants in UTC, and columns that are encrypted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

from service.store.keyring import Keyring

# Each engine's dialect finds the keyring that its encrypted columns are sealed with.
_keyrings: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def attach_keyring(dialect: Dialect, keyring: Keyring) -> None:
    """Let the encrypted columns of this engine's dialect be sealed and opened with the keyring."""
    _keyrings[dialect] = keyring


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused, because nobody knows which hour it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the instant in UTC; SQLite has no zones, so there the UTC reading is stored bare."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a time zone reached the database; pass an aware one.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SealedText(TypeDecorator[str]):
    """Text that is encrypted in the database: names, numbers, message bodies."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal the text with the newest key."""
        return None if value is None else _keyrings[dialect].seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open the text with whichever key sealed it."""
        return None if value is None else _keyrings[dialect].unseal(value)


class SealedJson(TypeDecorator[Any]):
    """A JSON value that is encrypted in the database: findings, raw webhook parameters, conversation state."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Seal the value's JSON text with the newest key."""
        return None if value is None else _keyrings[dialect].seal(json.dumps(value, separators=(",", ":")))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Open and parse the value."""
        return None if value is None else json.loads(_keyrings[dialect].unseal(value))


# SQLite numbers rows by itself only where the key is a plain INTEGER.
RowNumber = BigInteger().with_variant(Integer, "sqlite")
RowId = Annotated[int, mapped_column(RowNumber, primary_key=True)]


class Base(DeclarativeBase):
    """The declarative base; constraints have names, so that a later migration can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcInstant, int: RowNumber}
