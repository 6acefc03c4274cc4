"""Which addresses may be kept, and how two spellings of one address become one."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

MOST_ADDRESS = 1_000
"""Bytes of path and query of the longest address that is kept."""

_LAST_PART = re.compile(r"[a-z0-9-]{1,200}")


@dataclass(frozen=True, slots=True)
class Keeping:
    """How the pages of a route are kept. `seconds`: how long at most, where they show what can change while
    the version stays. `empty_is_absent`: whether a parameter without a value means the same as none (not
    where an empty one is refused)."""

    seconds: float = math.inf
    empty_is_absent: bool = True


class KeptRoutes:
    """Path -> (route, how it is kept), for templates such as "/search" and "/programmes/{slug}"."""

    def __init__(self, routes: Mapping[str, Keeping]) -> None:
        self._whole = {route: (route, how) for route, how in routes.items() if "{" not in route}
        self._folders = {
            route.rpartition("/")[0]: (route, how) for route, how in routes.items() if "{" in route
        }

    def of(self, path: str) -> tuple[str, Keeping] | None:
        """The route of a path without its language; None for one that is not kept. A last part that no page
        of ours has (capitals, control characters) is left to the routing."""
        found = self._whole.get(path)
        if found is None:
            folder, _, last = path.rpartition("/")
            found = self._folders.get(folder)
            if found is not None and not _LAST_PART.fullmatch(last):
                return None
        return found


@lru_cache(maxsize=2048)
def canonical(query: bytes, *, empty_is_absent: bool) -> bytes:
    """A query string that means the same for every order of its parameters.

    Values of one name keep their order: it is shown, and of some parameters the last one counts. For that
    reason an empty one is left out only where it is the only one of its name. Names with an escape in them
    might be equal to another one without, so such a query stays as it is.
    """
    if not query:
        return query
    pairs: list[tuple[bytes, bytes]] = []
    for piece in query.split(b"&"):
        name, _, value = piece.partition(b"=")
        if b"%" in name or b"+" in name:
            return query
        if piece:
            pairs.append((name, value))
    if empty_is_absent and not all(value for _, value in pairs):
        names = [name for name, _ in pairs]
        pairs = [pair for pair in pairs if pair[1] or names.count(pair[0]) > 1]
    pairs.sort(key=_name)
    return b"&".join([name + b"=" + value for name, value in pairs])


def _name(pair: tuple[bytes, bytes]) -> bytes:
    return pair[0]
