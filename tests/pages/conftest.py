"""The portal as a process of its own, asked over HTTP."""

from collections.abc import Iterator

import httpx
import pytest

from tests.servers import LiveServer


@pytest.fixture(scope="session")
def portal(live_server: LiveServer) -> Iterator[httpx.Client]:
    """A client of the seeded portal; it does not follow redirects by itself."""
    with httpx.Client(base_url=live_server.url, timeout=60) as client:
        yield client
