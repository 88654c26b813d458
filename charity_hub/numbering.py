"""Running numbers of papers, ``ZC-2026-00035``: from a sequence of PostgreSQL, so none is given twice.

What is refused after its number was drawn leaves a gap.
"""

from django.db import connection, models


def draw(sequence: str, count: int = 1) -> list[int]:
    """The next numbers of a sequence; no query for none."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(named) FROM CAST(%s AS regclass) named, generate_series(1, %s)", [sequence, count]
        )
        return [number for (number,) in cursor.fetchall()]


def draw_ids(model: type[models.Model], count: int) -> list[int]:
    """The next keys of a model's table, for rows that are written with them; no query for none."""
    return draw(f"{model._meta.db_table}_id_seq", count)


def printed(prefix: str, year: int, number: int, *, digits: int = 6) -> str:
    """The number as papers show it."""
    return f"{prefix}-{year}-{number:0{digits}}"


def next_number(sequence: str, prefix: str, year: int, *, digits: int = 6) -> str:
    """One new number, as it is printed."""
    return printed(prefix, year, *draw(sequence), digits=digits)
