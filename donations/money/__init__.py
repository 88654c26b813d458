"""Gifts of money: recorded once, acknowledged, never edited.

Nouns: Donor (person or organization, found again by ID or by phone and name), Gift, CashDeposit (a station's
cash on its way to the host's bank).
States: Gift recorded → voided; CashDeposit handed in → received.
Verbs: find_or_add_donor, record_gift, record_gifts (a batch), void_gift, acknowledge (a PDF with a verify
code), hand_in_cash, receive_cash.
"""
