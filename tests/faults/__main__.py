"""`python -m tests.faults --kills 200`: every scenario on both databases, and a report."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.faults import edits, files, saves
from tests.faults.portal import Tally, portal_on
from tests.faults.report import report

SCENARIOS: Mapping[str, Callable[..., Tally]] = {
    "edits": edits.run,
    "saves": saves.run,
    "files": files.run,
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Kill parts of the portal while it changes.")
    parser.add_argument("--kills", type=int, default=200, help="of each scenario on each database")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--only", choices=SCENARIOS, help="one scenario")
    parser.add_argument("--out", type=Path, help="write the report here too")
    given = parser.parse_args(arguments)
    tallies = []
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, portal_on(kind, Path(folder) / kind) as portal:
            for name, run in SCENARIOS.items():
                if given.only in (None, name):
                    tallies.append(run(portal, given.kills, given.seed, kind, progress=True))
    text = report(tallies, given.seed)
    print(text)
    if given.out:
        given.out.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
