"""Which doors the general admission rules open into a programme.

Rules: НМТ 2026 is taken for a bachelor after school; combatants may take the institution's interview
instead and compete in quota-1; quota-2 is for people from occupied and combat territories and goes on in
2026; quotas are places inside the state order, so they exist only where an offer has one. Master's and
doctoral studies build on an earlier degree. Sources with dates: docs/DATA.md, "Entry routes".
"""

from collections.abc import Iterable

from applicant_portal.catalogue.models import EntryRoute, Offer

# Route -> campaign year the rule was read for.
RULE_YEAR = {
    "nmt": 2026,
    "interview": 2026,
    "quota_1": 2025,
    "quota_2": 2026,
    "earlier_degree": 2026,
    "contract": 2025,
}
FULL_SECONDARY = 40


def by_rule(listing_id: str, degree: str | None, offers: Iterable[Offer]) -> list[EntryRoute]:
    """Entry routes of a programme by the general rules; an unknown degree opens none.

    Only offers of the newest year count.
    """
    offers = list(offers)
    newest = max((offer.year for offer in offers), default=None)
    current = [offer for offer in offers if offer.year == newest]
    doors: list[str] = []
    if degree in ("master", "phd"):
        doors.append("earlier_degree")
    elif degree in ("bachelor", "junior_bachelor"):
        if not current or any(offer.entry_base in (None, FULL_SECONDARY) for offer in current):
            doors += ["nmt", "interview"]
        if any(offer.entry_base not in (None, FULL_SECONDARY) for offer in current):
            doors.append("earlier_degree")
        if any(offer.offer_type in ("open", "fixed") for offer in current):
            doors += ["quota_1", "quota_2"]
    if current and doors:
        doors.append("contract")
    return [
        EntryRoute(listing_id=listing_id, route=door, basis="rule", year=RULE_YEAR[door]) for door in doors
    ]
