"""Regions: the administrative divisions that everything else is placed in.

Nouns: Region (province 2, city 4, district 6, street 9, community 12 digits).
Verbs: load (from a ``code,name`` CSV, re-runnable), find (by code, name or pinyin; ``forms.RegionField``).
A region's code is its identity: two streets may share a name. A code's prefix covers all below it.
"""
