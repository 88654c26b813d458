"""Workflow: how a row moves from one state to the next, with a history row for each move.

Nouns: Workflow (one table of moves for a model), Move (who may, from where to where, what else is written),
Transition (who, when, from, to, why). The table provides the actions, their pages and buttons, the work lists
of the desk, the sentence that says who acts next, and the guards in PostgreSQL. How to use it:
docs/explanation/a-room.md.
"""
