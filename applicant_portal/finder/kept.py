"""Which pages are kept whole, and what makes them old."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from applicant_portal.catalogue import outbox
from applicant_portal.finder.state import Portal
from applicant_portal.kit.kept_address import Keeping
from applicant_portal.kit.kept_pages import KeptPages

# What no version knows of: an institution without listings, texts about professions. Edits show there as soon
# as elsewhere.
_SHORT = Keeping(seconds=0.5)
# Their parameters are checked: an empty one may be refused.
_JSON = Keeping(empty_is_absent=False)
_SHORT_JSON = Keeping(seconds=0.5, empty_is_absent=False)

ROUTES: Mapping[str, Keeping] = {
    # Made from the index alone (and names that are read once for each generation of it).
    "/search": Keeping(),
    "/api/v1/search": _JSON,
    # Made from rows whose every change stands in the log.
    "/programmes/{slug}": Keeping(),
    "/courses/{slug}": Keeping(),
    "/tracks/{slug}": Keeping(),
    "/api/v1/listings/{listing_id}": _JSON,
    # Made from nothing.
    "/accessibility": Keeping(),
    "/privacy": Keeping(),
    # Made from rows that may change without the log.
    "/": _SHORT,
    "/universities": _SHORT,
    "/universities/{slug}": _SHORT,
    "/professions": _SHORT,
    "/professions/{key}": _SHORT,
    "/about-data": _SHORT,
    "/api/v1/institutions": _SHORT_JSON,
}
"""Not among them: suggestions, which may still be those of the generation before; forms and answers to
readers' reports, which are one person's; health, metrics and files for machines."""


def layer(app: ASGIApp, here: Portal) -> ASGIApp:
    """The layer that keeps the portal's pages, to be put around everything else.

    The version holds the newest position of the log beside the index's generation: a page made from rows
    shows an edit at once, however far behind the index is. And the day, because pages tell the age of facts
    and what is next in the campaign. While the engine answers with the words of the generation before,
    nothing is kept: such an answer would stay wrong until the next change.
    """

    def version() -> str | None:
        with here.database.read() as session:
            newest = outbox.mark(session)
        settled = here.engine.settled()
        return f"{settled} {newest} {here.today()}" if settled is not None else None

    # While another engine stands in, every page says so.
    return KeptPages(app, ROUTES, version, mode=lambda: here.engine.name)
