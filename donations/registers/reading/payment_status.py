"""Whether the money of a row came in and stayed: directions, states, and words that say that it did not."""

import re
from functools import lru_cache

from donations.registers.reading.text import folded

_IN = re.compile(
    r"收|收入|收款|入|进|进账|入账|来账|转入|存|存入|贷|贷方|贷记|贷?\(?cr\)?|c|credit|in|income|incoming|inflow"
    r"|deposit|received|moneyin|\+"
)
_OUT = re.compile(
    r"支|支出|付|付款|出|出账|往账|转出|支取|取|提现|借|借方|借记|借?\(?dr\)?|d|debit|out|expense|outgoing|outflow"
    r"|withdrawal|moneyout|-"
)
_PLAINLY = re.compile(
    r"收入|支出|[收支借贷]|[借贷][方记]|[借贷]\(?[cd]r\)?|[cd]r|进账|出账|credit|debit|in|out|income|expense|incoming|outgoing"
)
_NEITHER = re.compile(r"/|不计收支|中性(?:交易)?|其[他它]|neutral|--+|—+")

_YES = re.compile(r"是|有|对|y|yes|t|true|1|[√✓✔☑]")
_NO = re.compile(r"否|无|不|n|no|f|false|0|[×✗✘✕x/-]")
_CAME = re.compile(
    r"已?到[账帐](?:成功)?|已?入[账帐]|(?:已|对方已|朋友已)?收(?:款|到|钱|讫)(?:成功)?|已存入零钱"
    r"|(?:支付|交易|付款|转[账帐]|收款|捐[赠款]|处理|汇款|入账|到账|订单|扣款|认捐)?(?:已)?(?:成功|完成)|已支付|已付款?"
    r"|已缴[费款]?|已捐[赠款]?|正常|有效|生效|已?确认|已?核[对实销]|已?对[账帐]|(?:审[核批]|复核|初审|终审|核验)?已?通过"
    r"|已审[核批]?|已复核|已登记|已记[录账]|已结[算清]|已清算|已开票|合格|ok|paid|succe(?:ss(?:ful)?|eded)|completed?"
    r"|settled|received|recorded|posted|cleared|captured|approved|confirmed|active|valid|done|normal"
)
_PARTLY = re.compile(r"部分|部份|partial")
_NOT_GONE = re.compile(r"(?:未|无|没有?)(?:退|作废|撤|取消|冲|异常)")
_CAME_NOT = re.compile(
    r"退|失败|待|未|没|关闭|撤|废|取消|驳回|不通过|不予|不合格|无效|处理中|审核中|进行中|支付中|冻结|拒|过期|超时|冲|异常|草稿|认捐"
    r"|void|cancel|refund|fail|pend|unpaid|not|reject|declin|expir|revers|closed|bounce|disput|hold|draft|pledg"
    r"|process|error|return"
)
_BUT = re.compile(r"(?:支付|交易|付款|收款)成功.|已(?:到[账帐]|入[账帐]|收[款到]|支付).")  # 已到账待开票
_ABOUT_UNDOING = re.compile(r"作废|退款|退回|退还|撤|取消|冲|无效|异常|void|refund|cancel|revers")
_PLEDGE = re.compile(r"认捐|承诺|拟捐|应捐|意向捐|捐[赠款]意向金额|预捐|pledge|promis|committed")

# Cheap to look for in any script; what has one of these is folded and looked at closely.
_MAY_BE_VOID = re.compile(
    r"[废廢退返归歸冲沖错錯撤消销銷算计計复複復误誤多无無未待没沒]|void|cancel|refund|revers|charge|bounce|duplic|fail|pending"
    r"|unpaid|receiv|return",
    re.IGNORECASE,
)
_STAYS = "(?![休役伍居出职])"
_VOID = re.compile(
    rf"作废|废止|已废|报废|退款|退捐|退钱|退回|退还|返还|归还|[已全部]退{_STAYS}|退{_STAYS}(?=$|[,.。;!()\d])|冲[回销红账帐正]|红冲"
    r"|错[账帐款]|撤[销回]|取消(?!公[示开]|匿名|实名)|注销|不计(?!名|报酬|回报|利|较|得失)|不算|不作数|重复|误[登录记入收]"
    r"|[登录记]错|多[登录记]|无效|未到(?!场)|未收(?![据票取回])|未入[账帐]|未付|未支付|未缴|未实收|未兑现|待[付支缴确核到]|没[收到]"
    r"|void|cancel|refund|revers(?:ed|al)|chargeback|bounced?|duplicate|failed|pending|unpaid|not(?:yet)?received|returned"
)


@lru_cache(maxsize=256)
def direction_of(text: str) -> str | None:
    """“in”, “out” or “neither” for a word of a column that says which way money went; None for no such word.

    借 and 贷 are read as on a bank's statement: 贷 is money that came in.
    """
    plain = re.sub(r"\s", "", folded(text))
    for direction, words in (("in", _IN), ("out", _OUT), ("neither", _NEITHER)):
        if words.fullmatch(plain):
            return direction
    return None


def names_direction(text: str) -> bool:
    """Whether a word says “in” or “out” by itself, whatever title stands above it."""
    return _PLAINLY.fullmatch(folded(text)) is not None


@lru_cache(maxsize=512)
def was_received(text: str, *, undoing: bool = False) -> bool | None:
    """What a state says: True where the money is there, False where it is not; None where that is not clear.

    ``undoing``: the column asks whether the gift was voided or refunded.
    """
    plain = folded(text)
    if _YES.fullmatch(plain):
        return not undoing
    if _NO.fullmatch(plain):
        return undoing
    if _PARTLY.search(plain):
        return None
    if _NOT_GONE.match(plain):
        return True
    if _CAME_NOT.search(plain):
        return None if _BUT.match(plain) else False
    return True if _CAME.fullmatch(plain) else None


def is_about_undoing(title: str) -> bool:
    """Whether a column of states asks for the contrary: 是否作废, 退款状态."""
    return _ABOUT_UNDOING.search(folded(title)) is not None


def is_pledge(title: str) -> bool:
    """Whether a title speaks of what was promised, not of what came: 认捐金额."""
    return _PLEDGE.search(folded(title)) is not None


def may_be_void(text: str) -> bool:
    """Whether a text holds a word that a gift which no longer counts is marked with: 已退款, 重复不计.

    退休 and 不计名 are none.
    """
    return _MAY_BE_VOID.search(text) is not None and _VOID.search(folded(text)) is not None
