"""How much one request may bring, and where it may bring more."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from applicant_portal.kit.i18n import LanguagePrefix
from applicant_portal.kit.limits import BodyLimit

ORDINARY, LARGER, LARGEST = 100, 1000, 5000


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()

    @app.post("/{path:path}")
    async def size(request: Request, path: str) -> int:
        if path.endswith("/turned-away"):
            raise HTTPException(401)
        return len(await request.body())

    limited = BodyLimit(app, ORDINARY, {"/files": LARGER, "/files/archive": LARGEST})
    return TestClient(LanguagePrefix(limited))


def pieces(size: int) -> Iterator[bytes]:
    """A body that is not announced."""
    for _ in range(size // 50):
        yield b"x" * 50


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/page", ORDINARY),
        ("/api/files", ORDINARY),
        ("/files", LARGER),
        ("/files/1/rows", LARGER),
        ("/files/archive/1", LARGEST),
    ],
)
def test_a_body_is_taken_up_to_the_limit_of_its_path_announced_or_not(
    client: TestClient, language: str, path: str, limit: int
) -> None:
    address = language + path
    for fits in (b"x" * limit, pieces(limit)):
        assert client.post(address, content=fits).json() == limit
    for larger in (b"x" * (limit + 50), pieces(limit + 50)):
        assert client.post(address, content=larger).status_code == 413


def test_whoever_is_turned_away_first_is_told_so_and_not_read(client: TestClient) -> None:
    assert client.post("/files/turned-away", content=pieces(LARGER)).status_code == 401
