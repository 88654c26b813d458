"""The ledger: one double-entry engine for money (fen) and hours (minutes).

Nouns: Book (what is kept together, e.g. one fund; closed through a month), Account, Transfer, Entry,
MonthTotal, Seal.
Verbs: open_book, open_account, close_account, close_month, post, post_many, reverse, seal, verify, export.
PostgreSQL itself guarantees, whoever writes: entries of a transfer sum to zero in one unit; what is
posted is never changed; balances and month totals come from the trigger alone; no balance passes its
floor; nothing enters a closed month or account; a transfer is reversed at most once.
"""
