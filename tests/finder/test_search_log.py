"""The log of searches: what it counts, what it never holds, and that it costs nobody anything."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from applicant_portal.catalogue import search_log
from applicant_portal.catalogue.models import SearchCount
from applicant_portal.catalogue.search_log import FEWEST, QueryCounts
from applicant_portal.finder.indexer import Indexer
from applicant_portal.finder.params import SearchParams
from applicant_portal.finder.search_counting import CountSearches
from applicant_portal.finder.search_log import LONGEST_ADDRESS, MOST_QUERIES, SearchLog, countable
from applicant_portal.finder.service import Found
from applicant_portal.kit import observe
from applicant_portal.kit.db import Database
from search.query import Hit, SearchResult, Understood
from tests.finder.conftest import TODAY

PATHS = tuple(f"/courses/c{number}" for number in range(1, 21))


@pytest.fixture
def database(empty_catalogue: Database) -> Database:
    return empty_catalogue


def stored(path: str) -> tuple[str, dict[str, str]]:
    return path, {"path": path}


class Answers:
    """A search that finds twenty courses for all words but those that begin with "щ" (nothing) or "z" (only
    without some words), and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[SearchParams] = []

    def __call__(self, asked: SearchParams) -> Found:
        self.asked.append(asked)
        paths = () if asked.text.startswith("щ") else PATHS
        hits = [Hit(path, stored) for path in paths]
        total = len(hits) * 2
        result = SearchResult(
            total, asked.page, asked.per_page, hits, {}, Understood(asked.text), frozenset(), "", ""
        )
        return Found(asked, result, None, {}, ("z",) if asked.text.startswith("z") else ())


@pytest.fixture
def log(database: Database) -> SearchLog:
    return SearchLog(database, Answers(), lambda: TODAY)


def address(**parts: str) -> bytes:
    return urlencode(parts).encode()


def rows(database: Database) -> dict[str, SearchCount]:
    with database.read() as session:
        return {row.query: row for row in session.scalars(select(SearchCount))}


def dropped() -> float:
    return observe.registry.get_sample_value("portal_search_log_dropped_total") or 0


def test_a_query_is_counted_by_the_day_with_what_it_found(database: Database, log: SearchLog) -> None:
    for typed in ("Кібербезпека", "кібербезпека", "щось", "zzz"):
        log.asked(address(q=typed))
    log.write()
    found = {query: (row.asked, row.hits, row.outcome) for query, row in rows(database).items()}
    assert found == {
        "кібербезпека": (2, 40, "found"),
        "щось": (1, 0, "nothing"),
        "zzz": (1, 40, "left_out"),
    }
    assert {row.day for row in rows(database).values()} == {TODAY}


def test_a_search_that_goes_on_is_not_counted_again(database: Database, log: SearchLog) -> None:
    log.asked(address(q="python", sort="relevance", page="1"))
    for more in ({"page": "2"}, {"kind": "course"}, {"sort": "price"}, {"exact": "1"}, {"all": "city"}):
        log.asked(address(q="python", **more))
    log.asked(address(q=""))
    log.asked(address(q=" ?! "))
    log.write()
    assert {query: row.asked for query, row in rows(database).items()} == {"python": 1}


def test_the_place_of_a_choice_is_that_in_the_whole_list(database: Database, log: SearchLog) -> None:
    for number in (1, 3, 4, 10, 11):
        log.chosen(address(q="python"), f"/courses/c{number}")
    log.chosen(address(q="python", page="2"), "/courses/c1")
    log.chosen(address(q="python"), "/courses/from-elsewhere")
    log.chosen(address(q="python", city="Харків"), "/courses/c1")
    log.chosen(address(q="python", sort="price"), "/courses/c1")
    log.chosen(address(q="щось"), "/courses/c1")
    log.write()
    (row,) = rows(database).values()
    assert (row.asked, row.chosen_1_3, row.chosen_4_10, row.chosen_11) == (0, 2, 2, 2)
    assert (row.hits, row.outcome) == (40, "found")


