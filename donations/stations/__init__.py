"""Donation stations: where people bring gifts.

Nouns: Station (code ZD-<region>-NN, place, hours, operator, the funds it collects for).
States: open ↔ closed.
Verbs: open_station, change_station, close_station, reopen_station.
Its workers are station workers of the organization that operates it. Anyone finds the open ones at
``/stations/``, the street's staff keep them at ``/desk/stations/``.
"""
