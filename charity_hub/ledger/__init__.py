"""The ledger: one double-entry engine for money (fen) and hours (minutes).

Nouns: Book (what is kept together, e.g. one fund; closed through a month), Account, Transfer, Entry
(numbered 1, 2, 3 … in its account), MonthTotal, Seal, kind of transfer (``gift:person``;
its words come from the room that posts it).
Verbs: open_book, open_account, close_account, close_month, hold_book, post, post_many, post_batch, reverse,
seal_through;
the commands verify_ledger and export_journal.
PostgreSQL itself guarantees, whoever writes (docs/reference/ledger-rules.md): a transfer's entries are
written in one statement and sum to zero in one unit; what is posted is never changed; balances and month
totals come from the trigger alone; no balance passes its floor; nothing enters a closed month or account; a
transfer is reversed at most once.
"""
