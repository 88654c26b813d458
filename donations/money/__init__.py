"""Gifts of money: recorded once, acknowledged, never edited.

Nouns: Donor (person or organization of one host charity, found again by ID or by phone and name), Gift,
VoidRequest (a station asks the charity to void a gift).
States: Gift recorded → voided; VoidRequest asked → granted or declined.
Verbs: find_donor, correct_donor, merge_donors, record_gift, record_gifts (a batch), amend_gift (consent,
receipt number, note), void_gift, ask_to_void, decline_voiding, acknowledge (a PDF with a verify code).
A gift's money lies in the ledger: cash and cheques at the station, transfers at the host's bank.
"""
