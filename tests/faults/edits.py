"""An edit is committed by a process that lives on; a part is killed between that and its indexing."""

import random
import time
from datetime import UTC, datetime

from sqlalchemy import select
from tqdm import tqdm

from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.models import Listing
from applicant_portal.kit.db import Database
from tests.faults.portal import VICTIMS, Portal, Tally, word

LONGEST_DELAY = 0.25  # seconds between an edit and the kill; an edit takes about 0.1 s to be indexed


def run(portal: Portal, kills: int, seed: int, name: str, progress: bool = False) -> Tally:
    """Edit, kill, start again and look, `kills` times.
    Raises AssertionError when an edit is lost or shown twice."""
    chance = random.Random(seed)
    tally = Tally("edits", name)
    with portal.database.read() as session:
        ids = list(session.scalars(select(Listing.id).where(Listing.kind == "course").order_by(Listing.id)))
    titles: dict[str, str] = {}
    for number in tqdm(range(kills), desc=f"edits, {name}", disable=not progress):
        listing_id, new = chance.choice(ids), word(number)
        victim = chance.choice(VICTIMS)
        before = titles.get(listing_id)
        edit(portal.database, listing_id, new)
        titles[listing_id] = new
        time.sleep(chance.uniform(0, LONGEST_DELAY))
        portal.kill(victim)
        portal.start(victim)
        tally.kills[victim] += 1
        seconds, engine = portal.wait_until_found({new: 1})
        tally.found["new"] += 1
        tally.found_after.append(seconds)
        tally.answered_by[engine] += 1
        if before is not None:
            assert portal.search(before)[0] == 0, f"edit {number}: the title before is still found"
    portal.everything_is_there(titles)
    return tally


def edit(database: Database, listing_id: str, title: str) -> None:
    with database.write() as session:
        listing = session.get_one(Listing, listing_id)
        listing.title = title
        outbox.publish(session, [listing_id], datetime.now(UTC))
