"""Everything leaves one database in a sealed file and enters another as it was, row by row, or not at all."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import JSON, Boolean, Column, Date, Double, Float, String, Table, Time, event, insert, select

from service.store import audit, heartbeats, sealed_file
from service.store.base import RowNumber, SealedJson, SealedText, UtcInstant
from service.store.database import Store, open_store
from service.store.keyring import Keyring, UnableToOpen
from service.store.moving import UnableToImport, export_to, import_from
from service.store.schema import metadata
from service.store.sealed_file import UnableToRead

PASSPHRASE = "a passphrase for this test"
NOW = datetime(2026, 3, 10, 15, 0, 0, 123456, tzinfo=UTC)
ROWS = 3
NUMBERS = [f"+1202555010{number}" for number in range(1, ROWS + 1)]
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_file, "_SCRYPT_COST", 2)


@pytest.fixture(params=["sqlite", "postgresql"])
def target(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Callable[[], Store]]:
    """A function that opens a migrated, empty database, not the source, with keys of its own."""
    stores: list[Store] = []
    keys = Keyring(Fernet.generate_key().decode(), "the look-up key of another deployment")

    def open_it() -> Store:
        if request.param == "sqlite":
            file = tmp_path / f"target{len(stores)}.db"
            file.write_bytes(sqlite_template.read_bytes())
            url = f"sqlite:///{file}"
        else:
            url = request.getfixturevalue("postgresql_url")
        stores.append(open_store(url, keys))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


@pytest.fixture
def source(sqlite_url: str, keyring: Keyring) -> Iterator[Store]:
    opened = open_store(sqlite_url, keyring)
    fill(opened)
    yield opened
    opened.close()


def fill(store: Store) -> None:
    """Put rows into every table, with something of every kind in every column; more into one than fit one batch."""
    with store.transaction() as session:
        for table in metadata.sorted_tables:
            rows = [row_of(table, number, store.keyring) for number in range(1, ROWS + 1)]
            session.execute(insert(table), rows)
        trail = metadata.tables["audit"]
        more = range(ROWS + 1, ROWS + 1301)
        session.execute(insert(trail), [row_of(trail, number, store.keyring) for number in more])


def row_of(table: Table, number: int, keyring: Keyring) -> dict[str, Any]:
    return {column.name: value_of(column, number, keyring) for column in table.columns}


def value_of(column: Column[Any], number: int, keyring: Keyring) -> Any:
    if column.nullable and number == 2 and column.name not in ("patient_id", "sender_hash"):
        return None
    if column.name.endswith("_hash") and column.name != "password_hash":
        return keyring.lookup(NUMBERS[number - 1])
    if column.name in ("sender", "phone", "recipient", "number"):
        return NUMBERS[number - 1]
    if column.foreign_keys:
        return number
    values: dict[type[Any], Any] = {
        SealedText: f"¿Qué tal? 💧 \ud83d \n\x00 “{column.name}” {number}",
        SealedJson: {"n": number, "é": [None, True, "\n"]},
        UtcInstant: NOW + timedelta(hours=number),
        String: f"{column.table.name} {column.name} é\n{number}",
        Boolean: number == 1,
        Double: number / 3,
        Float: number / 3,
        Date: date(1971, 2, 1) + timedelta(days=number),
        Time: time(21, 0, number % 60),
        JSON: ["b", {"a": number}],
        type(RowNumber): number,
    }
    return values[type(column.type)]


def rows_in(store: Store) -> Rows:
    """Return every row of every table, with what is sealed opened, and the number behind each hash."""
    behind = {store.keyring.lookup(number): number for number in NUMBERS}
    with store.reading() as session:
        return {
            table.name: [
                tuple(behind.get(value, value) if isinstance(value, str) else value for value in row)
                for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
        }


def exported(store: Store, passphrase: str = PASSPHRASE) -> bytes:
    file = io.BytesIO()
    export_to(store, file, passphrase, NOW)
    return file.getvalue()


def test_every_row_of_every_table_arrives_in_a_database_with_other_keys(
    source: Store, target: Callable[[], Store]
) -> None:
    there = target()

    counts = import_from(there, io.BytesIO(exported(source)), PASSPHRASE)

    assert rows_in(there) == rows_in(source)
    assert counts == {name: len(rows) for name, rows in rows_in(source).items()}
    assert min(counts.values()) == ROWS


def test_what_left_postgresql_comes_back_as_it_was(
    postgresql_url: str, keyring: Keyring, tmp_path: Path, sqlite_template: Path
) -> None:
    source = open_store(postgresql_url, keyring)
    fill(source)
    file = tmp_path / "back.db"
    file.write_bytes(sqlite_template.read_bytes())
    back = open_store(f"sqlite:///{file}", keyring)

    import_from(back, io.BytesIO(exported(source)), PASSPHRASE)

    assert rows_in(back) == rows_in(source)
    source.close()
    back.close()


def test_new_rows_are_numbered_after_the_imported_ones(source: Store, target: Callable[[], Store]) -> None:
    there = target()
    import_from(there, io.BytesIO(exported(source)), PASSPHRASE)

    with there.transaction() as session:
        audit.record(session, actor="system", action="went on", subject="row:new", now=NOW)
        session.flush()
        newest = audit.latest_entries(session, limit=1)[0]

    assert (newest.id, newest.action) == (1300 + ROWS + 1, "went on")


def test_nothing_private_can_be_read_in_the_file(source: Store) -> None:
    file = exported(source)

    assert [number for number in NUMBERS if number.encode() in file] == []
    assert json.loads(file.splitlines()[1]).keys() == {"schema", "made_at", "salt", "check"}


def test_another_passphrase_opens_nothing(source: Store, target: Callable[[], Store]) -> None:
    there = target()

    with pytest.raises(UnableToRead, match=r"^The passphrase is not the one that this file was made with\.$"):
        import_from(there, io.BytesIO(exported(source)), "another passphrase")

    assert set(map(len, rows_in(there).values())) == {0}


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda file: file[:-1], "The file ends too early."),
        (lambda file: file[: len(file) // 2], "The file ends too early."),
        (lambda file: file + b"x", "The file was changed after it was made."),
        (
            lambda file: file[:-40] + bytes([file[-40] ^ 1]) + file[-39:],
            "The file was changed after it was made.",
        ),
        (lambda file: file.replace(b"2026-03-10", b"2026-03-11"), "The file was changed after it was made."),
        (lambda file: b"PK" + file, "This is not an export of Dripline"),
        (lambda file: file.replace(b'"salt": "', b'"salt": "zz'), "The file's header is damaged."),
        (lambda file: b"", "This is not an export of Dripline"),
    ],
)
def test_a_damaged_file_leaves_nothing_behind(
    source: Store,
    target: Callable[[], Store],
    damage: Callable[[bytes], bytes],
    sentence: str,
) -> None:
    there = target()

    with pytest.raises(UnableToRead, match=f"^{sentence}"):
        import_from(there, io.BytesIO(damage(exported(source))), PASSPHRASE)

    assert set(map(len, rows_in(there).values())) == {0}


def test_pieces_in_another_order_are_refused(
    source: Store, target: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_file, "_PIECE", 4096)
    file = exported(source)
    start = file.index(b"\n", file.index(b"\n") + 1) + 1
    first = 4 + int.from_bytes(file[start : start + 4], "big")
    second = 4 + int.from_bytes(file[start + first : start + first + 4], "big")
    swapped = (
        file[:start]
        + file[start + first : start + first + second]
        + file[start : start + first]
        + file[start + first + second :]
    )

    with pytest.raises(UnableToRead, match=r"^The file was changed"):
        import_from(target(), io.BytesIO(swapped), PASSPHRASE)


def test_a_database_with_anything_in_it_takes_nothing(source: Store, target: Callable[[], Store]) -> None:
    there = target()
    with there.transaction() as session:
        audit.record(session, actor="system", action="was here", subject="row:1", now=NOW)

    with pytest.raises(UnableToImport, match=r"^The database is not empty: there are audit in it\."):
        import_from(there, io.BytesIO(exported(source)), PASSPHRASE)

    assert [name for name, rows in rows_in(there).items() if rows] == ["audit"]


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ("9999", "The file was made by a newer Dripline"),
        ("0001", "The file was made at schema 0001, and this database is at"),
    ],
)
def test_a_file_of_another_schema_is_refused(
    source: Store, target: Callable[[], Store], monkeypatch: pytest.MonkeyPatch, schema: str, sentence: str
) -> None:
    monkeypatch.setattr(source, "revision", lambda: schema)
    file = exported(source)

    with pytest.raises(UnableToImport, match=f"^{sentence}"):
        import_from(target(), io.BytesIO(file), PASSPHRASE)


def test_an_export_without_the_key_of_a_row_says_which_setting_lacks_it(source: Store) -> None:
    lacking = open_store(str(source.engine.url), Keyring(Fernet.generate_key().decode(), "another"))

    with pytest.raises(UnableToOpen, match="ENCRYPTION_KEYS"):
        exported(lacking)
    lacking.close()


def test_an_export_shows_one_instant_however_long_it_takes(database_url: str, keyring: Keyring) -> None:
    source = open_store(database_url, keyring)
    fill(source)
    before = rows_in(source)
    wrote = list[bool]()

    def write_meanwhile(_: object, __: object, statement: str, *___: object) -> None:
        if "FROM audit" in statement and not wrote:
            wrote.append(True)
            with source.transaction() as session:
                heartbeats.beat(session, "came late", NOW)

    event.listen(source.engine, "after_cursor_execute", write_meanwhile)
    counts = export_to(source, io.BytesIO(), PASSPHRASE, NOW)
    event.remove(source.engine, "after_cursor_execute", write_meanwhile)

    assert wrote == [True]
    assert counts == {name: len(rows) for name, rows in before.items()}
    source.close()
