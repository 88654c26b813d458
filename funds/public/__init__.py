"""The public pages of funds: where money came from and what it was spent on, from month totals.

Nouns: Figures (balance, inflow and outflow by month, source and use), Panel (a card that a higher layer adds
to
the page, such as the latest gifts).
Verbs: list, show.
"""
