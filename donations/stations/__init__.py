"""Donation stations: where people bring gifts.

Nouns: Station (code, place, hours, operator, the funds it collects for).
States: open ↔ closed.
Verbs: open, change, close.
"""
