"""Whatever is changed, undoing brings the representation back byte for byte."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applicant_portal.kit.db import Database
from applicant_portal.workspace.refusals import BadValue
from tests.workspace.made_up import change, fill, shown, undo

TEXTS = st.one_of(st.none(), st.text(max_size=30), st.sampled_from(["", "Слово", "=SUM(A1)"]))
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["Інформатика", "Нова назва", "Ще одна"]),
        "title_en": TEXTS,
        "degree": st.sampled_from([None, "bachelor", "master"]),
        "speciality": st.sampled_from([None, "F3", "121", "125"]),
        "forms": st.lists(st.sampled_from(["full_time", "part_time"]), max_size=2),
        "languages": st.lists(st.sampled_from(["uk", "en"]), max_size=2),
        "faculty": TEXTS,
        "summary_uk": TEXTS,
        "city": st.sampled_from([None, "Харків", "Київ", "Село"]),
        "format": st.sampled_from([None, "online"]),
        "price_uah": st.sampled_from([None, 0, 41000, "42 000"]),
        "price_year": st.sampled_from([None, 2026]),
        "state": st.sampled_from(["running", "closed"]),
    },
)
OFFER = st.fixed_dictionaries(
    {"year": st.sampled_from([2025, 2026, 2027])},
    optional={
        "offer_type": st.sampled_from([None, "open", "contract"]),
        "entry_base": st.sampled_from([None, 40, 520]),
        "price_uah": st.sampled_from([None, 50000]),
        "applications_to": st.sampled_from([None, "2026-08-01"]),
    },
)
SKILLS = st.lists(st.sampled_from(["python", "networks", "testing"]), max_size=3, unique=True)


@given(
    steps=st.lists(
        st.tuples(FIELDS, OFFER, st.lists(OFFER, max_size=2), SKILLS, st.booleans()), min_size=1, max_size=3
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_changes_undone_in_turn_leave_no_trace(empty_catalogue: Database, steps: list[Any]) -> None:
    listing_id = _filled.get(empty_catalogue) or _filled.setdefault(empty_catalogue, fill(empty_catalogue))
    first = shown(empty_catalogue, listing_id)
    pasts = []
    for values, offer, new, skills, designer in steps:
        said = shown(empty_catalogue, listing_id)
        wanted = {
            "fields": values,
            "offers": [said["offers"][0] | offer, *said["offers"][1:], *new],
            "skills": skills,
            "professions": [*said["professions"], *(["designer"] if designer else [])],
        }
        try:
            changed = change(empty_catalogue, listing_id, wanted)
        except BadValue:
            # The speciality of an earlier step may have brought a profession that goes with this one.
            continue
        if changed.batch is not None:
            pasts.append((changed.batch, said))
    for batch, said in reversed(pasts):
        undone = undo(empty_catalogue, batch)
        assert not undone.conflicts
        assert json.dumps(shown(empty_catalogue, listing_id)) == json.dumps(said)
    assert json.dumps(shown(empty_catalogue, listing_id)) == json.dumps(first)


_filled: dict[Database, str] = {}
