"""A file of listings is published and undone on screen, and a part is killed around that moment.

Afterwards all of its listings are in the state before or in the state after, on pages and in the search; and
what was not done can be asked for again.
"""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
from sqlalchemy import func, select
from tqdm import tqdm

from applicant_portal.catalogue.models import Listing, OutboxEntry
from applicant_portal.workspace import sheets
from applicant_portal.workspace.models import ListingChange, ListingFile
from tests.faults.portal import Portal, Tally, Victim, wait_for, word
from tests.faults.saves import send_and_kill
from tests.workspace import officer
from tests.workspace.officer import Officer

VICTIMS: tuple[Victim, ...] = ("web", "web", "web", "worker", "meilisearch")
THERE, NEW = 40, 20
ROWS = THERE + NEW
FIRST_WORD = 600_000
LONGEST_DELAY = 0.4
HEADINGS = ("id", "title", "degree", "speciality", "forms", "languages", "city", "summary_uk", "official_url",
            "offer.year", "offer.form", "offer.price_uah")  # fmt: skip
ENDS = {"publish": ("checked", "published"), "undo": ("published", "undone")}
"""Where a step begins, and where it leads to."""


@dataclass
class Desk:
    """The officer's listings: the word in the titles of those that were there before, and their ids."""

    portal: Portal
    here: Officer
    ids: Sequence[str]
    old: str

    def bring(self, new: str, number: int) -> str:
        """A file that gives every listing the new word, and makes some more with it; the path of its page."""
        shared = (
            "бакалавр",
            "F3",
            "денна",
            "українська",
            "Харків",
            f"Опис {number}.",
            "https://example.edu/p",
        )
        offer = ("2026", "денна", str(50_000 + number))
        rows = [(one, f"Справа {new} {n}", *shared, *offer) for n, one in enumerate(self.ids)]
        rows += [("", f"Нова {new} {n}", *shared, *offer) for n in range(NEW)]
        path = self.here.bring("listings.csv", sheets.as_csv(HEADINGS, rows))
        wait_for(lambda: self.state(path) == "checked", "the file is checked")
        return path

    def state(self, path: str) -> str:
        with self.portal.database.read() as session:
            return session.get_one(ListingFile, path.rpartition("/")[2]).state

    def settled(self, path: str, step: str) -> str:
        """Where the file ends up by itself, once the step that may be under way is done."""
        wait_for(lambda: self.state(path) in ENDS[step], f"the file is {ENDS[step]}")
        return self.state(path)

    def titled(self, new: str) -> tuple[int, int]:
        """Listings on the site with the new word in their title, and with the old, at one moment."""
        both = [func.count().filter(Listing.title.contains(word)) for word in (new, self.old)]
        with self.portal.database.read() as session:
            found = session.execute(select(*both).where(Listing.visibility == "published")).one()
        return found[0], found[1]


def run(portal: Portal, kills: int, seed: int, name: str, progress: bool = False) -> Tally:
    """Publish or undo, kill, start again and look, `kills` times.
    Raises AssertionError when a file is on the site in part."""
    chance = random.Random(seed)
    tally = Tally("files", name)
    house = officer.busiest(portal.database)
    old = word(FIRST_WORD)
    ids = officer.publish(portal.database, house, [f"Справа {old} {n}" for n in range(THERE)])
    desk = Desk(portal, Officer(portal.web, portal.database, house), ids, old)
    usual = _usual_seconds(desk)
    steps = tqdm(total=kills, desc=f"files, {name}", disable=not progress)
    for number in range(1, kills // 2 + 1):
        new = word(FIRST_WORD + number)
        path = desk.bring(new, number)
        for step in ENDS:
            victim = chance.choice(VICTIMS)
            longest = 1.3 * usual[step] if victim == "web" else LONGEST_DELAY
            _step(desk, path, step, new, victim, chance.uniform(0, longest), tally)
            steps.update()
    steps.close()
    portal.everything_is_there({})
    return tally


def _usual_seconds(desk: Desk) -> Mapping[str, float]:
    """How long each step takes when nobody dies."""
    path, times = desk.bring(word(FIRST_WORD + 900_000), 0), {}
    for step, (_, end) in ENDS.items():
        began = time.monotonic()
        assert desk.here.send(desk.here.by_button(path, step)).status_code == 303
        wait_for(lambda end=end: desk.state(path) == end, f"the file is {end}")  # type: ignore[misc]
        times[step] = time.monotonic() - began
    return times


def _step(desk: Desk, path: str, step: str, new: str, victim: Victim, delay: float, tally: Tally) -> None:
    """Ask for a step, kill, and see that it is done or not begun; in the end it is done."""
    portal, (start, end) = desk.portal, ENDS[step]
    # How many listings have the new word then, and how many the old one.
    standing = {"checked": (0, THERE), "undone": (0, THERE), "published": (ROWS, 0)}
    button = desk.here.by_button(path, step)
    answer = send_and_kill(portal, desk.here, button, victim, delay)
    # A step is one transaction, so nobody ever sees a part of it, not even before anything has been mended.
    assert desk.titled(new) in standing.values()
    portal.start(victim)
    tally.kills[victim] += 1
    state = desk.settled(path, step)
    if answer is not None:
        # Asked for is asked for: if the step was not done, it is done now.
        assert answer.status_code == 303, answer.text
        state = _wait_for_end(desk, path, end)
    tally.found["new" if state == end else "old"] += 1
    _is_whole(desk, path, state, new, standing[state])
    if state == start:
        assert desk.here.send(desk.here.by_button(path, step)).status_code == 303
        _is_whole(desk, path, _wait_for_end(desk, path, end), new, standing[end])
    words = dict(zip((new, desk.old), standing[end], strict=True))
    seconds, engine = portal.wait_until_found(words, may_be=(0, THERE, ROWS))
    tally.found_after.append(seconds)
    tally.answered_by[engine] += 1


def _wait_for_end(desk: Desk, path: str, end: str) -> str:
    wait_for(lambda: desk.state(path) == end, f"the file is {end}")
    return end


def _is_whole(desk: Desk, path: str, state: str, new: str, there: tuple[int, int]) -> None:
    """The site, history and log say the same of all its listings."""
    portal = desk.portal
    assert desk.titled(new) == there
    with portal.database.read() as session:
        batch = session.get_one(ListingFile, path.rpartition("/")[2]).batch
        rows = session.execute(
            select(ListingChange.listing_id, ListingChange.undone_by).where(ListingChange.batch == batch)
        ).all()
        if state == "checked":
            assert batch is None
        else:
            assert batch is not None
            assert len({row.listing_id for row in rows}) == ROWS
            assert {row.undone_by is None for row in rows} == {state == "published"}
        if rows:
            newest = session.scalars(
                select(OutboxEntry.listing_id).order_by(OutboxEntry.position.desc()).limit(ROWS)
            ).all()
            assert set(newest) == {row.listing_id for row in rows}
        pages = session.scalars(
            select(Listing).where(Listing.title.contains(new if there[0] else desk.old)).limit(5)
        ).all()
    with httpx.Client(base_url=portal.web.url, timeout=60) as client:
        for listing in pages:
            wait_for(
                lambda one=listing: one.title in client.get(one.path).text,  # type: ignore[misc]
                "the public sees it",
            )