def test_a_query_is_asked_once_in_a_batch_however_it_was_typed(database: Database) -> None:
    answers = Answers()
    log = SearchLog(database, answers, lambda: TODAY)
    for typed in ("Python", "python", "PYTHON"):
        log.asked(address(q=typed))
    log.write()
    assert len(answers.asked) == 1
    assert rows(database)["python"].asked == 3


digits = st.text("0123456789", min_size=1, max_size=4)
between = st.text(" -–().+/_,\u00a0\u200b", max_size=3)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.lists(st.tuples(digits, between), min_size=6, max_size=12).map(
    lambda parts: "".join(part for pair in parts for part in pair)
)
phones = st.builds(
    "{0}{1}{2}".format,
    st.sampled_from(["+38", "8", "тел. ", ""]),
    between,
    st.from_regex(r"\A\(?0[1-9]\d\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}\Z"),
)


@given(words, st.emails(), words)
def test_a_text_with_a_mail_address_is_never_counted(before: str, email: str, after: str) -> None:
    assert countable(f"{before}{email}{after}") is None
    assert countable(f"{before} {email.replace('@', '＠')} {after}") is None


@given(words, phones | numbers, words)
def test_a_text_with_a_long_number_is_never_counted(before: str, number: str, after: str) -> None:
    assert countable(f"{before} {number} {after}") is None


@given(st.lists(st.from_regex(r"\A[а-яa-z]{1,9}\Z"), min_size=9, max_size=30))
def test_a_text_of_more_than_eight_words_is_never_counted(many: list[str]) -> None:
    assert countable(" ".join(many)) is None
    assert countable(",".join(many)) is None


@given(st.text())
def test_what_is_counted_is_folded_short_and_without_long_numbers(typed: str) -> None:
    query = countable(typed)
    if query is not None:
        assert 0 < len(query) <= 100
        assert "@" not in query
        assert len(query.split()) <= 8
        assert countable(query) is not None


@pytest.mark.parametrize(
    "typed", ["F3", "121 Інженерія", "бюджет 2026", "C++", "комп’ютерні науки у Харкові"]
)
def test_ordinary_queries_are_counted(typed: str) -> None:
    assert countable(typed) is not None


def test_nothing_personal_reaches_the_database(database: Database, log: SearchLog) -> None:
    secrets = [
        "ivan@example.com",
        "067 123-45-67",
        "петренко іван іванович народився у харкові на салтівці у травні",
    ]
    for secret in secrets:
        log.asked(address(q=secret))
        log.chosen(address(q=secret), "/courses/c1")
    log.asked(address(q="python", city="Харків", utm="ivan@example.com"))
    log.asked(address(q="java", utm_source="ivan@example.com"))
    log.write()
    assert set(rows(database)) == {"java"}
    with database.read() as session:
        told = [column.name for column in SearchCount.__table__.columns]
        assert "ivan" not in str(session.execute(text("SELECT * FROM search_counts")).all())
    assert told == ["day", "query", "asked", "hits", "outcome", "chosen_1_3", "chosen_4_10", "chosen_11"]


