"""Telling gifts from totals, notes, signatures, empty numbered lines and sections on expenses (二、支出)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from donations.registers.reading.amounts import amount_fen
from donations.registers.reading.columns import Columns
from donations.registers.reading.results import Cell, Field, Unreadable
from donations.registers.reading.text import folded, half_width, is_blank, says_nothing, shown

_TOTAL_WORDS = (
    r"小计|合计|总计|共计|累计|总额|总数|总金额|[本当每][页月日年季期周]计|[月日年页季]计|承前页?|过次页?|转[下次]页"
    r"|接[上前]页|结转[下次]页|上页结转|subtotal|grandtotal|totals?|sum"
)
TOTAL = re.compile(
    rf"[^,。;]{{0,14}}?(?:{_TOTAL_WORDS})(?:金额|人民币|捐[款赠]|善款|donations?|amount)*(?:[:(为共¥\d大=].*)?"
)
# Totals whatever stands beside them: 合计, 11月小计, 微信合计. Others (杨小计, Lam Sum) may be people.
_SURELY_TOTAL = re.compile(
    rf"(?:[本当每今上全第\d一二三四五六七八九十百年月日周季度期页次至到笔人户共~\-./、,()]|以上|截[至止]|现金|微信|支付宝|扫码|银行|转[账帐]"
    rf"|支票|收入|支出|捐[款赠]|善款|个人|单位|企业|匿名|线[上下]|金额|人民币|grand|sub|sheet|page|donations?|amount|income)*"
    rf"(?:{_TOTAL_WORDS})(?:金额|人民币|捐[款赠]|善款|donations?|amount)*(?:[:(为共¥\d大=].*)?"
)
_NUMBERED = re.compile(r"[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.)]")
_TOTAL_HINT = re.compile(rf"{_TOTAL_WORDS}|计$|合|sum|total", re.IGNORECASE)
BALANCE = re.compile(
    r"(?:上年|上月|上期|期初|期末|本期|本月|年初|年末)?(?:余额|结余|结转|利息|利息收入|手续费|银行利息)"
)
_LABEL = re.compile(
    r".{0,12}[:]\s*.{0,24}|[(\[]?(?:备注|说明|注|附注|填表说明|note)s?[)\]]?[:.、].*|第.{1,4}页.*|共.{1,4}页.*|.*(?:签名|签字|盖章|公章)[)\]]?|(?:制表|填表|审核|复核|负责|经办|站长|会计|出纳)人?.{0,8}"
    r"|[一二三四五六七八九十]+[、.].*|\([一二三四五六七八九十\d]+\).*|以下空白|此行以下.*|.*(?:续表|接上表|登记表|明细表|汇总表)[(\[]?.{0,6}"
)
_VOID = re.compile(r"[作废退取红冲廢紅沖]|void|cancel|refund", re.IGNORECASE)
_VOIDED = re.compile(
    r"(?:此[行笔条]|本[行笔条])?(?:已)?(?:作废|退款|退捐|取消|红冲|冲销|退回|void(?:ed)?|cancell?ed|refund(?:ed)?)[!。.]?"
)
_GIFT_FIELDS = (Field.PHONE, Field.ID_NUMBER, Field.WAY, Field.PURPOSE, Field.RECEIPT, Field.KIND)


@dataclass(slots=True)
class Sums:
    """What the amounts read so far add up to, in fen: to know a total that carries no label."""

    since_total: int = 0
    overall: int = 0

    def add(self, fen: int) -> None:
        self.since_total += fen
        self.overall += fen


def total_in(line: Sequence[Cell], columns: Columns, sums: Sums | None = None) -> str | None:
    """The label that makes a line a total (小计, 合计:, 承前页 …), or None.

    A donor's name may look like one: beside a day and an amount it is a name, or where it repeats no sum.
    """
    note = columns.places.get(Field.NOTE)
    words: list[str] = []
    if _names_a_donor(line, columns, sums):
        return None
    for place, cell in enumerate(line):
        if isinstance(cell, str) and place != note and cell and _TOTAL_HINT.search(cell):
            text = _NUMBERED.sub("", folded(cell), count=1)
            if any(pattern.fullmatch(text) for pattern in (TOTAL, BALANCE, _SURELY_TOTAL)):
                return shown(cell)
        if isinstance(cell, str) and len(words) < 3 and (word := folded(cell)):
            words.append(word)
    if any(BALANCE.fullmatch(word) for word in words):
        return shown(" ".join(words))
    split = "".join(words)  # 合 | 计, each in a cell of its own
    return split if len(split) <= 4 and len(words) > 1 and TOTAL.fullmatch(split) else None


def _names_a_donor(line: Sequence[Cell], columns: Columns, sums: Sums | None) -> bool:
    """Whether what looks like a total stands where donors do, in a line that is a gift in everything else."""
    place = columns.places.get(Field.DONOR)
    cell = line[place] if place is not None and place < len(line) else None
    if not isinstance(cell, str) or is_blank(cell) or _SURELY_TOTAL.fullmatch(folded(cell)):
        return False
    if BALANCE.fullmatch(folded(cell)) or not amount_cells(line, columns):
        return False
    return _has_day(line, columns) or (sums is not None and not _repeats_a_sum(line, columns, sums))


def why_no_gift(line: Sequence[Cell], columns: Columns, sums: Sums) -> str | None:
    """Why a line without a plain date and donor is no gift: total, note, blank; None when it is one."""
    if total_in(line, columns, sums):
        return "total"
    day, donor, amount = (
        _has_day(line, columns),
        _has(line, columns, Field.DONOR),
        amount_cells(line, columns),
    )
    if not (day or donor or amount):
        return "blank" if _only_numbered(line, columns) else "note"
    known = _numbered(line, columns) or any(_has(line, columns, field) for field in _GIFT_FIELDS)
    if amount:
        return "total" if not (day or donor or known) and _repeats_a_sum(line, columns, sums) else None
    if day and donor:
        return None
    return None if known and not _all_labels(line) else "note"


def is_void(line: Sequence[Cell], columns: Columns) -> bool:
    """Whether a cell says that this line no longer counts: 作废, 已退款."""
    for field in (Field.NOTE, Field.DONOR, Field.AMOUNT, Field.RECEIPT, Field.KIND, Field.WAY):
        place = columns.places.get(field)
        cell = line[place] if place is not None and place < len(line) else None
        if (
            isinstance(cell, str)
            and 1 < len(cell) < 14
            and _VOID.search(cell)
            and _VOIDED.fullmatch(folded(cell))
        ):
            return True
    return False


def amount_cells(line: Sequence[Cell], columns: Columns) -> list[int]:
    """The columns of a line that hold something where an amount may be."""
    places = [*columns.ways, *columns.purposes, *columns.coins]
    places += [columns.places[field] for field in (Field.AMOUNT, Field.CAPITALS) if field in columns.places]
    return [place for place in places if place < len(line) and _filled(line[place])]


def declared_fen(line: Sequence[Cell], columns: Columns) -> int | None:
    """The amount that a total line states, in fen."""
    first = columns.places.get(Field.AMOUNT)
    if first is not None and first < len(line) and (fen := _fen(line[first], columns.unit)) is not None:
        return fen
    found = {
        fen
        for cell in line
        if isinstance(cell, int | float) and (fen := _fen(cell, columns.unit)) is not None
    }
    return found.pop() if len(found) == 1 else None


def _fen(cell: Cell, unit: int) -> int | None:
    try:
        return amount_fen(cell, unit)
    except Unreadable:
        return None


def _repeats_a_sum(line: Sequence[Cell], columns: Columns, sums: Sums) -> bool:
    return declared_fen(line, columns) in {sums.since_total, sums.overall}


def _filled(cell: Cell) -> bool:
    return not is_blank(cell) and not (isinstance(cell, str) and says_nothing(cell))


def _has(line: Sequence[Cell], columns: Columns, field: Field) -> bool:
    place = columns.places.get(field)
    if place is None or place >= len(line) or not _filled(line[place]):
        return False
    return not _is_label(line[place])


def _has_day(line: Sequence[Cell], columns: Columns) -> bool:
    return _has(line, columns, Field.DATE) or _has(line, columns, Field.DAY)


def _numbered(line: Sequence[Cell], columns: Columns) -> bool:
    place = columns.places.get(Field.SERIAL)
    cell = line[place] if place is not None and place < len(line) else None
    return (
        not is_blank(cell)
        and any(character.isdigit() for character in half_width(cell))
        and len(half_width(cell)) < 24
    )


def _only_numbered(line: Sequence[Cell], columns: Columns) -> bool:
    """A form's empty line: nothing but its printed number and what is filled in beforehand."""
    return not any(isinstance(cell, str) and _is_label(cell) for cell in line) and _numbered(line, columns)


