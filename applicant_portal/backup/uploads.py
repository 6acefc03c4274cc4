"""The folder of uploaded files: read for a backup, replaced as a whole by a restore."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

BLOCK = 2**20


def files(folder: Path) -> Iterator[PurePosixPath]:
    """Regular files of the folder in order, as paths inside it; links are left out."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            if path.is_file() and not path.is_symlink():
                yield PurePosixPath(path.relative_to(folder).as_posix())


class NewFolder:
    """A folder that fills beside the one in use. Nothing is made before the first file comes."""

    def __init__(self, folder: Path) -> None:
        # A link to another disk stays one: the files change behind it.
        self._folder = folder.resolve()
        mark = secrets.token_hex(4)
        self._draft = self._folder.with_name(f"{folder.name}.{mark}.draft")
        self._old = self._folder.with_name(f"{folder.name}.{mark}.old")
        self.count = 0

    def put(self, file: PurePosixPath, content: IO[bytes]) -> None:
        """Write one file; the path stays inside (the caller has looked), and nothing is overwritten."""
        place = self._draft / file
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as out:
            shutil.copyfileobj(content, out, BLOCK)
        self.count += 1

    def swap(self) -> None:
        """Put the new folder in the place of the old one, when files have come."""
        if self.count:
            if self._folder.exists():
                self._folder.rename(self._old)
            self._draft.rename(self._folder)

    def take_back(self) -> None:
        """Have the old folder again, whatever was done so far."""
        if self._old.exists():
            if self._folder.exists():
                self._folder.rename(self._draft)
            self._old.rename(self._folder)
        elif self.count and not self._draft.exists():
            self._folder.rename(self._draft)
        shutil.rmtree(self._draft, ignore_errors=True)

    def keep(self) -> None:
        """The new folder stays: let the old one go."""
        shutil.rmtree(self._old, ignore_errors=True)


@contextmanager
def replaced(folder: Path) -> Iterator[NewFolder]:
    """A new folder for files, which the block swaps in; when the block fails, the old one is back."""
    new = NewFolder(folder)
    try:
        yield new
    except BaseException:
        new.take_back()
        raise
    new.keep()
