"""Officers who save at the same time, each over the version they have seen: whatever came between, it reads
as if they had come one after the other, on SQLite and on PostgreSQL."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, groupby
from pathlib import Path
from threading import Barrier
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from applicant_portal import migrations
from applicant_portal.catalogue import outbox
from applicant_portal.catalogue.models import OutboxEntry
from applicant_portal.kit.db import Database
from applicant_portal.workspace import parts, representation, service
from applicant_portal.workspace.models import ListingChange
from applicant_portal.workspace.policy import By
from applicant_portal.workspace.refusals import SameProgramme
from tests.workspace.made_up import NOW, OWN, STAFF, fill, read_register, shown

EXAMPLES = 10
LISTINGS = 2
TRIES = 200
Json = dict[str, Any]

# Few values, so that two officers want the same, or what stands there already; and names that two programmes
# cannot both have.
_FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["Перша", "Друга", "Третя"]),
    "title_en": st.sampled_from(["One", "Two", None]),
    "faculty": st.sampled_from(["Старий факультет", "Новий факультет", None]),
    "summary_uk": st.text("абв ", min_size=1, max_size=5).map(lambda text: f"а{text}б"),
    "price_uah": st.integers(40000, 40003),
    "price_year": st.sampled_from([2025, 2026]),
    "city": st.sampled_from(["Харків", "Київ"]),
    "speciality": st.sampled_from(["F3", "F2"]),
    "languages": st.sampled_from([["uk"], ["uk", "en"]]),
}


@dataclass(frozen=True)
class Save:
    """What an officer wants of a listing. `whole`: sent with all that was seen, as a program does; else
    alone, as a screen does."""

    listing: int
    fields: Mapping[str, Any]
    offer: Mapping[str, Any]
    new_offer: int | None
    skills: Sequence[str] | None
    professions: Sequence[str] | None
    whole: bool

    def asked(self, seen: Json, name: str) -> Json:
        """The request over a version; titles are those of one example."""
        fields = dict(self.fields)
        if "title" in fields:
            fields["title"] = f"{fields['title']} {name}"
        asked: Json = {"fields": seen["fields"] | fields if self.whole else fields}
        if self.offer or self.new_offer:
            oldest = seen["offers"][-1]["id"]
            asked["offers"] = [one | self.offer if one["id"] == oldest else one for one in seen["offers"]] + [
                {"year": self.new_offer}
            ] * bool(self.new_offer)
        if self.skills is not None:
            asked["skills"] = list(self.skills)
        if self.professions is not None:
            # Those that follow from the speciality stay.
            asked["professions"] = sorted({*seen["professions"], *self.professions})
        return seen | asked if self.whole else asked


def _lists(*keys: str) -> st.SearchStrategy[list[str] | None]:
    return st.none() | st.lists(st.sampled_from(keys), unique=True)


SAVES = st.builds(
    Save,
    listing=st.integers(0, LISTINGS - 1),
    fields=st.fixed_dictionaries({}, optional=dict(_FIELDS)),
    offer=st.fixed_dictionaries(
        {}, optional={"price_uah": st.integers(40000, 40002), "contract_places": st.integers(1, 3)}
    ),
    new_offer=st.none() | st.sampled_from([2027, 2028]),
    skills=_lists("python", "networks", "testing"),
    professions=_lists("analyst", "designer"),
    whole=st.booleans(),
)
OFFICERS = st.lists(st.lists(SAVES, min_size=1, max_size=3), min_size=2, max_size=4)


@dataclass(frozen=True)
class Done:
    """A save that was taken: by whom, when, and what it was told."""

    save: Save
    by: By
    at: int
    changed: service.Changed


@dataclass
class Office:
    """Two programmes of one example in a database, and its officers."""

    database: Database
    name: str
    ids: Sequence[str]
    log: int

    @classmethod
    def open(cls, database: Database, name: str) -> "Office":
        with database.write() as session:
            ids = [read_register(session, f"Стара {n} {name}", f"{n}{name}") for n in range(LISTINGS)]
            outbox.publish(session, ids, NOW)
        with database.read() as session:
            return cls(database, name, ids, outbox.mark(session))

    def save(self, save: Save, by: By, at: int, refused: Counter[str]) -> Done | None:
        """As the screen and the API do it: over the version that was seen, or not at all; then look again.
        None when the catalogue will not have it."""
        for _ in range(TRIES):
            seen = shown(self.database, self.ids[save.listing], by)
            try:
                changed = self.over(seen, save, by, at)
            except SameProgramme:
                refused["same"] += 1
                return None
            if changed is not None:
                return Done(save, by, at, changed)
            refused["stale"] += 1
        raise AssertionError("others were always first")

    def over(self, seen: Json, save: Save, by: By, at: int) -> service.Changed | None:
        """What was changed; None when it is another version by now."""
        with self.database.write() as session:
            listing = service.find(session, by, seen["id"], to_change=True)
            assert listing is not None
            if representation.etag(representation.shown(listing)) != representation.etag(seen):
                return None
            asked = save.asked(seen, self.name)
            return service.change(session, by, listing, asked, NOW + timedelta(days=at))

    def states(self) -> list[Json]:
        """The listings as they are now; offers bear their place instead of a number of their own."""
        return [_plain(shown(self.database, one)) for one in self.ids]


def _plain(listing: Json) -> Json:
    places = {str(offer["id"]): place for place, offer in enumerate(listing["offers"])}
    confirmed = {_placed(name, places): stamp for name, stamp in listing["confirmed"].items()}
    offers = [offer | {"id": places[str(offer["id"])]} for offer in listing["offers"]]
    return listing | {"offers": offers, "confirmed": confirmed}


def _placed(name: str, places: Mapping[str, int]) -> str:
    group, _, rest = name.partition(".")
    number, _, field = rest.partition(".")
    return f"offers.{places[number]}.{field}" if group == "offers" else name


def test_it_reads_as_if_they_had_come_one_after_the_other(empty_catalogue: Database, tmp_path: Path) -> None:
    alone = Database(f"sqlite:///{tmp_path / 'one-after-the-other.sqlite3'}")
    migrations.upgrade(alone.engine)
    for one in (empty_catalogue, alone):
        fill(one)
    numbers, refused = count(1), Counter[str]()

    # What threads do is not the same twice, so there is no smaller example to look for.
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(OFFICERS)
    def check(officers: list[list[Save]]) -> None:
        name = f"{next(numbers)}"
        together = Office.open(empty_catalogue, name)
        done = _at_once(together, officers, refused)
        in_turn = _in_order(together, [one for one in done if one.changed.batch])
        _history_tells_each_once(together, in_turn)
        again = Office.open(alone, name)
        for one in in_turn:
            seen = shown(alone, again.ids[one.save.listing], one.by)
            repeated = again.over(seen, one.save, one.by, one.at)
            assert repeated is not None
            assert len(repeated.fields) == len(one.changed.fields)
        assert together.states() == again.states()

    check()
    alone.dispose()
    assert refused["stale"], "nobody ever met another"


def _at_once(office: Office, officers: Sequence[Sequence[Save]], refused: Counter[str]) -> list[Done]:
    """All officers, each with one save after the other. Every save has a day of its own, so that a stamp
    tells whose it is."""
    start = Barrier(len(officers))

    def work(number: int) -> list[Done | None]:
        by = By(f"person:{number}", frozenset({OWN}))
        start.wait(timeout=60)
        return [
            office.save(save, by, 10 * number + place, refused)
            for place, save in enumerate(officers[number], start=1)
        ]

    with ThreadPoolExecutor(len(officers)) as pool:
        found = list(pool.map(work, range(len(officers))))
    return [one for own in found for one in own if one is not None]


def _in_order(office: Office, done: Sequence[Done]) -> list[Done]:
    """The saves in the order in which they became known: the log holds each once, and so does the history."""
    by_batch = {one.changed.batch: one for one in done}
    with office.database.read() as session:
        entries = session.scalars(
            select(OutboxEntry.listing_id)
            .where(OutboxEntry.position > office.log)
            .order_by(OutboxEntry.position)
        ).all()
        rows = session.execute(
            select(ListingChange.listing_id, ListingChange.batch)
            .where(ListingChange.listing_id.in_(office.ids))
            .order_by(ListingChange.id)
        ).all()
    # One batch ends before the next of the same listing begins.
    batches = {
        listing_id: iter([batch for batch, _ in groupby(row[1] for row in rows if row[0] == listing_id)])
        for listing_id in office.ids
    }
    in_turn = [by_batch[next(batches[listing_id])] for listing_id in entries]
    assert len(in_turn) == len(done)
    assert [list(left) for left in batches.values()] == [[]] * LISTINGS
    return in_turn


def _history_tells_each_once(office: Office, in_turn: Sequence[Done]) -> None:
    """Every row follows from the one before it, up to what stands there now, under the name of who saved."""
    actors = {one.changed.batch: (one.by.actor, NOW + timedelta(days=one.at)) for one in in_turn}
    with office.database.read() as session:
        for listing_id in office.ids:
            listing = service.find(session, STAFF, listing_id)
            rows = session.scalars(
                select(ListingChange).where(ListingChange.listing_id == listing_id).order_by(ListingChange.id)
            ).all()
            assert listing is not None
            assert all(actors[row.batch] == (row.actor, row.at) for row in rows)
            assert max(Counter((row.batch, row.part, row.field) for row in rows).values(), default=1) == 1
            said: dict[tuple[str, str], Any] = {}
            for row in rows:
                if row.field != "offer":
                    assert row.before != row.after
                    assert said.get((row.part, row.field), row.before) == row.before
                    said[row.part, row.field] = row.after
            for key, last in said.items():
                assert parts.get(listing, *key) == last


def test_of_those_who_want_one_name_for_their_programmes_one_has_it(empty_catalogue: Database) -> None:
    fill(empty_catalogue)
    with empty_catalogue.write() as session:
        ids = [read_register(session, f"Програма {n}", str(900 + n)) for n in range(8)]
    start = Barrier(len(ids))
    by = By("person:1", frozenset({OWN}))

    def rename(listing_id: str) -> bool:
        start.wait(timeout=60)
        try:
            with empty_catalogue.write() as session:
                listing = service.find(session, by, listing_id, to_change=True)
                assert listing is not None
                service.change(session, by, listing, {"fields": {"title": "Спільна назва"}}, NOW)
        except SameProgramme:
            return False
        return True

    with ThreadPoolExecutor(len(ids)) as pool:
        assert sum(pool.map(rename, ids)) == 1
