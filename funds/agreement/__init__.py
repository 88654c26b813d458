"""A fund's agreement after it is signed: it changes only by a new version and is never overwritten.

Nouns: Terms (what a version can change), the AgreementVersion of ``funds.profile.agreement_models``
(from the second on; the first version is stored on the fund), Difference (one term, before and after).
States: proposed → agreed | given back | withdrawn | ended (with its fund); given back → withdrawn.
Verbs: propose (the street), agree (another person, at the host charity), give back, withdraw.
To find the version in force on a day use ``funds.profile.agreements``. ``funds.profile`` does not import
this room; it registers itself in ``registrations``.
"""
