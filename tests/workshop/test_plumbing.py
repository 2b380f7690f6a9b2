"""The fixtures themselves: two engines, each test alone in its database, a browser that renders."""

from collections.abc import Callable

from playwright.sync_api import Page
from sqlalchemy import create_engine, inspect, make_url

from service.store.database import Store


def test_a_database_is_migrated_on_the_engine_it_names(database_url: str) -> None:
    engine = create_engine(database_url)

    tables = inspect(engine).get_table_names()
    engine.dispose()

    assert make_url(database_url).get_backend_name() in ("sqlite", "postgresql")
    assert {"alembic_version", "patients", "inbox", "outbox"} <= set(tables)


def test_an_open_store_has_no_migration_left_to_do(store: Store) -> None:
    assert store.pending_migrations() == ()


def test_a_page_runs_our_scripts_in_a_real_browser(page: Page) -> None:
    page.set_content("<p id=answer></p><script>answer.textContent = 6 * 7</script>")

    assert page.inner_text("#answer") == "42"


def test_a_free_port_can_be_asked_for_twice(free_port: Callable[[], int]) -> None:
    assert free_port() > 1023
    assert free_port() > 1023
