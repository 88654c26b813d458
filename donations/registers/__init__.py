"""Registers: the Excel sheets that stations keep, read as people wrote them.

Nouns: Register (one uploaded workbook), Column (which column holds what), Row (clean values or reasons).
States: uploaded → checked → importing → imported; uploaded or checked → discarded.
Verbs: read (find the head, map the columns, propose clean values), check (reject, warn, point out doubles),
import the good rows (once, however often), give back the bad ones as Excel with a reason column.
"""
