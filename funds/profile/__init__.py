"""A fund and its agreement: host, purposes, committee, supervisor.

Nouns: Fund, Purpose (restricted or not; its net-assets and committed accounts), CommitteeMember (chair,
member, supervisor), AgreementVersion and Version (the terms in force on a day: ``agreements``).
States: draft → under review → active → suspended ↔ active → winding up → closed; review may return it
to draft.
Verbs: propose, amend, submit, give back, activate (opens the book, posts the seed money), change_committee,
add_purpose, retire_purpose, suspend, resume, wind_up, hand_over_leftovers, close (needs zero balances).
Changes of an agreement are in the room ``funds.agreement``.
"""
