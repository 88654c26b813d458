"""A fund's books: what counts as inflow and outflow, and closed months.

Nouns: Flow (an inflow or outflow, from month totals), open item (what is not finished in a month).
Verbs: read flows, close months. Street staff or an officer of the host charity close months, on the fund's
page,
with the annual report or by ``manage.py close_month``. Closing cannot be undone.
"""
