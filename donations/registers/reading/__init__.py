"""Reading a register as a person would: pure Python, no models and no database.

``open_book`` opens the file (or refuses it), ``choose_sheet`` finds the sheet and its head, ``read_rows``
walks the rows: each gift comes out as a ``Row`` with clean values, warnings and problems, every other line
as a ``Skipped`` line with the reason why it is no gift. Nothing here knows sentences: problems carry codes,
and ``donations.registers.messages`` turns them into words.
"""
