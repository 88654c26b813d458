"""A fund's agreement after it is signed: it changes by a new version alone, never by overwriting.

Nouns: AgreementVersion (from the second on; the first is what the fund says of itself), Version (any of them,
to be read), Proposal of a version (its terms, since when, what changes and why).
States: proposed → agreed | given back | withdrawn | ended (with its fund); given back → withdrawn.
Verbs: propose (the street), agree (another pair of eyes at the host charity), give back, withdraw.
Who needs to know what is agreed asks ``in_force``: on which day.
"""
