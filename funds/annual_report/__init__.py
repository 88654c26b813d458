"""The annual report of a fund: its figures for a year, frozen, and their A4 pages.

Nouns: the builder registered with ``charity_hub.reports``; Section (what an app above adds).
Verbs: compute (ledger month totals and rows → JSON), lay out (JSON → typst → PDF).
"""
