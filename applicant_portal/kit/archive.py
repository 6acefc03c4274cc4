"""A sealed .tar.gz: members, and last a manifest with what its maker says of them and their SHA-256.

Written beside its place and moved there whole, for its owner only; read from front to back, names and bytes
only: nothing in it can make a link, a device or a file by itself.
"""

import gzip
import hashlib
import json
import os
import secrets
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 2**20
IN_MEMORY = 8 * 2**20
BLOCK = 2**20
LEVEL = 6
GZIP_MAGIC = b"\x1f\x8b"


class NotAnArchive(Exception):
    """The file is something else."""


class Damaged(Exception):
    """The file was such an archive once; now a part is missing or not what it was."""


class Draft:
    """An archive that is being written. `facts` goes into the manifest when it is finished."""

    def __init__(self, tar: tarfile.TarFile, folder: Path) -> None:
        self.facts: dict[str, Any] = {}
        self._tar, self._folder = tar, folder
        self._sums: dict[str, str] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a member from its pieces, however many; what is large waits on disk, not in memory."""
        # A member's size stands before its bytes, so they wait until all have come.
        with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(self._folder)) as spool:
            digest = hashlib.sha256()
            for chunk in chunks:
                spool.write(chunk)
                digest.update(chunk)
            size = spool.tell()
            spool.seek(0)
            self._write(name, size, spool)
        self._sums[name] = digest.hexdigest()

    def finish(self) -> None:
        with tempfile.SpooledTemporaryFile(LARGEST_MANIFEST) as spool:
            spool.write(json.dumps({**self.facts, "sha256": self._sums}, indent=1).encode())
            size = spool.tell()
            spool.seek(0)
            self._write(MANIFEST, size, spool)

    def _write(self, name: str, size: int, content: Any) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, content)


@contextmanager
def written(path: Path) -> Iterator[Draft]:
    """Write an archive; it stands at `path` when the block ends well, else nothing does.

    Raises `FileExistsError` where something stands already (also when it came meanwhile), `OSError` when the
    folder is missing or full.
    """
    if path.exists() or path.is_symlink():
        raise FileExistsError(path)
    place = path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with (
                gzip.GzipFile("", "wb", LEVEL, file) as packed,
                tarfile.open(fileobj=packed, mode="w") as tar,
            ):
                draft = Draft(tar, path.parent)
                yield draft
                draft.finish()
            file.flush()
            os.fsync(file.fileno())
        _move(place, path)
    finally:
        place.unlink(missing_ok=True)


def _move(place: Path, path: Path) -> None:
    try:
        os.link(place, path)  # unlike a rename, never over a file that came meanwhile
    except FileExistsError:
        raise
    except OSError:
        # A memory stick may know no links.
        if path.exists():
            raise FileExistsError(path) from None
        place.rename(path)


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Each member's name and bytes, in the order written, the manifest too; read one before asking the next.

    Raises `NotAnArchive`, `Damaged`, `OSError`. Reading the bytes may raise what `reading` translates.
    """
    with path.open("rb") as file:
        if file.read(len(GZIP_MAGIC)) != GZIP_MAGIC:
            raise NotAnArchive
        file.seek(0)
        with reading(), gzip.GzipFile(fileobj=file) as packed:
            try:
                tar = tarfile.open(fileobj=packed, mode="r|")  # noqa: SIM115 (closed below)
            except tarfile.ReadError as error:
                raise NotAnArchive from error
            with tar:
                for member in tar:
                    content = tar.extractfile(member) if member.isreg() else None
                    if content is None:
                        raise NotAnArchive
                    yield member.name, content
            # To the very end: there stands the checksum of the whole.
            while packed.read(BLOCK):
                pass


@contextmanager
def reading() -> Iterator[None]:
    """Around code that reads members: what a broken file raises becomes `Damaged`."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise Damaged(str(error)) from error


def verified(path: Path) -> dict[str, Any]:
    """Read the whole archive and check every byte; the facts its maker put into the manifest.

    Raises `NotAnArchive`, `Damaged`, `OSError`.
    """
    sums: dict[str, str] = {}
    manifest: Any = None
    with reading():
        for name, content in members(path):
            if manifest is not None or name in sums:
                raise Damaged(f"{name} stands where nothing should")
            if name == MANIFEST:
                manifest = _manifest(content)
            else:
                sums[name] = _sum(content)
    if manifest is None:
        raise NotAnArchive
    if manifest.pop("sha256", None) != sums:
        raise Damaged("the checksums differ")
    facts: dict[str, Any] = manifest
    return facts


def pieces(content: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file, a block at a time."""
    while piece := content.read(BLOCK):
        yield piece


def _sum(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces(content):
        digest.update(piece)
    return digest.hexdigest()


def _manifest(content: IO[bytes]) -> dict[str, Any]:
    try:
        manifest = json.loads(content.read(LARGEST_MANIFEST))
    except ValueError as error:
        raise Damaged("the manifest is no JSON") from error
    if not isinstance(manifest, dict):
        raise NotAnArchive
    return manifest
