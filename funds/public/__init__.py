"""What anyone sees of a fund: where money came from and went, read from month totals.

Nouns: Figures (balance, in and out by month, by source and by use), Panel (what an app above adds to
the page, e.g. the latest gifts).
Verbs: list, show.
"""