def _is_label(cell: Cell) -> bool:
    if not isinstance(cell, str) or isinstance(cell, date | datetime):
        return False
    text = half_width(cell)
    return len(text) > 60 or _LABEL.fullmatch(text) is not None


def _all_labels(line: Sequence[Cell]) -> bool:
    texts = [cell for cell in line if isinstance(cell, str) and not is_blank(cell)]
    return bool(texts) and all(map(_is_label, texts))


_NUMBERED_HEADING = (
    r"(?:[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.:)]*|第[一二三四五六七八九十\d]部分[:、]?|[a-z][.、)])?"
)
_OUT = (
    "支出|使用|支用|开支|拨付|发放|派发|下拨|购买|采购|付款|付出|费用|资助|救助|慰问|帮扶|转出|去向"
    "|expen(?:ses?|ditures?)|payments?|spending|outgoings?|disbursements?|paidout|useoffunds"
)
_IN = "收入|进账|来款|筹款|募捐|捐[款赠献]|善款|income|receipts?|donations?|gifts?"
_ENDING = "(?:项目|资金|款项?|明细|情况|部分|清单|名单|记录|公示|公开|公告|一览|统计|汇总|台[账帐]|表)*[:]?"
_ABOUT = "[^,。;:]{0,14}?"
_HEADING_OUT = re.compile(rf"{_NUMBERED_HEADING}{_ABOUT}(?:{_OUT}){_ENDING}")
_HEADING_IN = re.compile(rf"{_NUMBERED_HEADING}{_ABOUT}(?:{_IN}){_ENDING}")
_BALANCE = re.compile(rf"{_NUMBERED_HEADING}{_ABOUT}(?:结余|余额|结存){_ENDING}")
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
