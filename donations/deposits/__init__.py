"""Cash on its way: from a station's box to the host charity's bank, seen by two people.

Nouns: CashDeposit (what a station paid in of one fund's cash and cheques).
States: handed in → received; withdrawn from both.
Verbs: hand_in_cash, receive_cash, withdraw_deposit.
The money lies in the ledger: at the station, then in transit, then at the host's bank.
"""
