"""schemathesis asks everything the OpenAPI description allows, and much it does not: never a 5xx."""

import html
import os
import subprocess
import sys
from pathlib import Path

import httpx

from tests.servers import LiveServer


def test_no_request_to_the_described_api_fails_in_us(live_server: LiveServer, tmp_path: Path) -> None:
    ran = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{live_server.url}/api/openapi.json",
            "--checks=not_a_server_error",
            "--max-examples=40",
            "--seed=1",
            "--no-color",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]


def test_the_description_is_readable_on_a_page_of_ours(portal: httpx.Client) -> None:
    page = portal.get("/api/docs").text
    for address in portal.get("/api/openapi.json").json()["paths"]:
        assert address in page


def test_the_page_says_what_to_send_and_what_comes_back(portal: httpx.Client) -> None:
    page = html.unescape(portal.get("/en/api/docs").text)
    assert "Authorization: Bearer ptl_…" in page
    assert "PUT /api/v1/workspace/listings/p-example001\n" in page
    assert 'If-Match: "' in page
    assert "Idempotency-Key: price-2026-1" in page
    assert '"price_uah": 52000' in page
    for refusal in (
        "Name the version you change: If-Match with the ETag of GET.",
        "The body is larger than 2 MB.",
        "Too many requests with this key: wait a minute.",
    ):
        assert refusal in page
