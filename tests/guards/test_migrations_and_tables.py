"""The migrations are one numbered line, and lead to exactly the tables that the code declares."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from service.store.database import MIGRATIONS
from service.store.schema import metadata


def test_migrations_are_numbered_without_a_gap_and_end_in_one_head() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    numbers = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py"))
    oldest_first = [step.revision[:4] for step in script.walk_revisions()][::-1]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert oldest_first == numbers
    assert len(script.get_heads()) == 1


def test_the_migrated_schema_is_the_declared_one(database_url: str) -> None:
    engine = create_engine(database_url)

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()

    assert differences == []