def test_two_processes_add_up(database: Database, database_url: str) -> None:
    other = Database(database_url)
    logs = [SearchLog(one, Answers(), lambda: TODAY) for one in (database, other)]
    queries = [f"запит {letter}" for letter in "абвгдежзик"]

    def work(log: SearchLog, order: Sequence[str]) -> None:
        for _ in range(20):
            for query in order:
                log.asked(address(q=query))
            log.write()

    threads = [
        threading.Thread(target=work, args=(logs[0], queries)),
        threading.Thread(target=work, args=(logs[1], queries[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row.asked for row in rows(database).values()} == {40}
    assert len(rows(database)) == len(queries)
    other.dispose()


def test_threads_lose_no_count(database: Database, log: SearchLog) -> None:
    def work() -> None:
        for number in range(500):
            log.asked(address(q=f"запит {'абвгд'[number % 5]}"))
            log.chosen(address(q="запит а"), "/courses/c1")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        log.write()
    log.write()
    found = rows(database)
    assert sum(row.asked for row in found.values()) == 4000
    assert found["запит а"].chosen_1_3 == 4000


def test_the_thread_writes_what_waits_when_it_is_stopped(database: Database, log: SearchLog) -> None:
    log.start()
    log.asked(address(q="python"))
    log.stop()
    assert not log.is_alive()
    assert rows(database)["python"].asked == 1


def test_a_database_that_fails_costs_one_batch_and_tells_no_query(
    database: Database, log: SearchLog, caplog: pytest.LogCaptureFixture
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE search_counts RENAME TO away"))
    before = dropped()
    log.asked(address(q="таємниця"))
    log.asked(address(q="таємниця"))
    with caplog.at_level(logging.DEBUG, "applicant_portal"):
        log.write()
    assert dropped() == before + 2
    assert "таємниця" not in caplog.text
    assert caplog.records
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO search_counts"))
    log.asked(address(q="python"))
    log.write()
    assert set(rows(database)) == {"python"}


def test_memory_is_bounded_and_what_is_dropped_is_counted(log: SearchLog) -> None:
    before = dropped()
    for number in range(MOST_QUERIES + 10):
        log.asked(b"q=%d" % number)
    log.asked(b"q=1")  # also one that waits already: one rule, and nobody counts on the last second
    log.asked(b"q=" + b"a" * LONGEST_ADDRESS)
    log.chosen(b"q=1", "/courses/c1")
    assert len(log._asked) == MOST_QUERIES
    assert not log._chosen
    assert dropped() == before + 13


def keep(database: Database, day: date, *counts: QueryCounts, most: int = search_log.MOST_A_DAY) -> None:
    with database.write() as session:
        search_log.add(session, day, counts, most=most)


def test_a_day_that_is_full_takes_no_new_queries_but_counts_those_it_has(database: Database) -> None:
    keep(
        database, TODAY, QueryCounts("a", 1, "found", asked=1), QueryCounts("b", 1, "found", asked=1), most=2
    )
    keep(
        database,
        TODAY,
        QueryCounts("b", 9, "found", asked=2, chosen_11=1),
        QueryCounts("c", 1, "found"),
        most=2,
    )
    found = rows(database)
    assert set(found) == {"a", "b"}
    assert (found["b"].asked, found["b"].chosen_11) == (3, 1)


def days(database: Database) -> set[date]:
    with database.read() as session:
        return set(session.scalars(select(SearchCount.day)))


def test_days_are_forgotten_after_ninety_by_the_daily_tending_and_by_the_next_batch(
    database: Database,
) -> None:
    aged = [TODAY - timedelta(age) for age in (0, 89, 90, 400)]
    today = TODAY - timedelta(1)
    indexer = Indexer(database, SimpleNamespace(engine=SimpleNamespace(name="")), lambda: today)  # type: ignore[arg-type]
    today = TODAY
    for day in aged:
        keep(database, day, QueryCounts("python", 1, "found", asked=1))
    assert days(database) == set(aged)
    indexer._note_new_day()
    assert days(database) == set(aged[:2])
    keep(database, TODAY + timedelta(1), QueryCounts("python", 1, "found", asked=1))
    assert days(database) == {TODAY + timedelta(1), TODAY}


def test_a_rare_query_is_in_no_report(database: Database) -> None:
    for number in range(1, FEWEST):
        keep(
            database,
            TODAY - timedelta(number),
            QueryCounts("рідкісне", 0, "nothing", asked=1, chosen_1_3=9),
            QueryCounts("часте", 0, "nothing", asked=1),
        )
    keep(database, TODAY - timedelta(FEWEST), QueryCounts("часте", 3, "left_out", asked=1))
    with database.read() as session:
        report = search_log.report(session, TODAY - timedelta(29), 50)
        assert "рідкісне" not in str(report)
        assert report.rare == 1
        assert [(one.query, one.asked) for one in report.not_found] == [("часте", FEWEST)]
        assert search_log.report(session, TODAY - timedelta(FEWEST - 1), 50).most_asked == []


def test_the_report_says_what_was_not_found_not_chosen_and_asked_most(database: Database) -> None:
    keep(
        database,
        TODAY - timedelta(1),
        QueryCounts("знайдене згодом", 0, "nothing", asked=5),
        QueryCounts("без слова", 7, "left_out", asked=6),
        QueryCounts("обране", 7, "found", asked=10, chosen_1_3=1, chosen_4_10=1),
        QueryCounts("не обране", 7, "found", asked=10, chosen_1_3=1),
    )
    keep(
        database,
        TODAY,
        QueryCounts("знайдене згодом", 4, "found", asked=1, chosen_1_3=3),
        QueryCounts("немає", 0, "nothing", asked=9),
    )
    with database.read() as session:
        report = search_log.report(session, TODAY - timedelta(29), 50)
        assert len(search_log.report(session, TODAY - timedelta(29), 2).most_asked) == 2
    assert [one.query for one in report.not_found] == ["немає", "без слова"]
    assert [(one.query, one.not_chosen) for one in report.not_chosen] == [("не обране", 9)]
    assert [one.query for one in report.most_asked] == [
        "не обране", "обране", "немає", "без слова", "знайдене згодом"
    ]  # fmt: skip
    later = report.most_asked[-1]
    assert (later.asked, later.hits, later.outcome, later.chosen) == (6, 4, "found", 3)


class Notes:
    """What the layer tells the log."""

    def __init__(self) -> None:
        self.asked: Callable[[bytes], None] = lambda query: self.told.append(query)
        self.chosen: Callable[[bytes, str], None] = lambda query, path: self.told.append((query, path))
        self.told: list[object] = []


async def visit(path: str, query: bytes = b"", method: str = "GET", **headers: str) -> list[object]:
    """What is noted of one request."""
    notes, passed = Notes(), []

    async def app(scope: object, receive: object, send: object) -> None:
        passed.append(scope)

    layer = CountSearches(app, notes)  # type: ignore[arg-type]
    sent = {"host": "portal.example", **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": raw}
    await layer(scope, None, None)  # type: ignore[arg-type]
    assert passed == [scope]
    return notes.told


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_search_counts_when_a_person_sent_it() -> None:
    assert await visit("/search", b"q=python") == [b"q=python"]
    assert await visit("/en/search", b"q=python") == [b"q=python"]
    assert await visit("/search") == []
    assert await visit("/search", b"q=pyt", hx_request="true") == []
    assert await visit("/search", b"q=python", cache_control="max-age=0") == []
    assert await visit("/search", b"q=python", sec_purpose="prefetch") == []
    assert await visit("/search", b"q=python", method="HEAD") == []
    assert await visit("/api/v1/search", b"q=python") == []
    assert await visit("/universities", b"q=python") == []


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_choice_is_known_by_the_search_page_it_comes_from() -> None:
    here = "https://portal.example"
    for path in ("/courses/c1", "/en/courses/c1"):
        for search in ("/search", "/en/search"):
            told = await visit(path, referer=f"{here}{search}?q=python&page=2")
            assert told == [(b"q=python&page=2", "/courses/c1")]
    for elsewhere in (
        f"{here}/search",
        f"{here}/universities?q=python",
        "https://evil.example/search?q=python",
        f"https://evil.example/?{here}/search?q=python",
        f"{here}@evil.example/search?q=python",
        "",
    ):
        assert await visit("/courses/c1", referer=elsewhere) == []
    assert await visit("/courses/c1") == []


def test_counting_takes_no_time_that_a_search_would_feel(log: SearchLog) -> None:
    queries = [address(q=f"запит {number}") for number in range(1000)]

    def microseconds() -> float:
        began = time.perf_counter()
        for query in queries:
            log.asked(query)
        return (time.perf_counter() - began) * 1e6 / len(queries)

    assert min(microseconds() for _ in range(10)) < 20
