"""A fund's figures by month, for staff: a question and a period, answered as chart and table.

Nouns: Question (inflow, outflow or balance; by kind or by purpose), Grid (fen by month and series).
Verbs: ask, export. Read from month totals with the rule of ``funds.books.flows``.
"""
