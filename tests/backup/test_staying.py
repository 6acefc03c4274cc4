"""What stays through a restore (people, keys, files in work) goes on speaking of the same institutions."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from applicant_portal import migrations
from applicant_portal.accounts import keys, service
from applicant_portal.accounts.actor import COMMAND
from applicant_portal.accounts.models import AccessRequest, ApiKey, AuditEntry, Membership, Person
from applicant_portal.catalogue.models import FormerEdeboId, Institution
from applicant_portal.cli import main
from applicant_portal.kit.db import reshaping
from applicant_portal.workspace.models import FileLine, ListingFile
from tests.backup.conftest import NOW, MakePlace, Place


def house(number: int, edebo_id: str | None, slug: str, *former: str) -> Institution:
    return Institution(
        id=number,
        edebo_id=edebo_id,
        slug=slug,
        name=f"Заклад {slug}",
        folded_name=slug,
        name_key=slug,
        origin="portal",
        former_ids=[FormerEdeboId(edebo_id=one) for one in former],
    )


def hold(place: Place, *houses: Institution) -> None:
    """A catalogue of these institutions."""
    migrations.upgrade(place.database.engine)
    with place.database.write() as session:
        session.add_all(houses)


def let_in(place: Place) -> None:
    """An owner, a key, a request and a spreadsheet of each institution; `all@knu.example` is of every one."""
    with place.database.write() as session:
        for one in session.scalars(select(Institution)).all():
            service.invite(session, f"{one.slug}@knu.example", one.id, "owner", by=COMMAND, now=NOW)
            service.invite(session, "all@knu.example", one.id, "editor", by=COMMAND, now=NOW)
            keys.make_key(session, one.id, one.slug, ["read"], by=COMMAND, now=NOW)
            service.ask_access(
                session,
                institution_id=one.id,
                institution_text="",
                email="x@knu.example",
                message=one.slug,
                lang="uk",
                now=NOW,
            )
            session.add(
                ListingFile(
                    id=one.slug, institution_id=one.id, actor="person:1", origin="institution", name="a.csv",
                    headings=[], state="checked", made_at=NOW, changed_at=NOW,
                )
            )  # fmt: skip
            session.flush()
            session.add(FileLine(file_id=one.slug, number=1, in_sheet=2, cells=["«Ї»"]))


def slugs(place: Place) -> dict[str, set[tuple[str, str | None]]]:
    """By table, (what it is, the institution it speaks of)."""
    with place.database.read() as session:
        named = {one.id: one.slug for one in session.scalars(select(Institution))}
        members = select(Person.email, Membership.institution_id).join_from(Membership, Person)
        return {
            "members": {(email, named[one]) for email, one in session.execute(members)},
            "keys": {(one.name, named[one.institution_id]) for one in session.scalars(select(ApiKey))},
            "files": {(one.id, named[one.institution_id]) for one in session.scalars(select(ListingFile))},
            "lines": {(one.file_id, None) for one in session.scalars(select(FileLine))},
            "requests": {
                (one.message, named.get(one.institution_id or 0))
                for one in session.scalars(select(AccessRequest))
            },
        }


def test_institutions_are_found_again_under_other_numbers_and_what_spoke_of_none_goes(
    kind: str, place: MakePlace, tmp_path: Path
) -> None:
    here, there = place(kind), place("sqlite")
    hold(here, house(1, "101", "a"), house(2, "102", "b"), house(3, "103", "gone"), house(4, "104", "d"),
         house(5, None, "press"))  # fmt: skip
    let_in(here)
    # The numbers of a and b are the other way round, d was created anew under another EDEBO id.
    hold(there, house(2, "101", "a"), house(1, "102", "b"), house(7, "204", "d-new", "104"),
         house(3, "105", "e"), house(9, None, "press"))  # fmt: skip
    there.save(tmp_path / "copy.tar.gz")
    done = here.restore(tmp_path / "copy.tar.gz")
    assert done.lost == ["Заклад gone"]
    after = slugs(here)
    present = {("a", "a"), ("b", "b"), ("d", "d-new"), ("press", "press")}
    assert after["keys"] == after["files"] == present
    assert after["lines"] == {(was, None) for was, _ in present}
    assert after["requests"] == present | {("gone", None)}
    assert after["members"] == {
        *((f"{was}@knu.example", now) for was, now in present),
        *(("all@knu.example", now) for _, now in present),
    }
    with here.database.read() as session:
        assert session.scalar(select(Person.id).where(Person.email == "gone@knu.example"))
        said = session.scalars(
            select(AuditEntry.institution_id).where(AuditEntry.act == "key_made").order_by(AuditEntry.id)
        )
        assert list(said) == [2, 1, None, 7, 9]


def test_two_institutions_that_became_one_have_each_member_once(
    kind: str, place: MakePlace, tmp_path: Path
) -> None:
    here, there = place(kind), place("sqlite")
    hold(here, house(1, "101", "a"), house(2, "102", "b"))
    let_in(here)
    hold(there, house(5, "101", "a", "102"))
    there.save(tmp_path / "copy.tar.gz")
    assert here.restore(tmp_path / "copy.tar.gz").lost == []
    assert slugs(here)["members"] == {
        (email, "a") for email in ("a@knu.example", "b@knu.example", "all@knu.example")
    }


def test_people_and_keys_are_numbered_on_after_an_older_schema_was_restored(
    kind: str, place: MakePlace, tmp_path: Path
) -> None:
    """Their tables were made anew on the way; no number is given twice, as the audit trail names people."""
    here, there = place(kind), place(kind)
    hold(there, house(1, "101", "a"))
    with reshaping(there.database.engine) as connection:
        migrations.move(connection, "0001")
    there.save(tmp_path / "old.tar.gz")
    hold(here, house(1, "101", "a"))
    let_in(here)
    with here.database.write() as session:
        last = service.invite(session, "last@knu.example", 1, "editor", by=COMMAND, now=NOW).person_id
        session.delete(session.get_one(Person, last))
        key = keys.make_key(session, 1, "last", ["read"], by=COMMAND, now=NOW).key
        session.delete(key)
    here.restore(tmp_path / "old.tar.gz")
    with here.database.write() as session:
        assert service.invite(session, "new@knu.example", 1, "editor", by=COMMAND, now=NOW).person_id > last
        assert keys.make_key(session, 1, "new", ["read"], by=COMMAND, now=NOW).key.id > key.id


def test_the_command_names_the_institutions_whose_people_have_gone(
    place: MakePlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = place("sqlite"), place("sqlite")
    hold(here, house(1, "101", "a"), house(2, "102", "b"))
    let_in(here)
    hold(there, house(1, "103", "c"))
    there.save(tmp_path / "copy.tar.gz")
    monkeypatch.setenv("PORTAL_DATA_DIR", str(here.folder))
    done = CliRunner().invoke(main, ["restore", str(tmp_path / "copy.tar.gz")])
    assert done.exit_code == 0, done.stderr
    assert "Заклад a; Заклад b." in done.stdout
    assert slugs(here)["members"] == set()
