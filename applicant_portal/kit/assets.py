"""Bring the parts of the front end that others wrote to where the portal serves them from.

`python -m applicant_portal.kit.assets` copies htmx out of the installed django-htmx distribution and,
where npm has brought it, the heading font. Nothing of this is committed; the site is right without the font.
"""

import shutil
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from applicant_portal.settings import ROOT, STATIC

VENDOR = STATIC / "vendor"
FONT_PACKAGE = ROOT / "node_modules" / "@fontsource" / "arsenal"
FONT_FILES = {
    "files/arsenal-cyrillic-700-normal.woff2": "arsenal-bold-uk.woff2",
    "files/arsenal-latin-700-normal.woff2": "arsenal-bold-latin.woff2",
    "LICENSE": "arsenal-license.txt",
}


class AssetMissing(Exception):
    """A file the pages need is not on this machine; the message says what brings it."""


def htmx_source() -> Path:
    """Where the installed django-htmx keeps the minified htmx 2.

    Raises `AssetMissing` when the distribution is not installed or carries no such file.
    """
    try:
        installed = files("django-htmx") or []
    except PackageNotFoundError:
        installed = []
    for file in installed:
        if file.as_posix().endswith("static/django_htmx/htmx-2.min.js"):
            return Path(str(file.locate()))
    raise AssetMissing(
        "htmx is not here: run `pip install --no-deps --require-hashes -r requirements-assets.txt`."
    )


def font_sources(package: Path = FONT_PACKAGE) -> dict[Path, str]:
    """The font files that npm brought, each with the name it is served under; empty without npm."""
    return {package / inside: name for inside, name in FONT_FILES.items() if (package / inside).is_file()}


def bring(vendor: Path = VENDOR, font_package: Path = FONT_PACKAGE) -> list[str]:
    """Copy what is new or has changed into `vendor`; return the names copied, empty when all was there."""
    wanted = {htmx_source(): vendor / "htmx.min.js"}
    wanted |= {source: vendor / "fonts" / name for source, name in font_sources(font_package).items()}
    copied = []
    for source, target in wanted.items():
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # Under another name first: a server that runs meanwhile never sends half a file.
        draft = target.with_name(target.name + ".new")
        shutil.copyfile(source, draft)
        draft.replace(target)
        copied.append(target.relative_to(vendor).as_posix())
    return copied


def main() -> int:
    """Copy and say in one line what was copied; 2 when something needed is missing."""
    try:
        copied = bring()
    except AssetMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    if copied:
        print("Front end: " + ", ".join(copied))
    return 0


if __name__ == "__main__":
    sys.exit(main())
