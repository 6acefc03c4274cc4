"""An officer saves several fields at once over HTTP, and a part is killed around that moment.

Afterwards pages, API, history, log and search agree on the state before or on the state after; what was
answered as saved is saved; and a program that had no answer sends the same again and changes once.
"""

import random
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any, Literal

import httpx
from sqlalchemy import func, select
from tqdm import tqdm

from applicant_portal.catalogue.models import OutboxEntry
from applicant_portal.kit import typography
from applicant_portal.kit.db import Database
from applicant_portal.workspace.models import ListingChange
from tests.faults.portal import Portal, Tally, Victim, wait_for, word
from tests.workspace import officer
from tests.workspace.made_up import shown
from tests.workspace.officer import Json, Officer, Save

# The web process is where a save can be halved; of the other two it only has to come through.
VICTIMS: tuple[Victim, ...] = ("web", "web", "web", "worker", "meilisearch")
LISTINGS = 6
FIRST_WORD = 300_000
LONGEST_DELAY = 0.25
State = Literal["old", "new"]


@dataclass(frozen=True, slots=True)
class Before:
    """A listing as it stood, and where history and log ended."""

    shown: Json
    history: int
    log: int

    @classmethod
    def of(cls, database: Database, listing_id: str) -> "Before":
        with database.read() as session:
            history = session.scalar(select(func.max(ListingChange.id))) or 0
            log = session.scalar(select(func.max(OutboxEntry.position))) or 0
        return cls(shown(database, listing_id), history, log)


def run(portal: Portal, kills: int, seed: int, name: str, progress: bool = False) -> Tally:
    """Save, kill, start again and look, `kills` times.
    Raises AssertionError when a save is lost, halved or done twice."""
    chance = random.Random(seed)
    tally = Tally("saves", name)
    house = officer.busiest(portal.database)
    here = Officer(portal.web, portal.database, house)
    words = [word(FIRST_WORD + number) for number in range(LISTINGS)]
    ids = officer.publish(portal.database, house, [_title(one) for one in words])
    known = dict(zip(ids, words, strict=True))
    usual = _usual_seconds(portal, here, known)
    for number in tqdm(range(kills), desc=f"saves, {name}", disable=not progress):
        listing_id, victim = chance.choice(ids), chance.choice(VICTIMS)
        new, by_program = word(FIRST_WORD + 1000 + number), chance.random() < 0.5
        wanted = _wanted(new, number, by_program=by_program)
        before = Before.of(portal.database, listing_id)
        save = _prepared(here, listing_id, wanted, f"save-{number}", by_program=by_program)
        longest = 1.3 * usual[by_program] if victim == "web" else LONGEST_DELAY
        answer = send_and_kill(portal, here, save, victim, chance.uniform(0, longest))
        portal.start(victim)
        tally.kills[victim] += 1
        assert victim == "web" or answer is not None, f"save {number}: no answer, but {victim} was killed"
        state = _state(portal, here, listing_id, before, wanted)
        tally.found[state] += 1
        if answer is not None:
            assert answer.status_code in (200, 303), answer.text
            assert state == "new", f"save {number}: answered, and lost"
        if by_program:
            again = here.send(save)
            assert again.status_code == 200, again.text
            state = _state(portal, here, listing_id, before, wanted)
            assert state == "new", f"save {number}: sent again, and not done"
        now, other = (new, known[listing_id]) if state == "new" else (known[listing_id], new)
        seconds, engine = portal.wait_until_found({now: 1, other: 0})
        tally.found_after.append(seconds)
        tally.answered_by[engine] += 1
        known[listing_id] = now
    portal.everything_is_there(known)
    return tally


def _title(new: str) -> str:
    return f"Справа {new}"


def _wanted(new: str, number: int, *, by_program: bool) -> Json:
    """Several fields, each of which tells which save it came with: of a screen, or of the whole listing."""
    wanted: Json = {"title": _title(new), "title_en": f"Affair {number}", "summary_uk": f"Опис {number}."}
    if by_program:
        wanted["price_uah"] = 50_000 + number % 90_000
        wanted["offer"] = {"price_uah": 70_000 + number % 90_000, "contract_places": 2 + number % 90_000}
    return wanted


