"""A bare Django: no apps but its own, no middleware; one view with one query and a template of 20 rows."""
