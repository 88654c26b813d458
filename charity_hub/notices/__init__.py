"""Notices: what people are told, in the portal and by text message, once for each event.

Nouns: Notice (one row for a person and a channel), NoticeChoice (what somebody wants by which channel).
Kinds are registered by the rooms that tell. States: waiting → sending → sent | failed; from sending also back
to waiting, or to unsure when the worker was lost.
Verbs: notify (in the transaction that acts), send what is due, mark as read, choose, send again.
"""
