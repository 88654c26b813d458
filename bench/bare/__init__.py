"""A bare Django project: only its own app, no middleware; one view with one query and a template of 20
rows.
"""
