import json

import pytest
from django.db import DatabaseError, connection, transaction

from charity_hub.reports.frozen_figures import canonical, digest

SAMPLES = [
    {},
    {"b": 1, "a": [], "ab": {"": "", "é": -5}},
    {"名称": "桂城街道", "𠮷": "㙟 🎁", "Z": "\u007f"},
    {"text": 'quote " back \\ slash / tab \t line \n bell \u0007 \u2028'},
    {"list": [1, "1", [{"x": 0}], 9_007_199_254_740_993, 10**18]},
]


def test_keys_are_sorted_and_nothing_is_padded() -> None:
    assert canonical({"b": 1, "a": ["x", 2]}) == '{"a":["x",2],"b":1}'


@pytest.mark.parametrize("value", [1.0, None, True, {"a": 2.5}, [None], {1: "x"}, (1, 2)])
def test_only_strings_and_integers_are_frozen(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"figure": value})


@pytest.mark.django_db
@pytest.mark.parametrize("figures", SAMPLES)
def test_postgresql_writes_and_hashes_the_same(figures: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reports_canonical(%s), encode(sha256(convert_to(reports_canonical(%s), 'UTF8')), 'hex')",
            [json.dumps(figures)] * 2,
        )
        assert cursor.fetchone() == (canonical(figures), digest(figures))


@pytest.mark.django_db
@pytest.mark.parametrize("figures", ['{"a": 1.5}', '{"a": 1.0}', '{"a": null}', "[true]"])
def test_postgresql_refuses_all_else(figures: str) -> None:
    with pytest.raises(DatabaseError, match="strings and integers"), transaction.atomic():
        connection.cursor().execute("SELECT reports_canonical(%s)", [figures])
