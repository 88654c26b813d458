"""Tables that come as text: their coding, what divides their cells, what guards their numbers."""

from pathlib import Path

import pytest

from donations.registers.reading.files import open_book
from donations.registers.reading.results import BadFile
from tests.donations.registers.workbooks import Read

TRADITIONAL = "日期,姓名,金額,備註\n2025-03-05,陳示例,100,無\n2025-03-06,黃示例,200,長者中心\n"
SIMPLIFIED = "日期,姓名,金额,备注\n2025-03-05,陈示例,100,无\n2025-03-06,黄示例,200,长者中心\n"


def text(folder: Path, data: bytes) -> Path:
    path = folder / "register.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("words", "coding"),
    [
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "utf-8"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL.partition("\n")[2], "big5"),
        (SIMPLIFIED.partition("\n")[2], "gb18030"),
        ("日期,姓名,金额\n2025-03-05,㛃镕堃,100\n2025-03-06,龑羴,200\n", "gb18030"),
    ],
)
def test_chinese_is_read_in_the_coding_it_was_saved_in(tmp_path: Path, words: str, coding: str) -> None:
    with open_book(text(tmp_path, words.encode(coding))) as book:
        assert [",".join(map(str, line)) for line in book.sheet("").lines()] == words.splitlines()


def test_a_damaged_coding_is_refused_and_not_read_as_another(tmp_path: Path) -> None:
    data = SIMPLIFIED.encode().replace("示".encode(), b"\xe7\xff")
    with pytest.raises(BadFile, match="coding_unclear"), open_book(text(tmp_path, data)):
        pass


@pytest.mark.parametrize(
    "lines",
    [
        ["日期\t姓名\t金额", "2025-03-05\tLee, Siu Ming, Esq., Hong Kong\t1,000.00"],
        ["日期;姓名;金额", "2025-03-05;Lee, Siu Ming, Esq., Hong Kong;1,000.00"],
        ["2025年捐赠登记表,,", "日期,姓名,金额", '2025-03-05,"Lee, Siu Ming, Esq., Hong Kong",1000'],
        ["日期|姓名|金额", "2025-03-05|Lee, Siu Ming, Esq., Hong Kong|1,000.00"],
    ],
)
def test_cells_are_divided_by_the_mark_that_divides_all_lines_alike(tmp_path: Path, lines: list[str]) -> None:
    taken = Read(text(tmp_path, "\n".join(lines).encode())).taken
    assert taken == [("2025-03-05", "Lee, Siu Ming, Esq., Hong Kong", 100_000)]


@pytest.mark.parametrize(
    ("phone", "identity"),
    [
        ('="13800001231"', '="11010519491231002X"'),
        ('"=""13800001231"""', '"=""11010519491231002X"""'),
        ("'13800001231", "'11010519491231002X"),
        ("\t13800001231", "\t11010519491231002X"),
    ],
)
def test_phones_and_ids_guarded_against_excel_are_kept(tmp_path: Path, phone: str, identity: str) -> None:
    words = f"日期,姓名,电话,身份证号,金额\n2025-03-05,陈示例,{phone},{identity},100\n"
    row = Read(text(tmp_path, words.encode())).rows[0]
    assert (row.phone, row.id_number) == ("+8613800001231", "11010519491231002X")
