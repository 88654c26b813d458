"""Names in cells: one person's, or several people's in one cell."""

import re

from donations.registers.reading.choices import is_nameless
from donations.registers.reading.results import Cell
from donations.registers.reading.text import half_width, kept, shown

_BETWEEN = re.compile(r"[\s、,，;/|&+]+|和|与|及|暨")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_AND_OTHERS = re.compile(r"等(?:\d+|[一二两三四五六七八九十几多]+)?(?:[人位名个]+)?$")
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


def name_of(cell: Cell) -> str:
    """The name as it is kept. The gap that aligns a short name goes; that between two names stays."""
    return shown(cell) if several_people(cell) else kept(cell)
