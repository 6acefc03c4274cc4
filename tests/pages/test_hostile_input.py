"""Whatever is sent to a public address, the answer is one of ours, and nothing comes back unescaped."""

import socket
from urllib.parse import quote, urlsplit

import httpx
import pytest

HOSTILE = [
    "\x00",
    "a\x00b",
    "\x01\x02\x1f\x7f",
    "я" * 5000,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' OR 1=1 --",
    "kind = programme OR city EXISTS",
    "{{ 7*7 }}",
    "\\",
    "((((",
    "\u202e\ufeff\u200b",
    "😀 " * 50,
    "-1",
    "1e309",
    "99999999999999999999999999",
    "../../etc/passwd",
    '+ "незакриті лапки',
]
PARAMETERS = (
    "q",
    "kind",
    "city",
    "region",
    "speciality",
    "institution",
    "sort",
    "page",
    "per_page",
    "lang",
    "all",
)
ADDRESSES = ("/search", "/en/search", "/api/v1/search", "/api/v1/institutions")
PATHS = (
    *(f"/{kind}/" for kind in ("programmes", "courses", "tracks", "universities", "professions", "reports")),
    "/en/programmes/",
    "/api/v1/listings/",
)


def harmless(answer: httpx.Response) -> None:
    assert answer.status_code < 500, (answer.request.url, answer.text[:200])
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "\x00" not in answer.text


@pytest.mark.parametrize("value", HOSTILE)
def test_no_parameter_breaks_a_page(portal: httpx.Client, value: str) -> None:
    for address in ADDRESSES:
        for name in PARAMETERS:
            harmless(portal.get(address, params={name: value}))


@pytest.mark.parametrize("value", HOSTILE)
def test_no_path_breaks_a_page(portal: httpx.Client, value: str) -> None:
    for path in PATHS:
        answer = portal.get(path + quote(value[:300], safe=""))
        harmless(answer)
        assert answer.status_code in (307, 400, 404, 405)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_report_breaks_the_form_and_what_was_typed_stays(portal: httpx.Client, value: str) -> None:
    answer = portal.post("/report", data={"about": value, "topic": value, "message": value})
    harmless(answer)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "target",
    [
        "/search?q=%",
        "/search?q=%zz",
        "/search?q=%ff%fe",
        "/%ff",
        "/search?%00=%00",
        "/programmes/%ff%00",
        "/en%2f",
        "/search?" + "&".join(["city=%D0%9A"] * 500),
    ],
)
def test_broken_percent_encoding_is_answered(portal: httpx.Client, target: str) -> None:
    """Sent as raw bytes: a client library would repair them."""
    address = urlsplit(str(portal.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n".encode())
        status = connection.recv(64).split()[1]
    assert int(status) < 500


def test_a_form_sent_from_another_site_is_refused(portal: httpx.Client) -> None:
    answer = portal.post("/report", data={"message": "x" * 40}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    answer = portal.post("/report", data={"message": "x" * 40}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_a_body_too_large_is_refused(portal: httpx.Client) -> None:
    assert portal.post("/report", data={"message": "я" * 300_000}).status_code == 413
