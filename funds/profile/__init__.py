"""A fund and its agreement: who hosts it, for what, under whose eyes.

Nouns: Fund, Purpose (restricted or not; its net-assets and committed accounts), CommitteeMember (chair,
member, supervisor), AgreementVersion and Version (what holds on a day: ``agreements``).
States: draft → under review → active → suspended ↔ active → winding up → closed; review may return it
to draft.
Verbs: propose, amend, submit, give back, activate (opens the book, posts the seed money), change_committee,
add_purpose, retire_purpose, suspend, resume, wind_up, hand_over_leftovers, close (needs zero balances).
How an agreement changes is the room ``funds.agreement``.
"""
