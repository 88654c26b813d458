"""The ledger: one double-entry engine for money (fen) and hours (minutes).

Nouns: Book (accounts that are kept together, such as those of one fund; closed through a month), Account,
Transfer, Entry
(numbered 1, 2, 3 … in its account), MonthTotal, Seal, kind of transfer (``gift:person``;
its label comes from the room that posts it).
Verbs: open_book, open_account, close_account, close_month, hold_book, post, post_many, post_batch, reverse,
seal_through;
the commands verify_ledger and export_journal.
PostgreSQL itself guarantees, for every program (docs/reference/ledger-rules.md): the entries of a transfer
are
written in one statement and sum to zero in one unit; posted transfers never change; balances and month
totals are written only by the trigger; no balance passes its floor; nothing is posted into a closed month or
account; a
transfer is reversed at most once.
"""
