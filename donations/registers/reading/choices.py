"""Words that stand for one of a few choices: the way of giving, who the donor is, yes or no, the purpose."""

import re
from functools import lru_cache

from donations.registers.reading.text import folded, kept, says_nothing

PERSON, ORGANIZATION, ANONYMOUS = "person", "organization", "anonymous"


def _any(words: str) -> str:
    """A pattern for any of the words or patterns between blanks."""
    return "(?:" + "|".join(words.split()) + ")"


_WAYS = {
    "cheque": _any("支票 汇票 本票 cheque check"),
    "qr_transfer": _any(
        """微信 支付宝 扫码 二维码 云闪付 qr 收款码 wechat alipay 小程序 公众号 数字人民币 财付通 红包
        零钱 零钱通 花呗 余额宝 线上 网上支付 在线 移动支付 手机支付 翼支付 抖音 腾讯公益 weixin wx zfb"""
    ),
    "bank_transfer": _any(
        """转账 汇款 对公 网银 银行 刷卡 pos 电汇 银联 转帐 划款 划转 打卡 存折 公户 transfer bank
        wire card 代扣 托收"""
    ),
    "cash": _any("现金 现钞 现款 cash 捐款箱 募捐箱 功德箱 投币 现场投"),
}
_GOODS = re.compile(_any("物资 实物 物品 捐物 非货币 物$ goods inkind in-kind"))

_PUBLISH = "(?:公[示开])?(?:姓名|名字|实名|金额|全名)?(?:公[示开])?[!。.]?"
_YES = re.compile(
    _any("""同意 愿意 可以? 是 公开 公示 要 允许 实名 yes y true 1 ok okay 对 [√✓✔☑v✅☒○●]""") + _PUBLISH
)
_NO = re.compile(
    _any("""不 否 勿 无需 拒绝 未同意 暂不 免 别 不要 匿名 保密 隐 no false not""") + ".*|[无n0x×✗✘✕☐□f]"
)
_ANSWER = "(不?同意|不?愿意|是|否|不?可以?|不?公[示开])"
_TICKED = "[☑√✓✔■✅☒]"
_TICK_FIRST = re.compile(f"{_TICKED}{_ANSWER}")
_TICK_LAST = re.compile(f"{_ANSWER}{_TICKED}")
_BOX = re.compile(f"[□☐]|{_TICKED}")

_WHO = _any(
    """人士? 市民 居民 街坊 群众 村民 业主 住户 租户 网友 朋友 者 捐[赠款]?[人者] 企业 商[家户铺] 公司
    单位 团体 机构 店铺? 女士 先生 小姐 阿姨 叔叔 老人 长者 学生 家长 妈妈 用户 义工 志愿者 党员 路人
    同学 善[长信翁] donors?"""
)
_UNNAMED = _any(
    """匿名 隐名 无名 不知名 佚名 未?不?(?:留|具|署)名
    未?不?(?:留|愿留|透露|愿透露|公开|愿公开|便透露)(?:姓?名|名字) 无名氏 不详 anonymous anon unknown
    noname unnamed"""
)
_KIND_HEARTED = _any("热心 爱心 好心 善心 有心 路过的? 过路的? 某 微信 支付宝 扫码 仁爱")
_NO_NAME = _any(
    """善[长信](?:仁翁)? 仁翁 好心人 有心人 善心人 路人 市民 居民 街坊 群众 过路人 匿 零星捐[款赠]
    散户 捐款箱 募捐箱 功德箱"""
)
_NAMELESS = re.compile(
    rf"(?:[一1数多两几2-9]?[位名个群批])?(?:{_UNNAMED}(?:捐[赠款献]|的?{_WHO})*"
    rf"|{_KIND_HEARTED}的?(?:热心|爱心|好心)?{_WHO}+|{_NO_NAME})"
    r"(?:\([^()]*\)|[\d一二三四五六七八九十甲乙丙丁a-z])?"
)
_KINDS = {
    ANONYMOUS: re.compile(_any("匿名 隐名 不具名 无名 不公开 anon")),
    PERSON: re.compile(
        _any(
            """个人 自然人 居民 市民 个体 党员 群众 职工 村民 学生 教师 街坊 业主 志愿者 义工 家庭
            港澳 华侨 私人 person individual private natural"""
        )
    ),
    ORGANIZATION: re.compile(
        _any(
            """单位 企业 公司 机构 团体 组织 集体 法人 商[户家] 学校 社团 公户 对公 团队 工商户 org
            company corporat business legal institution"""
        )
    ),
}
_ORGANIZATION_NAME = re.compile(
    _any(
        r"""公司 集团 有限 工厂 [厂店]$ 中心 学校 [中小大]学$ 幼儿园 学院 协会 商会 学会 联合会 联谊会
        促进会 理事会 基金会 慈善会 同乡会 校友会 业委会 委员会 居委 村委 支部 党委 总支 街道办 办事处
        机关 医院 银行 酒[楼家店]$ 餐厅 饭店 茶楼 美食 社区$ [志义](?:愿|工).*[队团社] 服务[队站社部]
        工会 合作社 事务所 经营部 工作[室站] 书院 教会 教堂 寺$ 庙$ 宗亲 宗祠 祠堂 超市 市场 药[房店]$
        诊所 门市 商[行店场铺]$ [公学会工]社$ 俱乐部 车队 球队 舞队 乐队 联盟 联社 班组 经济社 经联社
        物业 花店 档口?$ 分局 支队 大队 中队 派出所 研究[院所] 全体 班$ 年级
        \b(?:ltd|limited|inc|co|corp|company|llc|plc|school|foundation|association|club|bank|hotel|church)\b
        \b(?:university|centre|center|group)\b"""
    ),
    re.IGNORECASE,
)
_ORGANIZATION_TAIL = re.compile(r".{4,}[社队团部所院站会行坊馆楼处组室铺城厅吧苑局办]$")
_FAMILY = re.compile(_any("全家 一家 家庭 夫妇 夫妻 父子 母子 母女 父女 兄弟 姐妹") + "$")
_UNRESTRICTED = re.compile(
    _any(
        """不限定 不限 非限定 非限定用途 不限定用途 不限用途 无限定 非定向 不定向 无定向 不指定 无指定
    未指定 非指定 不指定用途 通用 统筹 统筹使用 由基金统筹 由基金统筹使用 随意 任意 均可 都可以 默认
    unrestricted general any undesignated"""
    )
)
_NARROWS = re.compile(r"(?<![不非无未])(?:定向|指定|限定)|专款|专项|专用|限用|[仅只]限|用于|捐给|资助(?!人)")
_MARKS = re.compile(r"[\"'“”‘’「」『』《》【】\[\]()·.。,;]")


