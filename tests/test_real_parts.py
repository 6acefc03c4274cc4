"""The real parts are really there: what the other tests stand on is tried here first."""

import os

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.servers import Postgres


def test_a_database_answers_on_both_kinds(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 'Їжак'")).scalar_one() == "Їжак"
    engine.dispose()


def test_every_test_gets_a_database_of_its_own(postgres: Postgres) -> None:
    first, second = postgres.new_database(), postgres.new_database()
    engine = create_engine(first)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id integer)"))
    engine.dispose()
    other = create_engine(second)
    with other.connect() as connection:
        found = connection.execute(text("SELECT to_regclass('only_here')")).scalar_one()
    other.dispose()
    assert found is None
    postgres.drop_database(first)
    postgres.drop_database(second)


@pytest.mark.browser
def test_a_browser_shows_a_page(page: Page) -> None:
    page.set_content("<h1>Вступ до ІТ</h1>")
    assert page.get_by_role("heading").inner_text() == "Вступ до ІТ"


def test_the_portal_s_own_variables_do_not_reach_the_tests() -> None:
    assert not [name for name in os.environ if name.startswith("PORTAL_")]
