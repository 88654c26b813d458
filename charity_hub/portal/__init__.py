"""The portal: the frame that every page hangs in.

Nouns: menu entry, work list ("waiting for me"), home panel: each app registers its own in ``registry``.
Verbs: show the home page and the desk, search, switch language and type size, answer ``/healthz``.
Also the parts that pages share: list pages, forms, tables, export, template tags for money, dates, states.
"""