def _prepared(here: Officer, listing_id: str, wanted: Json, key: str, *, by_program: bool) -> Save:
    if by_program:
        return here.by_program(listing_id, key, **wanted)
    return here.by_screen(listing_id, "about", **wanted)


def _usual_seconds(portal: Portal, here: Officer, known: Mapping[str, str]) -> dict[bool, float]:
    """How long a save takes when nobody dies, by program and by screen."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(10):
        by_program = number % 2 == 0
        listing_id = list(known)[number % len(known)]
        wanted = _wanted(known[listing_id], 900_000 + number, by_program=by_program)
        save = _prepared(here, listing_id, wanted, f"usual-{number}", by_program=by_program)
        began = time.monotonic()
        answer = here.send(save)
        assert answer.status_code in (200, 303), answer.text
        times[by_program].append(time.monotonic() - began)
    portal.wait_until_found(dict.fromkeys(known.values(), 1))
    return {by_program: median(seconds) for by_program, seconds in times.items()}


def send_and_kill(
    portal: Portal, here: Officer, save: Save, victim: Victim, delay: float
) -> httpx.Response | None:
    """The answer, or None when the connection broke before it came."""

    def send() -> httpx.Response | None:
        try:
            return here.send(save)
        except httpx.TransportError:
            return None

    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(send)
        time.sleep(delay)
        portal.kill(victim)
        return sent.result()


def _state(portal: Portal, here: Officer, listing_id: str, before: Before, wanted: Json) -> State:
    """Which state the listing is in, whole. Raises AssertionError when it is halved."""
    now = shown(portal.database, listing_id)
    assert here.read(listing_id)[0] == now
    with portal.database.read() as session:
        rows = session.scalars(
            select(ListingChange).where(
                ListingChange.listing_id == listing_id, ListingChange.id > before.history
            )
        ).all()
        entries = session.scalars(
            select(OutboxEntry.listing_id).where(OutboxEntry.position > before.log)
        ).all()
    told = [(row.field, row.after) for row in rows if row.field in wanted or row.part.startswith("offer:")]
    told = [(name, after) for name, after in told if name != "stamps"]
    if now == before.shown:
        assert (rows, entries) == ([], []), "nothing has changed, and yet it is told"
        state: State = "old"
    else:
        _is_new(now, before.shown, wanted)
        assert entries == [listing_id]
        assert len({row.batch for row in rows}) == 1
        offer = wanted.get("offer", {})
        both = {name: value for name, value in wanted.items() if name != "offer"}
        assert sorted(map(str, told)) == sorted(map(str, [*both.items(), *offer.items()]))
        state = "new"
    wait_for(lambda: _public_agrees(portal, now), f"the public sees the {state} state, whole")
    return state


def _is_new(now: Json, before: Json, wanted: Json) -> None:
    """It differs in what was wanted, and in nothing else; the institution's word stands behind that."""
    offers = [one | wanted.get("offer", {}) for one in before["offers"]]
    fields = before["fields"] | {name: value for name, value in wanted.items() if name != "offer"}
    assert (now["fields"], now["offers"]) == (fields, offers)
    names = {name for name in wanted if name != "offer"}
    names |= {f"offers.{now['offers'][0]['id']}.{name}" for name in wanted.get("offer", {})}
    today = datetime.now(UTC).date().isoformat()
    assert {(now["confirmed"][name]["origin"], now["confirmed"][name]["as_of"]) for name in names} == {
        ("institution", today)
    }


def _public_agrees(portal: Portal, now: Json) -> bool:
    """Page and API say all of what the listing says now."""
    with httpx.Client(base_url=portal.web.url, timeout=60) as client:
        facts: dict[str, Any] = client.get(f"/api/v1/listings/{now['id']}").json()
        page = client.get(now["url"])
    fields, offer = now["fields"], now["offers"][0]
    return (
        page.status_code == 200
        and all(
            one in page.text
            for one in (fields["title"], fields["summary_uk"], typography.money(offer["price_uah"], "uk"))
        )
        and facts["url"] == now["url"]
        and [facts["title"], facts["title_en"], facts["summary"]["uk"], facts["price_uah"]]
        == [fields[name] for name in ("title", "title_en", "summary_uk", "price_uah")]
        and [facts["offers"][0][name] for name in ("price_uah", "contract_places")]
        == [offer[name] for name in ("price_uah", "contract_places")]
    )
