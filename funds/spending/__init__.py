"""Spending: from a request to its payment, never more than the purpose's balance.

Nouns: SpendingRequest (purpose, payee, amount, documents).
States: filed → approved → paid; filed → returned → filed; filed or returned → withdrawn;
filed or returned → ended (with the fund); approved → released.
Verbs: file, revise, give back, withdraw, approve (commits the amount in the ledger at once), release, pay.
Nobody approves what they filed or pays what they approved, administrators included.
"""
