"""Gifts of money: recorded once, acknowledged, never edited.

Nouns: Donor (person or organization of one host charity, found again by ID or by phone and name), Gift,
CashDeposit (a station's cash on its way to the host's bank).
States: Gift recorded → voided; CashDeposit handed in → received; taken back from both.
Verbs: find_donor, correct_donor, merge_donors, record_gift, record_gifts (a batch), amend_gift (consent,
receipt number, note), void_gift, acknowledge (a PDF with a verify code), hand_in_cash, receive_cash,
withdraw_deposit.
A gift's money lies in the ledger: cash and cheques at the station, transfers at the host's bank.
"""
