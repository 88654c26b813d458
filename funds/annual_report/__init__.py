"""The annual report of a fund: its frozen figures of a year and their A4 pages.

Nouns: the builder registered with ``charity_hub.reports``; Section (added by an app of a higher layer).
Verbs: compute (ledger month totals and rows → JSON), lay out (JSON → typst → PDF).
"""
