"""Workflow: how a row moves from one state to the next, once, with a history row.

Nouns: Flow (the table of allowed moves, beside each state field), Transition (who, when, from, to, why).
Verbs: lock (the row, then read it again), move (conditionally, in the caller's transaction).
Moving to the state a row is already in is a quiet no-op; a move the table does not know is refused.
"""
