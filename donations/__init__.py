"""Donations: stations, gifts of money, and registers brought in from Excel."""
