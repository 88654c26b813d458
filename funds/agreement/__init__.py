"""A fund's agreement after it is signed: it changes by a new version alone, never by overwriting.

Nouns: Terms (what a version can agree on anew), the AgreementVersion of ``funds.profile.agreement_models``
(from the second on; the first is what the fund says of itself), Difference (one term, before and after).
States: proposed → agreed | given back | withdrawn | ended (with its fund); given back → withdrawn.
Verbs: propose (the street), agree (another pair of eyes at the host charity), give back, withdraw.
Who needs to know what is agreed on a day asks ``funds.profile.agreements``. A fund's profile knows nothing of
this room, which registers itself in ``registrations``.
"""
