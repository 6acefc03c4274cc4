"""Lines beside a page: which other listings, in which order, the same on both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from applicant_portal.catalogue import neighbours, page_queries
from applicant_portal.catalogue.models import (
    Course,
    Institution,
    Listing,
    ListingSkill,
    Programme,
    Skill,
    Track,
)
from applicant_portal.kit.db import Database

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def database(empty_catalogue: Database) -> Database:
    return empty_catalogue


def listing(kind: str, slug: str, **more: Any) -> Listing:
    values: dict[str, Any] = {"title": slug, "state": "running", "visibility": "published", **more}
    return Listing(
        id=slug,
        kind=kind,
        slug=slug,
        natural_key=slug,
        title_key=values["title"],
        origin="portal",
        created_at=NOW,
        updated_at=NOW,
        **values,
    )


def programme(
    slug: str, speciality: str | None = "F3", degree: str | None = "bachelor", **more: Any
) -> Listing:
    return listing("programme", slug, programme=Programme(speciality=speciality, degree=degree), **more)


def course(slug: str, *skills: str, **more: Any) -> Listing:
    links = [ListingSkill(skill_key=key, position=place) for place, key in enumerate(skills)]
    return listing("course", slug, course=Course(), skills=links, **more)


def page(session: Session, kind: str, slug: str) -> Listing:
    found = page_queries.listing_page(session, kind, slug)
    assert found is not None
    return found


def slugs(lines: list[neighbours.Neighbour]) -> list[str]:
    return [line.slug for line in lines]


def test_programmes_of_the_same_city_come_first_then_those_that_run(database: Database) -> None:
    with database.write() as session:
        session.add_all(
            [
                programme("own", city="Харків"),
                programme("c-unverified", city="Харків", state="unverified"),
                programme("d-here", city="Харків"),
                programme("a-elsewhere", city="Київ"),
                programme("b-nowhere"),
                programme("closed", city="Харків", state="closed"),
                programme("draft", city="Харків", visibility="draft"),
                programme("master", degree="master", city="Харків"),
                programme("other", speciality="F5", city="Харків"),
            ]
        )
    with database.read() as session:
        own = page(session, "programme", "own")
        assert slugs(neighbours.similar_programmes(session, own)) == [
            "d-here",
            "c-unverified",
            "a-elsewhere",
            "b-nowhere",
        ]
        assert slugs(neighbours.similar_programmes(session, own, limit=3))[2:] == ["a-elsewhere"]
        assert slugs(neighbours.similar_programmes(session, own, limit=1)) == ["d-here"]


def test_without_a_city_or_a_degree_those_without_one_are_the_similar(database: Database) -> None:
    with database.write() as session:
        session.add_all(
            [
                programme("own", degree=None),
                programme("a-in-a-city", degree=None, city="Київ"),
                programme("b-nowhere", degree=None),
                programme("bachelor"),
                programme("nothing", speciality=None, degree=None),
            ]
        )
    with database.read() as session:
        own = page(session, "programme", "own")
        assert slugs(neighbours.similar_programmes(session, own)) == ["b-nowhere", "a-in-a-city"]
        assert neighbours.similar_programmes(session, page(session, "programme", "nothing")) == []


def test_a_line_names_the_institution_as_its_own_page_does(database: Database) -> None:
    def school(slug: str, short_name: str | None) -> Institution:
        return Institution(
            slug=slug,
            name=f"Long {slug}",
            short_name=short_name,
            folded_name=slug,
            name_key=slug,
            origin="portal",
        )

    with database.write() as session:
        session.add_all(
            [
                programme("own"),
                programme("a", title_en="A in English", institution=school("one", "ONE")),
                programme("b", institution=school("two", None)),
                programme("c", institution=school("three", "")),
            ]
        )
    with database.read() as session:
        lines = neighbours.similar_programmes(session, page(session, "programme", "own"))
    assert [line.institution for line in lines] == ["ONE", "Long two", "Long three"]
    assert [line.title_in("en") for line in lines] == ["A in English", "b", "c"]
    assert lines[0].title_in("uk") == "a"
    assert lines[0].path == "/programmes/a"


def test_courses_that_share_more_skills_come_first(database: Database) -> None:
    with database.write() as session:
        session.add_all([Skill(key=key, name_uk=key, name_en=key) for key in ("x", "y", "z")])
        session.flush()
        session.add_all(
            [
                course("own", "x", "y"),
                course("a-one", "y", "z"),
                course("b-unverified", "x", "y", state="unverified"),
                course("c-both", "x", "y", "z", provider="School"),
                course("none", "z"),
                course("closed", "x", "y", state="closed"),
                listing("track", "track", track=Track(), skills=[ListingSkill(skill_key="x", position=0)]),
                course("bare"),
            ]
        )
    with database.read() as session:
        lines = neighbours.similar_by_skills(session, page(session, "course", "own"))
        assert slugs(lines) == ["c-both", "b-unverified", "a-one"]
        assert lines[0].provider == "School"
        assert neighbours.similar_by_skills(session, page(session, "course", "bare")) == []


def test_a_track_is_beside_running_tracks_and_programmes_of_its_specialities(database: Database) -> None:
    with database.write() as session:
        session.add_all(
            [
                listing("track", "own", track=Track(specialities=["F3", "F5"])),
                listing("track", "b", track=Track(amount_uah=33_280)),
                listing("track", "a", track=Track()),
                listing("track", "closed", track=Track(), state="closed"),
                programme("here", speciality="F5", city="Харків"),
                programme("elsewhere", city="Київ"),
                programme("unverified", city="Харків", state="unverified"),
                programme("other", speciality="F7", city="Харків"),
            ]
        )
    with database.read() as session:
        own = page(session, "track", "own")
        others = neighbours.other_tracks(session, own)
        assert [(line.slug, line.amount_uah) for line in others] == [("a", None), ("b", 33_280)]
        assert own.track is not None
        fitting = neighbours.programmes_of(session, own.track.specialities, "Харків")
        assert slugs(fitting) == ["here", "elsewhere"]
