"""How soon an applicant finds what an officer saved: `python -m tests.benchmarks.edits`, on both engines.

The portal of `portal serve` with its default settings stands over the seeded catalogue. Applicants ask from a
process of their own (search pages, suggestions, listings, JSON in equal parts): once with a second to look at
each answer, which is faster than any person, and once without pause, the next question when the last is
answered, as thousands would. Meanwhile an officer saves a programme, by the API and by the screen in turn,
under a title with a word that was never there, and the applicant's search is asked until it finds that word.
Times are of one shared machine: the same without the applicants, and one bare request, stand beside them.
"""

import argparse
import http.client
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from statistics import median
from urllib.parse import quote

from tqdm import tqdm

from applicant_portal.catalogue import naming
from applicant_portal.kit.db import Database
from applicant_portal.settings import Settings
from tests.benchmarks import addresses, load
from tests.benchmarks.load import percentile
from tests.faults.portal import word
from tests.servers import LiveServer, Meilisearch
from tests.workspace import officer
from tests.workspace.officer import Officer

HEADING = "## From an edit to the search"
TARGET = 1.0
LONGEST = 30.0
LISTINGS = 20
PEOPLE, RUSH = 1.0, 0.0
"""Seconds that applicants look at an answer on average, before they ask the next question."""
KINDS = (addresses.PAGE, "suggest", "listing page", addresses.JSON)
ASK_EVERY = 0.005
WINDOW, LAST = 20.0, 3.0
"""Seconds that the applicants ask on end; in the last of them no edit begins, so that each ends before they
do."""
_words = count(500_000)


@dataclass(frozen=True, slots=True)
class Edit:
    """Seconds from when the saving request was sent: until it was answered, until the JSON search found the
    new word, until the search page showed it."""

    answered: float
    found: float
    shown: float


@dataclass
class Measured:
    """One engine with so many applicants, who look at each answer for `pause` seconds on average. `bare`:
    seconds of health checks in the same minutes; `failed`: answers to applicants other than 200."""

    engine: str
    applicants: int
    pause: float = 0.0
    edits: list[Edit] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    requests: int = 0
    failed: int = 0
    seconds: float = 0.0
    answered: list[tuple[float, float]] = field(default_factory=list)

    @property
    def crowd(self) -> str:
        """Who searches meanwhile, in words."""
        if not self.applicants:
            return "nobody"
        return f"{self.applicants}, {f'{self.pause:g} s between' if self.pause else 'without pause'}"


