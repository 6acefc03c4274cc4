"""Health, metrics, headers, robots, and what a first visit costs."""

import re

import httpx

PAGES = ("/", "/search", "/universities", "/professions", "/about-data", "/accessibility", "/privacy")
FIRST_VISIT = 150 * 1024


def test_readiness_names_the_engine(portal: httpx.Client) -> None:
    state = portal.get("/readyz").json()
    assert state["engine"] == state["configured"] == "embedded"
    assert state["database"] == state["search"] == "ok"
    assert portal.get("/healthz").status_code == 200


def test_metrics_count_routes_and_hold_no_queries(portal: httpx.Client) -> None:
    portal.get("/search", params={"q": "таємниця"})
    metrics = portal.get("/metrics").text
    assert 'portal_requests_total{route="/search",status="200"}' in metrics
    assert "таємниця" not in metrics


def test_metrics_tell_how_each_index_stands(portal: httpx.Client) -> None:
    metrics = portal.get("/metrics").text
    for name in ("up", "answering"):
        assert f'portal_index_{name}{{engine="embedded"}} 1.0' in metrics
    for name in ("poison_rows", "lag_entries"):
        assert f'portal_index_{name}{{engine="embedded"}} 0.0' in metrics
    assert 'portal_index_position{engine="embedded"}' in metrics


def test_every_answer_forbids_inline_code_and_sets_no_cookie(portal: httpx.Client) -> None:
    for address in (*PAGES, "/nope", "/api/v1/search", "/static/css/base.css"):
        answer = portal.get(address)
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "set-cookie" not in answer.headers
        assert " style=" not in answer.text
        assert not re.search(r"\son\w+=", answer.text) or "css" in address


def test_a_first_visit_of_any_page_stays_under_150_kilobytes(portal: httpx.Client) -> None:
    """The page with its styles, scripts, pictures and fonts, as sent (compressed)."""
    for address in (*PAGES, "/en"):
        page = portal.get(address)
        parts = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text))
        weight = sum(_sent(portal, part) for part in {address, *parts})
        assert weight < FIRST_VISIT, (address, weight)


def _sent(portal: httpx.Client, address: str) -> int:
    with portal.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
        return len(b"".join(answer.iter_raw()))


def test_robots_name_the_site_map_and_stay_out_of_reports(portal: httpx.Client) -> None:
    robots = portal.get("/robots.txt").text
    assert "Sitemap: http" in robots
    for path in ("/report", "/workspace", "/account"):
        assert f"Disallow: {path}\n" in robots
        assert f"Disallow: /en{path}\n" in robots


def test_what_is_not_built_yet_is_neither_linked_nor_drawn(portal: httpx.Client) -> None:
    for address in PAGES:
        links = re.findall(r'href="([^"]+)"', portal.get(address).text)
        for later in ("/shortlist", "/calculator", "/rehearsal", "/compare"):
            assert not any(later in link for link in links)


def test_static_files_with_a_fingerprint_are_kept(portal: httpx.Client) -> None:
    answer = portal.get("/static/css/base.css?v=1")
    assert "immutable" in answer.headers["cache-control"]
