"""The portal: the frame of every page.

Nouns: menu entry, work list, home panel: each app registers its own in ``registry``.
Verbs: show the home page and the desk, search, switch language and text size, answer ``/healthz``.
Also the parts that pages share: list pages, forms, tables, export, template tags for money, dates, states.
"""
