"""The bridge from service roles and earlier work to IT professions."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.settings import SEED_DATA
from recommender.bridge import ARTEFACT, BadBridge, Bridge

BRIDGE = Bridge.read()
TASKS = {"code", "site", "fault", "network", "server", "security", "data", "plan", "screen", "device"}
groups_of_a_person = st.lists(st.sampled_from(BRIDGE.groups), max_size=4)
a_group = st.sampled_from(BRIDGE.groups)
a_profession = st.sampled_from(BRIDGE.professions)


def seeded(name: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((SEED_DATA / name).read_text())[table]
    return rows


ROLES = seeded("advisor_roles.toml", "role")
BACKGROUNDS = seeded("advisor_backgrounds.toml", "background")
ELEMENTS = seeded("advisor_elements.toml", "element")


def nearest(*groups: str, how_many: int = 4) -> list[str]:
    affinity = BRIDGE.affinity(groups)
    return sorted(affinity, key=lambda one: -affinity[one])[:how_many]


def test_every_profession_of_the_portal_is_there_and_no_other() -> None:
    assert set(BRIDGE.professions) == {one["key"] for one in seeded("professions.toml", "profession")}
    for group in BRIDGE.groups:
        assert set(BRIDGE.affinity([group])) == set(BRIDGE.professions)


def test_every_role_and_background_is_there_once() -> None:
    keys = [one["key"] for one in [*ROLES, *BACKGROUNDS]]
    assert len(keys) == len(set(keys))
    assert set(BRIDGE.groups) == set(keys)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: str(role["key"]))
def test_a_role_leads_to_onet_and_can_be_found(role: dict[str, Any]) -> None:
    sources = BRIDGE.sources(role["key"])
    assert sources
    assert sum(one.share for one in sources) == pytest.approx(1, abs=0.02)
    assert len(set(role["words"])) == len(role["words"]) >= 4
    assert all(word == word.lower().strip() for word in role["words"])
    assert role["reviewed"] is False
    for one in sources:
        assert one.kind in {"exact", "group", "editorial"}
        assert bool(one.note) == (one.kind == "editorial")
        assert bool(one.dod) == bool(one.service_codes) == (one.kind != "editorial")


def test_only_the_school_leaver_has_nothing_behind() -> None:
    assert [group for group in BRIDGE.groups if not BRIDGE.sources(group)] == ["school"]
    assert set(BRIDGE.affinity(["school"]).values()) == {0.0}
    assert set(BRIDGE.affinity([]).values()) == {0.0}


def test_every_element_has_names_and_topics_the_portal_knows() -> None:
    topics = {one["key"] for one in seeded("skills.toml", "skill")}
    assert {one["id"] for one in ELEMENTS} == set(BRIDGE.elements)
    for language in ("name_uk", "name_en"):
        names = [one[language] for one in ELEMENTS]
        assert len({name.lower() for name in names if name}) == len(BRIDGE.elements) or language == "name_en"
    for one in ELEMENTS:
        assert set(one["topics"]) <= topics


def test_the_file_is_small_and_names_its_sources() -> None:
    assert ARTEFACT.stat().st_size < 150_000
    assert "CC BY 4.0" in BRIDGE.about["licence"]
    assert "not approved, endorsed" in BRIDGE.about["modified"]
    assert "no Ukrainian expert" in BRIDGE.about["service_codes"]


@given(groups_of_a_person, a_group)
def test_one_more_group_never_lowers_a_profession(groups: list[str], more: str) -> None:
    before, after = BRIDGE.affinity(groups), BRIDGE.affinity([*groups, more])
    assert all(after[key] >= before[key] for key in before)
    before, after = BRIDGE.cosine(groups), BRIDGE.cosine([*groups, more])
    assert all(after[key] >= before[key] for key in before)


@given(groups_of_a_person, a_group, a_profession)
def test_one_more_group_never_adds_to_what_is_missing(groups: list[str], more: str, profession: str) -> None:
    before = BRIDGE.link(groups, profession, None, None)
    after = BRIDGE.link([*groups, more], profession, None, None)
    assert set(after.missing) <= set(before.missing)
    assert {one.element for one in after.have} >= {one.element for one in before.have}


@given(groups_of_a_person, a_profession, st.randoms())
def test_the_order_of_groups_does_not_matter(groups: list[str], profession: str, random: Any) -> None:
    shuffled = [*groups, *groups[:1]]
    random.shuffle(shuffled)
    assert BRIDGE.affinity(groups) == BRIDGE.affinity(shuffled)
    assert BRIDGE.link(groups, profession) == BRIDGE.link(shuffled, profession)


@given(groups_of_a_person, a_profession)
def test_a_link_is_short_and_says_where_from(groups: list[str], profession: str) -> None:
    link = BRIDGE.link(groups, profession)
    assert link.kind == "similarity"
    assert len(link.have) <= 4
    assert len(link.missing) <= 2
    assert not {one.element for one in link.have} & set(link.missing)
    for one in link.have:
        assert one.origins
        assert {origin.group for origin in one.origins} <= set(groups)


@given(groups_of_a_person)
def test_affinities_lie_between_nought_and_one(groups: list[str]) -> None:
    assert all(0 <= value <= 1 for value in BRIDGE.affinity(groups).values())


@pytest.mark.parametrize("role", ["signals", "radar", "military-it"])
def test_signals_radar_and_computers_are_nearer_to_networks_than_cooks(role: str) -> None:
    assert (
        BRIDGE.affinity([role])["system-administrator"]
        > BRIDGE.affinity(["cook"])["system-administrator"] + 0.4
    )


@pytest.mark.parametrize(
    ("role", "one_of"),
    [
        ("signals", {"system-administrator", "network-architect"}),
        ("field-cable", {"system-administrator", "network-architect", "support-specialist"}),
        ("drone-pilot", {"robotics-engineer"}),
        ("drone-workshop", {"robotics-engineer"}),
        ("radar", {"support-specialist", "system-administrator"}),
        ("signals-intelligence", {"security-analyst"}),
        ("electronic-warfare", {"security-analyst"}),
        ("cyber", {"security-analyst"}),
        ("electronics-repair", {"support-specialist", "hardware-engineer"}),
        ("intelligence-analysis", {"data-analyst", "data-scientist"}),
        ("finance", {"data-analyst"}),
        ("logistics", {"it-project-manager"}),
        ("headquarters", {"it-project-manager"}),
        ("commander", {"it-project-manager"}),
        ("instructor", {"it-project-manager"}),
        ("photo-video", {"interface-designer", "game-designer"}),
        ("weather", {"data-scientist"}),
        ("vehicle-repair", {"robotics-engineer"}),
        ("economics", {"data-analyst"}),
        ("design-media", {"interface-designer"}),
    ],
)
def test_what_an_expert_would_expect_is_among_the_nearest(role: str, one_of: set[str]) -> None:
    assert one_of & set(nearest(role, how_many=3))


@pytest.mark.parametrize(
    ("task", "profession"),
    [
        ("code", "software-developer"),
        ("site", "web-developer"),
        ("fault", "qa-tester"),
        ("network", "system-administrator"),
        ("server", "system-administrator"),
        ("security", "security-analyst"),
        ("data", "data-scientist"),
        ("plan", "it-project-manager"),
        ("screen", "interface-designer"),
        ("device", "robotics-engineer"),
    ],
)
def test_a_task_is_most_of_the_profession_it_was_written_about(task: str, profession: str) -> None:
    affinity = BRIDGE.task_affinity(task)
    assert max(affinity, key=lambda one: affinity[one]) == profession
    assert affinity[profession] == 1
    assert min(affinity.values()) < 0
    assert all(-1 <= value <= 1 for value in affinity.values())


def test_there_are_ten_tasks() -> None:
    assert set(BRIDGE.tasks) == TASKS


def test_a_cook_lacks_programming_for_testing_and_a_programmer_does_not() -> None:
    assert "2.B.3.e" in BRIDGE.link(["cook"], "qa-tester").missing
    assert "2.B.3.e" not in BRIDGE.link(["cook", "it"], "qa-tester").missing


def test_what_does_not_exist_is_an_error() -> None:
    for ask in (
        lambda: BRIDGE.affinity(["no-such"]),
        lambda: BRIDGE.link(["signals"], "no-such"),
        lambda: BRIDGE.sources("no-such"),
        lambda: BRIDGE.task_affinity("no-such"),
    ):
        with pytest.raises(KeyError):
            ask()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"about": {}, "elements": 3}'])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "bridge.json"
    file.write_text(content)
    with pytest.raises(BadBridge, match=r"bridge\.json"):
        Bridge.read(file)


def test_the_portal_loads_no_scikit_learn_for_it() -> None:
    light = "recommender.bridge, recommender.occupation_vectors, applicant_portal.recommending_bridge"
    heavy = "any(one.split('.')[0] in {'sklearn', 'scipy', 'openpyxl'} for one in sys.modules)"
    code = f"import sys, {light}; sys.exit({heavy})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
