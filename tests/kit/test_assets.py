"""What others wrote for the front end arrives where the pages look for it."""

from pathlib import Path

from applicant_portal.kit.assets import bring


def test_htmx_comes_out_of_the_installed_wheel(tmp_path: Path) -> None:
    assert bring(tmp_path, font_package=tmp_path / "no-npm-here") == ["htmx.min.js"]
    script = (tmp_path / "htmx.min.js").read_text()
    assert 'version:"2.' in script


def test_a_second_run_copies_nothing(tmp_path: Path) -> None:
    bring(tmp_path)
    assert bring(tmp_path) == []


def test_a_newer_file_replaces_the_older_one(tmp_path: Path) -> None:
    bring(tmp_path, font_package=tmp_path)
    (tmp_path / "htmx.min.js").write_text("an older release")
    assert bring(tmp_path, font_package=tmp_path) == ["htmx.min.js"]
    assert not list(tmp_path.glob("*.new"))


def test_the_font_comes_with_its_licence(tmp_path: Path) -> None:
    package, vendor = tmp_path / "package", tmp_path / "vendor"
    (package / "files").mkdir(parents=True)
    (package / "files" / "arsenal-cyrillic-700-normal.woff2").write_bytes(b"glyphs")
    (package / "LICENSE").write_text("SIL Open Font License")
    assert bring(vendor, font_package=package) == [
        "htmx.min.js",
        "fonts/arsenal-bold-uk.woff2",
        "fonts/arsenal-license.txt",
    ]