class Applicant:
    """Asks over one kept connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, address: str) -> str:
        self._connection.request("GET", address)
        return self._connection.getresponse().read().decode()

    def finds(self, listing_id: str, new: str) -> bool:
        """Whether the search finds the listing under the word, and not for a word like it."""
        hits = json.loads(self.get(f"/api/v1/search?q={quote(new)}"))["hits"]
        return any(hit["id"] == listing_id and new in hit["title"] for hit in hits)

    def sees(self, new: str) -> bool:
        """Whether the search page leads to the listing: its new address has the word in Latin letters."""
        return naming.slug(new) in self.get(f"/search?q={quote(new)}")


@dataclass(frozen=True)
class Office:
    """A served portal, its officer, and the programmes that are edited."""

    server: LiveServer
    here: Officer
    ids: Sequence[str]
    questions: Path

    def edit(self, number: int) -> Edit:
        """Save and look. Raises RuntimeError when it is not found within half a minute."""
        listing_id, new = self.ids[number % len(self.ids)], word(next(_words))
        title = f"Справа {new}"
        if number % 2:
            save = self.here.by_screen(listing_id, "about", title=title, summary_uk=f"Опис {number}.")
        else:
            price = {"price_uah": 50_000 + number}
            save = self.here.by_program(
                listing_id, f"edit-{naming.slug(new)}", title=title, offer=price, **price
            )
        applicant = Applicant(self.server.port)
        began = time.perf_counter()
        answer = self.here.send(save)
        answered = time.perf_counter() - began
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"the edit was answered {answer.status_code}: {answer.text[:500]}")
        found = self._seconds_until(lambda: applicant.finds(listing_id, new), began)
        return Edit(answered, found, self._seconds_until(lambda: applicant.sees(new), began))

    def _seconds_until(self, is_so: Callable[[], bool], began: float) -> float:
        while not is_so():
            if time.perf_counter() - began > LONGEST:
                end = self.server.log_end()
                raise RuntimeError(f"an edit was not found within {LONGEST:.0f} s; the portal said:\n{end}")
            time.sleep(ASK_EVERY)
        return time.perf_counter() - began

    def bare(self) -> float:
        """Seconds of a health check, over a connection of its own as the saving request has it."""
        began = time.perf_counter()
        Applicant(self.server.port).get("/healthz")
        return time.perf_counter() - began


def measure(office: Office, measured: Measured, edits: int, window: float = WINDOW) -> Measured:
    """So many edits while those search who are to search."""
    applicants = measured.applicants
    steps = tqdm(total=edits, desc=f"{measured.engine}, {measured.crowd}", leave=False, disable=None)

    def one() -> None:
        measured.bare.append(office.bare())
        measured.edits.append(office.edit(len(measured.edits)))
        steps.update()

    def beside(running: Callable[[], bool]) -> None:
        # The first answers are of a cold portal, and of applicants who are still coming.
        time.sleep(min(1.0, window / 4))
        until = time.perf_counter() + window - min(LAST, window / 2)
        while len(measured.edits) < edits and time.perf_counter() < until and running():
            one()

    while len(measured.edits) < edits:
        if not applicants:
            one()
            continue
        given = load.run(
            office.server.port,
            office.questions,
            applicants,
            window,
            first=measured.requests,
            pause=measured.pause,
            meanwhile=beside,
        )
        measured.requests += given.requests
        measured.failed += given.failed
        measured.seconds += given.seconds
        measured.answered.append((given.p50, given.p99))
    steps.close()
    return measured


def run(
    folder: Path,
    alone: int,
    applicants: int,
    crowds: Mapping[float, int],
    window: float = WINDOW,
) -> list[Measured]:
    """Both engines: so many edits without the applicants, and with them for each of `crowds` (pause -> number
    of edits)."""
    found = []
    with ExitStack() as parts:
        meilisearch = Meilisearch(folder / "meilisearch")
        parts.callback(meilisearch.kill)
        search = {"PORTAL_SEARCH_URL": meilisearch.url, "PORTAL_SEARCH_KEY": meilisearch.key}
        database = Database(Settings(data_dir=folder / "data").database_url)
        parts.callback(database.dispose)
        house, ids = 0, list[str]()
        for engine, environment in (("meilisearch", search), ("embedded", {})):
            with LiveServer(folder / "data", environment=environment) as server:
                if not ids:
                    house = officer.busiest(database)
                    ids = officer.publish(database, house, [f"Справа {n}" for n in range(LISTINGS)])
                    _write_questions(database, folder / "questions", ids)
                office = Office(server, Officer(server, database, house), ids, folder / "questions")
                for number in range(2):
                    office.edit(number)
                found.append(measure(office, Measured(engine, 0), alone))
                found += [
                    measure(office, Measured(engine, applicants, pause), edits, window)
                    for pause, edits in crowds.items()
                ]
    return found


def _write_questions(database: Database, file: Path, edited: Sequence[str]) -> None:
    """What the applicants ask: nothing of the edited programmes, whose addresses change."""
    today = datetime.now(UTC).date()
    sample = [one for one in addresses.documents(database, today) if one.id not in edited]
    ours, _ = addresses.lists(sample, 500)
    file.write_text("\n".join(chain.from_iterable(zip(*(ours[kind] for kind in KINDS), strict=True))) + "\n")


def table(found: Sequence[Measured]) -> str:
    """The figures as a table of Markdown, in milliseconds."""
    head = ("engine", "who searches", "edits", "what", "p50", "p99", "longest")
    rows = [head, ("---",) * len(head)]
    for one in found:
        times: Mapping[str, Sequence[float]] = {
            "sent → found": [edit.found for edit in one.edits],
            "sent → on the search page": [edit.shown for edit in one.edits],
            "answered → found": [edit.found - edit.answered for edit in one.edits],
            "sent → answered": [edit.answered for edit in one.edits],
            "a bare request": one.bare,
        }
        for what, seconds in times.items():
            figures = (median(seconds), percentile(seconds, 0.99), max(seconds))
            row = (one.engine, one.crowd, str(len(one.edits)), what)
            rows.append((*row, *(f"{1000 * value:,.0f}" for value in figures)))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    for one in found:
        if one.requests:
            rate = one.requests / one.seconds
            p50, p99 = (median(values) for values in zip(*one.answered, strict=True))
            lines.append(
                f"\n{one.engine}, {one.crowd}: {one.requests:,} answers to applicants, {rate:,.0f} a second, "
                f"p50 {p50:,.0f} ms, p99 {p99:,.0f} ms; {one.failed} were no 200."
            )
    return "\n".join(lines)


def verdict(found: Sequence[Measured]) -> str:
    """Whether the target is reached."""
    lines = []
    for one in found:
        if one.applicants:
            reached = percentile([edit.found for edit in one.edits], 0.99)
            said = "reached" if reached <= TARGET else "MISSED"
            lines.append(f"- {one.engine}, {one.crowd}: p99 ≤ {TARGET:.0f} s is {said} ({reached:.2f} s)")
    return "\n".join(lines)


def section(found: Sequence[Measured]) -> str:
    """The figures as a section of docs/BENCHMARKS.md."""
    return f"""{HEADING}

`python -m tests.benchmarks.edits`, {datetime.now(UTC):%Y-%m-%d}: the seeded catalogue, `portal serve` with
its default settings. Applicants ask from a process of their own, a quarter each for search pages,
suggestions, listings and JSON: with a second on average to look at each answer (faster than any person), and
without pause (the next question when the last is answered, as thousands of people would; {load.generator()}
asks). Meanwhile an officer saves a title with a word that was never there, two prices and a text, by the API
and by the screen in turn; the search for that word is asked every {1000 * ASK_EVERY:.0f} ms. Counted from
when the saving request is sent ("answered": from when its answer is there), in ms. Nobody searching, and a
bare request, are the floor.

{table(found)}

{verdict(found)}
"""


def put_section(page: str, text: str) -> str:
    """The page with this section in place of the one it had, or at its end."""
    before, heading, after = page.partition(HEADING)
    _, other, rest = after.partition("\n## ") if heading else ("", "", "")
    return f"{before.rstrip()}\n\n{text.rstrip()}\n{other}{rest}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=300, help="on each engine")
    parser.add_argument("--alone", type=int, default=100, help="edits without applicants, on each engine")
    parser.add_argument("--rush", type=int, default=100, help="edits while they ask without pause")
    parser.add_argument("--applicants", type=int, default=50)
    parser.add_argument("--quick", action="store_true", help="a look at whether it works: 20, 10, 10")
    parser.add_argument("--out", type=Path, help="put the section into this page too")
    given = parser.parse_args(arguments)
    edits, alone, rush = (20, 10, 10) if given.quick else (given.edits, given.alone, given.rush)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), alone, given.applicants, {PEOPLE: edits, RUSH: rush})
    text = section(found)
    print(text)
    if given.out:
        given.out.write_text(put_section(given.out.read_text(), text))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
