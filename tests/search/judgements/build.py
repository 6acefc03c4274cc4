"""Writes the three jsonl files of judgements from the topics and queries beside it, and checks them.

`python -m tests.search.judgements.build` writes; with `--check` it only says what is wrong or out of date
(exit code 1). Nothing here asks the search: what is relevant follows from the facts of the seeded catalogue.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from search.text import fold
from tests.search.judgements import development, measured, unseen
from tests.search.judgements.items import Item, Topic, load

FOLDER = Path(__file__).parent
HALVES = {"development": development.QUERIES, "measured": measured.QUERIES}
SETS = HALVES | {"unseen": unseen.QUERIES}
GROUPS = (
    "exact", "inflected", "typo", "layout", "transliteration", "prefix", "russian", "english",
    "abbreviation", "apostrophe", "code", "city", "intent", "mixed", "professions", "questions",
)  # fmt: skip
FEWEST, MOST = 18, 30
FEWEST_UNSEEN = 9
LONGEST = 80


def lines(queries: dict[str, list[tuple[str, Topic]]], items: Sequence[Item]) -> list[str]:
    """The jsonl lines of one set, in the order of its file."""
    made = []
    for group, asked in queries.items():
        for query, topic in asked:
            row = {"query": query, "group": group, "relevant": relevant(topic, items)}
            made.append(json.dumps(row, ensure_ascii=False))
    return made


def relevant(topic: Topic, items: Sequence[Item]) -> list[dict[str, str | None]]:
    """The listings of a topic; several levels of one programme at one institution are one answer."""
    found: list[dict[str, str | None]] = []
    for item in items:
        if topic.holds(item):
            answer = {"kind": item.kind, "title": item.title, "edebo_id": item.edebo_id}
            if answer not in found:
                found.append(answer)
    return found


def faults(items: Sequence[Item]) -> list[str]:
    """What is wrong with the judgements, a sentence each."""
    wrong = []
    seen: dict[str, str] = {}
    once: set[tuple[str, str]] = set()
    for half, queries in SETS.items():
        if set(queries) != set(GROUPS):
            wrong.append(f"{half}: other groups than {', '.join(GROUPS)}")
        for asked in queries.values():
            for query, topic in asked:
                # Folded across the sets: queries that differ in case or apostrophes alone are one question.
                if seen.setdefault(fold(query), half) != half:
                    wrong.append(f"«{query}» stands in {seen[fold(query)]} and in {half}")
                if (half, query) in once:
                    wrong.append(f"{half}: «{query}» stands there twice")
                once.add((half, query))
                if not relevant(topic, items):
                    wrong.append(f"{half}: nothing is relevant to «{query}»")
    halves = [{group: len(asked) for group, asked in queries.items()} for queries in HALVES.values()]
    counted = {group: sum(half.get(group, 0) for half in halves) for group in GROUPS}
    wrong += [
        f"{group}: {number} queries" for group, number in counted.items() if not FEWEST <= number <= MOST
    ]
    wrong += [
        f"unseen: {group}: {len(asked)} queries"
        for group, asked in unseen.QUERIES.items()
        if len(asked) < FEWEST_UNSEEN
    ]
    wrong += [
        f"{group}: the halves differ" for group in GROUPS if len({half.get(group) for half in halves}) > 1
    ]
    return wrong


def long_lists(items: Sequence[Item]) -> list[str]:
    """Queries with more right answers than a person would go through; broad ones cannot avoid it."""
    return [
        f"{half}: «{query}» has {number}"
        for half, queries in SETS.items()
        for asked in queries.values()
        for query, topic in asked
        if (number := len(relevant(topic, items))) > LONGEST
    ]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    given = parser.parse_args(arguments)
    items = load()
    wrong = faults(items)
    for half, queries in SETS.items():
        path = FOLDER / f"{half}.jsonl"
        text = "\n".join(lines(queries, items)) + "\n"
        if not given.check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            wrong.append(f"{path.name} is out of date: run this without --check")
    for sentence in wrong:
        print(sentence)
    for sentence in long_lists(items):
        print(f"note: {sentence}")
    print({half: sum(map(len, queries.values())) for half, queries in SETS.items()})
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