@lru_cache(maxsize=512)
def way_of(text: str) -> str | None:
    """The way of giving a text names, “goods” for gifts in kind, None when it names none we know."""
    plain = folded(text)
    if _GOODS.match(plain):
        return "goods"
    for way, pattern in _WAYS.items():
        if re.search(pattern, plain):
            return way
    return None


@lru_cache(maxsize=512)
def kind_of(text: str) -> str | None:
    """Who a kind column says the donor is; None when it does not say."""
    plain = folded(text)
    for kind, pattern in _KINDS.items():
        if pattern.search(plain):
            return kind
    return None


def is_nameless(name: str) -> bool:
    """Whether what stands in the place of a name says that the donor gave none: 匿名, 爱心人士, 善长仁翁."""
    return _NAMELESS.fullmatch(folded(name)) is not None


def kind_by_name(name: str) -> str:
    """Person or organization, judged by the name alone."""
    if _FAMILY.search(name) and "公司" not in name:
        return PERSON
    if _ORGANIZATION_NAME.search(name) or _ORGANIZATION_TAIL.fullmatch(name):
        return ORGANIZATION
    return PERSON


@lru_cache(maxsize=512)
def consent_of(text: str) -> bool | None:
    """Yes, no, or None where the text is neither (blank included)."""
    plain = folded(text)
    if not plain or (says_nothing(plain) and plain not in {"无", "×"}):
        return None
    ticked = (_TICK_FIRST if _BOX.match(plain) else _TICK_LAST).findall(plain)
    if len(ticked) == 1:  # a printed form: ☑同意 □不同意
        return consent_of(ticked[0])
    if _NO.fullmatch(plain):
        return False
    return True if _YES.fullmatch(plain) else None


@lru_cache(maxsize=512)
def purpose_of(text: str, purposes: tuple[str, ...], unrestricted: str | None) -> str | None:
    """The fund's purpose that a text names exactly (width, spaces, brackets, script aside); None when none.

    A blank, or a word for “wherever it is needed”, means the unrestricted purpose.
    """
    plain = _MARKS.sub("", folded(kept(text)))
    for purpose in purposes:
        if plain == _MARKS.sub("", folded(purpose)):
            return purpose
    return unrestricted if says_nothing(text) or _UNRESTRICTED.fullmatch(plain) else None


def restricts(text: str, others: tuple[str, ...], *, narrowed: bool) -> bool:
    """Whether a remark restricts a gift to something else than the purpose that was read for it.

    ``others`` are the fund's other restricted purposes; of a gift that is ``narrowed`` already only their
    names count, else words like 定向, 指定给 too.
    """
    plain = folded(text)
    if any(folded(name) in plain for name in others):
        return True
    return not narrowed and _NARROWS.search(plain) is not None
