"""Workflow: how a row moves from one state to the next, once, with a history row.

Nouns: Workflow (one table of moves for a model), Move (who may, from where to where, what else is written),
Transition (who, when, from, to, why). From a table come the actions, their pages and buttons, the work lists
of the desk, whose turn it is, and the guards in PostgreSQL. How a room uses it: docs/explanation/a-room.md.
"""
