"""Sections of a sheet that tell of money that went out: “二、支出”, a second table of expenses."""

import re
from collections.abc import Sequence

from donations.registers.reading.columns import Columns
from donations.registers.reading.lines import amount_cells
from donations.registers.reading.results import Cell
from donations.registers.reading.text import folded, is_blank

_NUMBERED = (
    r"(?:[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.:)]*|第[一二三四五六七八九十\d]部分[:、]?|[a-z][.、)])?"
)
_OUT = (
    "支出|使用|支用|开支|拨付|发放|派发|下拨|购买|采购|付款|付出|费用|资助|救助|慰问|帮扶|转出|去向"
    "|expen(?:ses?|ditures?)|payments?|spending|outgoings?|disbursements?|paidout|useoffunds"
)
_IN = "收入|进账|来款|筹款|募捐|捐[款赠献]|善款|income|receipts?|donations?|gifts?"
_ENDING = "(?:项目|资金|款项?|明细|情况|部分|清单|名单|记录|公示|公开|公告|一览|统计|汇总|台[账帐]|表)*[:]?"
_ABOUT = "[^,。;:]{0,14}?"
_HEADING_OUT = re.compile(rf"{_NUMBERED}{_ABOUT}(?:{_OUT}){_ENDING}")
_HEADING_IN = re.compile(rf"{_NUMBERED}{_ABOUT}(?:{_IN}){_ENDING}")
_BALANCE = re.compile(rf"{_NUMBERED}{_ABOUT}(?:结余|余额|结存){_ENDING}")
_BOTH = re.compile(rf"收支|收入[与和及、]?支出|(?:{_IN}).*[与和及、].*(?:{_OUT})")
_FOR_EXPENSES = re.compile("支出|领[取款]|购买|采购|供应商|expense|spent|supplier")
_FOR_GIFTS = re.compile("捐|赠|善长|芳名|donor|donation|gift")
_PERHAPS_EXPENSES = re.compile("受[助益]|收款(?:单位|人|方)|支付对象|发放|拨付|payee|paidto")
# “(单位:元)”, and what makes a heading stand out.
_AROUND = re.compile(r"\([^()]*\)$|[【】\[\]<>《》■●◆★☆*#=\-—_·|]")
_SENTENCE = re.compile("用于|以上|全部|感谢|谢谢|请|由|须|将|为")  # a note, not a heading
_SURELY_NUMBERED = re.compile("[(]?[一二三四五六七八九十]+[)、.]")


def heading(line: Sequence[Cell], columns: Columns) -> str | None:
    """Of which money a heading says that it stands below: “in”, “out” or “balance”; None for no heading.

    A heading is a text almost alone in its line; with an amount beside it only one that is numbered, else it
    might be a gift.
    """
    filled = [cell for cell in line if not is_blank(cell)]
    if not filled or len(filled) > 2 or not isinstance(filled[0], str):
        return None
    text, amounts = folded(filled[0]), [line[place] for place in amount_cells(line, columns)]
    if filled[0] in amounts or len(text) > 24:
        return None
    if len(filled) == 2 and not (filled[1] in amounts and _SURELY_NUMBERED.match(text)):
        return None
    kind = about(text)
    return None if kind == "in" and len(filled) == 2 else kind  # （一）班捐款 | 500: a gift


def about(text: str) -> str | None:
    """The same for the words of a heading, folded."""
    text = _AROUND.sub("", text)
    if _BOTH.search(text) or _SENTENCE.search(text):
        return None
    for kind, words in (("balance", _BALANCE), ("out", _HEADING_OUT), ("in", _HEADING_IN)):
        if words.fullmatch(text):
            return kind
    return None


def names_expenses(title: str) -> bool:
    """Whether a title is one of a table of expenses: 支出金额, 领款人."""
    return _FOR_EXPENSES.search(folded(title)) is not None


def titles_say(line: Sequence[Cell]) -> str | None:
    """Of which money titles tell: “out” for 支出项目, “in” for 捐赠人; None when that is unclear."""
    titles = " ".join(folded(cell) for cell in line if isinstance(cell, str))
    if _FOR_EXPENSES.search(titles):
        return "out"
    if _FOR_GIFTS.search(titles):
        return "in"
    return "out" if _PERHAPS_EXPENSES.search(titles) else None
