"""Regions: administrative divisions.

Nouns: Region (province 2, city 4, district 6, street 9, community 12 digits).
Verbs: load (from a ``code,name`` CSV, can be repeated), find (by code, name or pinyin;
``forms.RegionField``).
A region is identified by its code: two streets may have the same name. A code is the prefix of all codes
below it.
"""
