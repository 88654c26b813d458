"""Names, phone numbers, identity numbers and credit codes as they stand in Excel cells."""

import re

from stdnum.cn import uscc

from charity_hub.people.id_numbers import id_problem
from charity_hub.people.phones import parse_phone
from donations.registers.reading.choices import is_nameless
from donations.registers.reading.results import Cell, Unreadable
from donations.registers.reading.text import half_width, kept, says_nothing, shown

_MOBILE = re.compile(r"1[3-9]\d{9}")
_MOBILE_WITHIN = re.compile(r"(?<!\d)(?:(?:\+|00)?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)")
_LANDLINE = re.compile(
    r"(?:(?:\+?86[\s-]*)?[(]?0(?:10|2\d|[3-9]\d\d)[)]?[\s—–-]*)?[2-9]\d{2,3}[\s-]?\d{4}"
    r"(?:\s*(?:转|分机|ext\.?|x|#|[—–-])\s*\d{1,6})?|[48]00[\s-]?\d{3,4}[\s-]?\d{3,4}(?:转\d{1,6})?",
    re.IGNORECASE,
)
_NEIGHBOUR = re.compile(r"85[23]\d{8}|8869\d{8}")  # Hong Kong, Macau, Taiwan, their + forgotten
_FILLER = re.compile(r"[\s\-–—.·()_]|^(tel|电话|手机|手机号)?[::]?", re.IGNORECASE)
_SEVERAL = re.compile(r"[/,;、|和或\n]")
# What Excel makes of a long number in a column that is not text: 13800001234.0, 1.38E+10.
_POINT_ZERO = re.compile(r"(?<=\d{11})\.0+$")
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+?(\d{1,2})", re.IGNORECASE)
_COUNTRY = re.compile(r"^(\+|00)?86(?=1)")
_NOT_GIVEN = re.compile(r"不?(便|愿)?(透露|提供|留)|保密|未留|未提供|没留|略")


def phone_and_rest(cell: Cell) -> tuple[str, str]:
    """The phone number of a cell, and what else it says: a second number, whose the number is.

    A mobile number comes as +86 and eleven digits, the first of several; a landline as it is written, as on
    the form. Empty when the cell has none. Raises ``Unreadable`` when none is usable.
    """
    text = half_width(cell)
    if _MOBILE.fullmatch(text):  # as most cells have it
        return f"+86{text}", ""
    if says_nothing(text) or _NOT_GIVEN.fullmatch(text):
        return "", ""
    text = _spelt_out(_POINT_ZERO.sub("", text.lstrip("'")))
    for part in [text, *_SEVERAL.split(text)]:
        digits = _COUNTRY.sub("", _FILLER.sub("", part))
        if _MOBILE.fullmatch(digits):
            return f"+86{digits}", _rest(text, part)
    if found := _MOBILE_WITHIN.search(text):
        return f"+86{re.sub(r'[^0-9]', '', found[0])[-11:]}", _rest(text, found[0])
    for part in [text, *_SEVERAL.split(text)]:
        if number := _other_number(part.strip()):
            return number, _rest(text, part)
    raise Unreadable("phone_shortened" if _SHORTENED.fullmatch(text) else "phone_unusable")


def _rest(text: str, part: str) -> str:
    rest = text.replace(part, " ", 1).strip(" /,;、|和或:()-")
    return f"电话：{rest}" if rest else ""


def _other_number(text: str) -> str:
    """A number from abroad with its country code, or a landline as it is written; empty for neither."""
    if found := parse_phone(text):
        return found
    digits = _FILLER.sub("", text)
    if _NEIGHBOUR.fullmatch(digits) and (found := parse_phone(f"+{digits}")):
        return found
    return text if _LANDLINE.fullmatch(text) else ""


def _spelt_out(text: str) -> str:
    """1.3800001234E+10 with all its figures; as it stands where Excel dropped some."""
    found = _SHORTENED.fullmatch(text)
    figures = re.sub(r"\D", "", text[: text.upper().index("E")]) if found else ""
    return figures if found and len(figures) == int(found[1]) + 1 else text


def identity_of(cell: Cell, kind: str) -> str:
    """A person's ID number, or an organization's credit code; empty when the cell has none.

    Raises ``Unreadable`` when the number fails its own check digit, or is of the wrong sort for the donor.
    """
    text = half_width(cell)
    if says_nothing(text) or _NOT_GIVEN.fullmatch(text):
        return ""
    number = re.sub(r"[\s\-'’‘.]", "", text).upper().replace("Χ", "X").replace("×", "X")
    if kind == "organization" and uscc.is_valid(number):
        return number
    if kind != "organization" and id_problem(number) is None:
        return number
    raise Unreadable("id_shortened" if _SHORTENED.fullmatch(text) else "id_unusable")


_BETWEEN = re.compile(r"[\s、,，;/|&+]+|和|与|及|暨")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_AND_OTHERS = re.compile(r"等(?:\d+|[一二两三四五六七八九十几多]+)?(?:[人位名个]+)?$")
_MASKED = re.compile(r"[*＊●○◯×✕]|^[\u3400-\u9fff]{0,2}某[\u3400-\u9fff]?$")
_BOTH_LATIN = re.compile(r"[a-z]\s*(?:&|\band\b)\s*[a-z]", re.IGNORECASE)
# Words beside a name that are no second name.
_NO_NAME = re.compile(
    r"(?:先生|女士|小姐|太太|夫人|老师|教师|医生|师傅|阿姨|叔叔|伯伯|爷爷|奶奶|老伯|大[姐哥]|同[学志]|书记|主任|校长|经理|会长|院长|所长|队长"
    r"|[一全合阖]家|家[庭人属]|夫[妇妻婦]|[父母][子女]|兄弟|姐妹|敬[捐赠]|代[捐交]|党员|业主|志愿者|义工|学生|家长|退休|个人|单位|善款|捐[款赠])"
    r"|(?:退休|热心|爱心|好心|善心).*|.*(?:市民|居民|村民|街坊|[省市区县镇村街]|社区|小区|[栋座楼号室]|老师|先生|女士|小姐)"
)


def several_people(cell: Cell) -> bool:
    """Whether a cell names more than one person: 张三 李四, 张三、李四, 张三等3人. 张 三 is one."""
    if not isinstance(cell, str):
        return False
    text = _IN_BRACKETS.sub(" ", half_width(cell)).strip()
    if _BOTH_LATIN.search(text):
        return True
    alone = _AND_OTHERS.sub("", text)
    named = [part for part in _BETWEEN.split(alone) if _NAME.fullmatch(part) and not _is_no_name(part)]
    return len(named) > 1 or (bool(named) and alone != text)


def _is_no_name(part: str) -> bool:
    return _NO_NAME.fullmatch(part) is not None or is_nameless(part)


def hides_signs(name: str) -> bool:
    """Whether a name is masked (李**, J*o, 李某某) or has no letter at all (an emoji)."""
    return _MASKED.search(name) is not None or not any(map(str.isalpha, name))


def name_of(cell: Cell) -> str:
    """The name as it is kept. The gap that aligns a short name goes; that between two names stays."""
    return shown(cell) if several_people(cell) else kept(cell)
