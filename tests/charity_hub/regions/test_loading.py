"""Loading administrative divisions."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from charity_hub.regions.loading import BUNDLED, BadRegions, Loaded, load_regions
from charity_hub.regions.models import Level, Region

pytestmark = pytest.mark.django_db

GUICHENG = """\
code,name
44,广东省
4406,佛山市
440605,南海区
440605011,桂城街道
440605011001,示例社区居委会
"""


def csv(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "regions.csv"
    path.write_text(text, encoding=encoding)
    return path


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(BadRegions) as caught:
        load_regions(csv(tmp_path, text))
    assert not Region.objects.exists()
    return caught.value.problems


def test_all_divisions_come_in_and_twice_is_harmless() -> None:
    assert load_regions() == Loaded(added=48_372, changed=0, unchanged=0)
    assert load_regions() == Loaded(added=0, changed=0, unchanged=48_372)

    guicheng = Region.objects.get(code="440605011")
    assert guicheng.full_name == "广东省佛山市南海区桂城街道"
    assert guicheng.level == Level.STREET
    assert guicheng.children.count() == 45
    assert guicheng.pinyin.startswith("guichengjiedao gcjd ")
    # A city without districts has its streets below it.
    assert Region.objects.get(code="441900003").full_name == "广东省东莞市东城街道"
    # What stands between a city and its districts in the statistics is no part of an address.
    assert Region.objects.get(code="110101001").full_name == "北京市东城区东华门街道"
    assert Region.objects.get(code="1101").full_name == "北京市市辖区"
    # Every row but a province has somebody above it.
    assert not Region.objects.filter(parent=None).exclude(level=Level.PROVINCE).exists()


def test_the_bundled_file_is_the_whole_of_china() -> None:
    with BUNDLED.open(encoding="utf-8-sig") as file:
        assert sum(1 for _line in file) == 48_373


def test_a_changed_name_reaches_everything_below(tmp_path: Path) -> None:
    load_regions(csv(tmp_path, GUICHENG))

    loaded = load_regions(csv(tmp_path, GUICHENG.replace("南海区", "南海新区")))

    assert loaded == Loaded(added=0, changed=3, unchanged=2)
    assert Region.objects.get(code="440605011").full_name == "广东省佛山市南海新区桂城街道"


def test_what_the_file_leaves_out_stays(tmp_path: Path) -> None:
    load_regions(csv(tmp_path, GUICHENG))
    load_regions(csv(tmp_path, "code,name\n44,广东省\n4406,佛山市\n"))

    assert Region.objects.filter(code="440605011").exists()


def test_the_nearest_one_above_is_the_parent(tmp_path: Path) -> None:
    load_regions(csv(tmp_path, "code,name\n44,广东省\n4419,东莞市\n441900003,东城街道\n"))

    assert Region.objects.get(code="441900003").parent_id == "4419"


def test_order_does_not_matter(tmp_path: Path) -> None:
    head, *rows = GUICHENG.splitlines()
    load_regions(csv(tmp_path, "\n".join([head, *reversed(rows)])))

    assert Region.objects.get(code="440605011").parent_id == "440605"


def test_spreadsheets_mark_the_beginning_of_the_file(tmp_path: Path) -> None:
    load_regions(csv(tmp_path, GUICHENG, encoding="utf-8-sig"))

    assert Region.objects.count() == 5


def test_every_bad_row_is_named_with_its_line(tmp_path: Path) -> None:
    text = "code,name\n44,广东省\n44,广东省\n4406,\n44060,短\nabc,字母\n440605,南海区\n350203001,孤儿街道\n"

    with translation.override("en"):
        found = problems(tmp_path, text)

    assert [sentence.partition(":")[0] for sentence in found] == [f"Line {line}" for line in (3, 4, 5, 6, 8)]


@pytest.mark.parametrize("text", ["", "name,code\n广东省,44\n", "code,name\n", "code;name\n44;广东省\n"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    assert len(problems(tmp_path, text)) == 1


def test_full_width_digits_are_no_code(tmp_path: Path) -> None:
    assert problems(tmp_path, "code,name\n４４,广东省\n")


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_regions", str(csv(tmp_path, GUICHENG)), stdout=out)

    assert out.getvalue() == "Regions: 5 added, 0 changed, 0 unchanged.\n"


@pytest.mark.parametrize("path", ["/nowhere/regions.csv", __file__])
def test_the_command_refuses_in_words(path: str) -> None:
    with pytest.raises(CommandError):
        call_command("load_regions", path)


def test_a_file_in_another_encoding_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("load_regions", str(csv(tmp_path, GUICHENG, encoding="gb18030")))


def test_a_load_takes_a_handful_of_statements(
    tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path = csv(tmp_path, GUICHENG)
    with django_assert_max_num_queries(9):
        load_regions(path)


@pytest.mark.parametrize("code", ["4", "4406050", "44060501", "4406050110", "abcd", "４４"])
def test_postgresql_knows_the_shape_of_a_code(code: str) -> None:
    with (
        pytest.raises(IntegrityError, match="region_code_is_2_4_6_9_or_12_digits"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO regions_region (code, name, level, full_name, pinyin) VALUES (%s, 'x', 2, 'x', '')",
            [code],
        )
