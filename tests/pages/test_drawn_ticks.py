"""Boxes that are kept are the boxes that would be drawn, whatever was counted before."""

from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.finder.drawn_ticks import DrawnTicks
from applicant_portal.finder.words import Words
from applicant_portal.kit import typography
from applicant_portal.kit.web import Pages

PAGES = Pages("http://127.0.0.1", {})
HOUSES = {"108": "ХПІ", "<1>": "A & B"}
COUNTS = st.lists(
    st.tuples(st.sampled_from(["108", "<1>", "нема", "unknown"]), st.integers(0, 20_000), st.booleans()),
    max_size=5,
)


@given(st.lists(COUNTS, min_size=1, max_size=3))
def test_a_kept_box_is_the_box_drawn_afresh(many: list[list[tuple[str, int, bool]]]) -> None:
    ticks = DrawnTicks(PAGES)
    for counts in many:
        for lang in ("uk", "en"):
            names = Words(lang, PAGES.gettext(lang), HOUSES)
            tick = PAGES.component(lang, "tick")
            afresh = "".join(
                str(tick("institution", value, typography.capital(names.value("institution", value)), n, on))
                for value, n, on in counts
            )
            assert ticks.drawn("institution", counts, names, generation="1") == afresh


def test_another_generation_may_know_an_institution_by_another_name() -> None:
    ticks = DrawnTicks(PAGES)
    gettext = PAGES.gettext("uk")
    before = ticks.drawn(
        "institution", [("1", 3, False)], Words("uk", gettext, {"1": "Стара"}), generation="1"
    )
    after = ticks.drawn("institution", [("1", 3, False)], Words("uk", gettext, {"1": "Нова"}), generation="2")
    assert "Стара" in before
    assert "Нова" in after
