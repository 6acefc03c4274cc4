"""The result of the kills as a page of documentation."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from statistics import median

from tests.faults import edits, files, portal
from tests.faults.portal import Tally

HEAD = """# Soak

`make soak` kills Meilisearch, the worker or a web process (SIGKILL) at random moments, starts it again and
looks: over HTTP as an applicant and as an officer, and into the database. At the end of each part both
indexes are compared with the catalogue, listing by listing. What is lost, halved or shown twice ends it with
an error, so this page is written only when there was nothing of the kind.
"""

ABOUT: Mapping[str, str] = {
    "edits": f"""## Between an edit and its indexing

An edit is committed by another process; up to {edits.LONGEST_DELAY} s later a part is killed. The edit is
found once.
""",
    "saves": """## Around a save

An officer saves three to six fields over HTTP, by the API (with a key of idempotency) or by the screen and
its review. Up to a third longer than a save takes the web process is killed, or a little later another part.
Then workspace, API, the public page, history, log and search agree: all is as before, or all is saved. What
was answered is saved. A program sends the same again, whatever has become of it, and it is done once.
""",
    "files": f"""## Around the publishing of a file

An officer uploads {files.ROWS} lines ({files.THERE} change listings, {files.NEW} make new ones), publishes
them and undoes that, on screen. Up to a third longer than the step takes the web process that does it is
killed, or another part. At once, and after the start, all listings are as before or all as after, and so are
pages, history, log and search; the search never shows a part. A step that was not done is asked for again,
and done.
""",
}


def report(tallies: Sequence[Tally], seed: int) -> str:
    parts = [HEAD, f"Seed {seed}, {datetime.now(UTC):%Y-%m-%d}.\n"]
    for scenario, about in ABOUT.items():
        own = [tally for tally in tallies if tally.scenario == scenario]
        if own:
            parts.append(f"{about}\n{_table(own)}\n")
    return "\n".join(parts)


def _table(tallies: Sequence[Tally]) -> str:
    rows: list[tuple[str, Callable[[Tally], object]]] = [("kills", lambda tally: tally.kills.total())]
    rows += [(f"of {one}", lambda tally, one=one: tally.kills[one]) for one in portal.VICTIMS]  # type: ignore[misc]
    rows += [
        ("lost, halved or shown twice", lambda _: 0),
        ("found as before", lambda tally: tally.found["old"]),
        ("found changed", lambda tally: tally.found["new"]),
        ("found after the start, s: median", lambda tally: f"{median(tally.found_after):.2f}"),
        ("found after the start, s: longest", lambda tally: f"{max(tally.found_after):.2f}"),
        ("answered by Meilisearch", lambda tally: tally.answered_by["meilisearch"]),
        ("answered by the embedded engine", lambda tally: tally.answered_by["embedded"]),
    ]
    table = [
        ["", *(tally.database for tally in tallies)],
        ["---"] * (len(tallies) + 1),
        *([words, *(str(value(tally)) for tally in tallies)] for words, value in rows),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in table)
