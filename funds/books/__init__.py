"""A fund's books: what counts as coming in and going out, and the months that are closed.

Nouns: Flow (money that came in or went out, from month totals), open end (what a closed month leaves
undone). Verbs: read flows, close months. Street staff or an officer of the host charity close them, on the
fund's page, with the annual report or by ``manage.py close_month``; there is no way back.
"""
