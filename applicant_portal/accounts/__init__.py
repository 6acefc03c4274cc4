"""Who may act: people, what they are of an institution, sign-in sessions, invitations, API keys.

It knows institutions and no listings; what somebody may do with a listing is decided where listings are kept.
"""
