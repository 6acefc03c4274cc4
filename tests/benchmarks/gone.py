"""How long a kept page outlives an edit of what it shows."""

import time
from urllib.parse import urlencode

from sqlalchemy import select

from applicant_portal.catalogue.models import Listing
from applicant_portal.kit.db import Database
from tests.benchmarks.contenders import Server
from tests.faults.edits import edit
from tests.faults.portal import word

EDITS = 10
LONGEST = 30.0


def after_edits(database: Database, server: Server, edits: int = EDITS) -> list[float]:
    """Seconds from the commit of each edit until a page that was asked before shows it.
    Raises RuntimeError when one does not within half a minute."""
    with database.read() as session:
        ids = session.scalars(select(Listing.id).order_by(Listing.id).limit(edits)).all()
    times = []
    for number, listing_id in enumerate(ids):
        first, second = word(2 * number), word(2 * number + 1)
        edit(database, listing_id, first)
        page = f"/search?{urlencode({'q': first, 'exact': '1'})}"
        # The page shows the word of its question too: only the listing's path tells that it was found.
        path = _path(database, listing_id)
        _wait(server, page, path)
        server.get(page)
        edit(database, listing_id, f"{first} {second}")
        times.append(_wait(server, page, second))
    return times


def _path(database: Database, listing_id: str) -> str:
    with database.read() as session:
        return session.get_one(Listing, listing_id).path


def _wait(server: Server, page: str, until: str) -> float:
    began = time.perf_counter()
    while time.perf_counter() - began < LONGEST:
        if until in server.get(page).body.decode():
            return time.perf_counter() - began
        time.sleep(0.005)
    raise RuntimeError(f"{page} does not show {until} within {LONGEST:.0f} s")
