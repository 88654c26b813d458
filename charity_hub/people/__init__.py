"""People: who they are, how they sign in, what they may see and do.

Nouns: User (a verified phone), Membership (a role in a scope, from a day to a day), Look (a recorded
sight of personal data), SignIn (what happened at the door), TextMessage (an SMS that was kept).
Verbs: register, sign in (phone code, password, TOTP, passkey, WeChat), grant and end a membership,
look at personal data. Staff prove a second factor in every session.
Roles and scopes are in ``models``; every view declares its access with ``access``, other people's views
in ``third_party_access``.
"""
