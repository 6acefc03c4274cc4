"""Answers kept whole, within bounds; those that nobody asked for the longest go first."""

import hashlib
import math
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from threading import Lock

MOST_BODY = 256 * 1024
MOST_BYTES = 64 * 1024 * 1024
MOST_PAGES = 5_000
_OVERHEAD = 2_000
"""Bytes that a page costs beside its body: key, headers, and the objects around them."""

RawHeaders = list[tuple[bytes, bytes]]
_OF_THE_BODY = (b"content-length", b"content-type", b"content-encoding")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as it was sent. `until`: moment of the monotonic clock after which it is old."""

    headers: RawHeaders
    body: bytes
    tag: bytes
    until: float = math.inf

    @property
    def size(self) -> int:
        return len(self.body) + _OVERHEAD

    def unchanged_for(self, if_none_match: bytes | None) -> bool:
        """Whether the caller has this very page (RFC 9110, weak comparison)."""
        return if_none_match is not None and (
            self.tag.removeprefix(b"W/") in if_none_match or if_none_match.strip() == b"*"
        )

    def headers_alone(self) -> RawHeaders:
        """The headers of an answer without the body."""
        return [(name, value) for name, value in self.headers if name not in _OF_THE_BODY]


def page_of(headers: Iterable[tuple[bytes, bytes]], body: bytes, until: float = math.inf) -> KeptPage:
    """A page to keep: its headers completed by length, tag, Vary and what caches have to do with it.

    The tag is made of the body, not of what that was made from: the same text has the same tag in every
    process, and another one after an upgrade.
    """
    given = {name.lower(): value for name, value in headers}
    coding = given.get(b"content-encoding", b"")
    # Ten bytes stand before a gzip stream and may hold the time at which it was made.
    digest = hashlib.blake2b(body[10:] if coding == b"gzip" else body, digest_size=12).hexdigest()
    tag = b'W/"' + digest.encode() + (b"-" + coding if coding else b"") + b'"'
    given[b"content-length"] = str(len(body)).encode()
    given[b"etag"] = tag
    given.setdefault(b"cache-control", b"no-cache")
    vary = given.get(b"vary", b"")
    if b"accept-encoding" not in vary.lower():
        given[b"vary"] = b", ".join(filter(None, (vary, b"Accept-Encoding")))
    return KeptPage(list(given.items()), body, tag, until)


class Store:
    """The pages of one version. Safe to use from several threads."""

    def __init__(self, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self._most_pages = most_pages
        self._most_bytes = most_bytes
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._lock = Lock()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable, now: float) -> KeptPage | None:
        """The page under `key`, None when there is none or it is old."""
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.until <= now:
                del self._pages[key]
                self.bytes -= page.size
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: KeptPage) -> None:
        """Keep a page, at the price of the oldest ones."""
        with self._lock:
            before = self._pages.pop(key, None)
            self.bytes += page.size - (before.size if before is not None else 0)
            self._pages[key] = page
            while self._pages and (len(self._pages) > self._most_pages or self.bytes > self._most_bytes):
                _, oldest = self._pages.popitem(last=False)
                self.bytes -= oldest.size
