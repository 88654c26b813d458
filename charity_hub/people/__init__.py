"""People: who they are, how they sign in, what they may see and do.

Nouns: User (a verified phone), Membership (a role in a scope, from a day to a day), Look (a recorded
sight of personal data), TextMessage (an SMS that was sent).
Verbs: sign in (phone code, password, TOTP, passkey), grant and end a membership, look at personal data.
Roles and scopes are in ``models``; every view declares its access with ``access``.
"""
