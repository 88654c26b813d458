"""A fund's figures for staff to explore: a question, a run of months; the answer as chart and table.

Nouns: Question (what came in, what went out, what was held; by kind or by purpose), Grid (fen by month and
series). Verbs: ask, export. Read from month totals by the rule of ``funds.books.flows``.
"""
