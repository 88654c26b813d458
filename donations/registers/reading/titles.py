"""What column titles mean: the words that stations use, with how sure they make us (0–100)."""

import re
from functools import lru_cache
from typing import NamedTuple

from donations.registers.reading.amounts import FOREIGN, UNITS
from donations.registers.reading.results import Field
from donations.registers.reading.text import folded


class Rule(NamedTuple):
    exact: frozenset[str]
    likely: re.Pattern[str]
    never: re.Pattern[str]


_NOTHING = "(?!)"
_OTHERS = """经[手办] 受[益助赠] 收款 接收 领[取用] 审[核批] 登记人 填表 复核 录入 紧急 监护 站点 网点
    代[捐办]"""


def _rule(exact: str, likely: str = _NOTHING, never: str = _NOTHING) -> Rule:
    """Words and patterns between blanks: titles that mean the field, that likely do, that never do."""
    return Rule(
        frozenset(exact.split()), re.compile("|".join(likely.split())), re.compile("|".join(never.split()))
    )


_RULES: dict[Field, Rule] = {
    Field.SERIAL: _rule(
        """序号 编号 号 序 no no. # 行号 顺序号 流水号 登记号 登记编号 捐赠编号 序列 number s/n sn
        item id 项次""",
        r"""^序 ^编号 流水号 ^no\.?$""",
        """票 收据 证""",
    ),
    Field.DATE: _rule(
        """日期 捐赠日期 捐款日期 捐赠时间 捐款时间 时间 收款日期 收款时间 捐献日期 受赠日期 接收日期
        认捐日期 年月日 交易时间 交易日期 捐赠年月日 来款日期 捐日 date donationdate giftdate
        dateofgift""",
        """[捐赠收认交来到入缴].*(日期|时间|日)$ (日期|时间)$ ^登记(日期|时间) date""",
        """票 出生 生日 有效 打印 制表 存款 反馈 回访 证书 截止 审核 领 发放 使用 公示 birth receipt
        print""",
    ),
    Field.YEAR: _rule("年 年份 year"),
    Field.MONTH: _rule("月 月份 month"),
    Field.DAY: _rule("日 号 day"),
    Field.DONOR: _rule(
        """姓名 名称 捐赠人 捐款人 捐赠者 捐款者 捐赠方 捐款方 捐赠单位 捐款单位 捐赠人姓名 捐款人姓名
        姓名/单位名称 姓名或单位 姓名单位 单位/姓名 姓名/单位 单位名称 爱心人士 善长芳名 善长姓名 芳名
        善长 来款方 付款人 付款方 汇款人 交款人 缴款人 户名 名字 企业名称 捐献人 捐赠主体 爱心企业
        功德芳名 对方户名 乐捐人 捐赠人名称 捐赠人/单位 捐款人/单位 单位/个人 捐款单位/个人
        交易对方 对方名称 对方单位 捐赠单位/个人 个人/单位 姓名(单位) 捐赠单位(个人)
        donor name donorname nameofdonor giver
        contributor fullname payer remitter payername""",
        """捐[赠款献资]?(人|者|方|单位|主体|企业|个人) 姓名 名称 芳名 名字 善长 爱心(人士|企业|单位)
        付款(人|方) 汇款(人|方) donor name giver""",
        """电话 手机 联[系络](电话|方式|手机) 证件 身份证 号码 类[别型] 性质 属性 地址 住址 公[示开]
        披露 金额 数额 方式 日期 时间 项目 用途 物 商品 产品 意[愿向] 备注 数量 是否 签[名字] 银行
        账[号户] 职[务称] 联系人 phone tel mobile type kind amount date sign bank project purpose
        publish """
        + _OTHERS,
    ),
    Field.KIND: _rule(
        """类别 性质 类型 捐赠人类别 捐赠人类型 捐款人类别 捐赠类别 捐赠人性质 捐赠性质 主体类型
        个人或单位 捐赠方性质 捐赠方类型 捐赠来源 来源 捐款来源 身份 属性 type kind category donortype
        donorkind""",
        """(人|者|方|主体|来源|捐[赠款]?).*(类别|类型|性质|属性|身份|种类) ^(类别|类型|性质)
        个人[或/]?单位 单位[或/]?个人 type kind category""",
        """票 证件 项目 物 用途 公示 支付 付款 货币 payment fund""",
    ),
    Field.PHONE: _rule(
        """电话 手机 联系电话 联系方式 手机号 手机号码 电话号码 联系手机 移动电话 联络电话 捐赠人电话
        tel phone mobile telephone contact contactno""",
        """电话 手机 联[系络]方式 phone mobile ^tel""",
        """固话 传真 公示 fax """ + _OTHERS,
    ),
    Field.ID_NUMBER: _rule(
        """证件号码 证件号 身份证 身份证号 身份证号码 统一社会信用代码 信用代码 证照号码 证件 idnumber
        idno id idcard uscc""",
        """身份证 证件号 信用代码 证照号 机构代码 证件编号 id(no|number|card) uscc credit""",
        """类[型别] 种类 复印 照片 是否 有效 姓名 图 联系人 """ + _OTHERS,
    ),
    Field.AMOUNT: _rule(
        """金额 捐赠金额 捐款金额 捐款额 捐赠额 数额 人民币 捐款数额 捐赠数额 款额 实收金额 实捐金额
        收款金额 捐款 捐资 捐资额 捐赠款 善款 善款金额 到账金额 交易金额 小写 小写金额 金额小写
        捐赠资金 现金捐赠 捐赠现金 收入金额 收入 实收 元 贷方 贷方金额 贷方发生额 存入 存入金额 转入金额
        入账金额 credit credits creditamount deposit deposits moneyin paidin 捐赠数 捐款数 数目
        amount rmb cny yuan sum
        donationamount giftamount money""",
        """(捐|款|赠|收|善).*(金额|数额|额|数目) 金额 数额 amount rmb yuan cny ^sum""",
        """大写 折 估 价值 物 公[示开] 披露 累计 余额 支出 借方 付出 转出 出账 退款 退回 已退
        手续费 单价 数量 减免 票 备注 合计 总额
        配捐 应收 publish disclos words fee balance total refund withdraw debit currency""",
    ),
    Field.CAPITALS: _rule("大写 大写金额 金额大写 人民币大写 amountinwords", "大写 inwords"),
    Field.UNIT: _rule("单位 金额单位 货币单位 计价单位 计量单位 unit units amountunit"),
    Field.CURRENCY: _rule(
        """币种 货币 币别 货币种类 货币类型 货币名称 交易币种 捐赠币种 金额币种 结算币种 币 currency ccy curr
        currencycode""",
        """币种 币别 货币 currency ccy""",
        """余额 金额 账户 单位 balance amount account""",
    ),
    Field.PAID_OUT: _rule(
        """支出 支出金额 借方 借方金额 借方发生额 付出 付出金额 支取金额 转出金额 出账金额 付款金额 退款
        退款金额 已退金额 已退款 成功退款 debit debits debitamount withdrawal withdrawals moneyout paidout
        outgoing expense refund refunded refundamount amountrefunded""",
        """(支出|借方|付出|转出|出账|退款).*(额|元|数)$ (支出|退款|付款)$ withdraw refund(ed)?(amount)?$
        ^debit""",
        """日期 时间 状态 原因 方式 是否 人 单号 余额 date time status reason way balance credit""",
    ),
    Field.DIRECTION: _rule(
        """收/支 收支 收支类型 收支方向 收付 收付标志 收付类型 借贷 借/贷 借贷标志 借贷方向 借贷类型 方向
        资金流向 资金方向 交易方向 流向 进出 进/出 出入 出/入 收入/支出 进账/出账 dc d/c drcr dr/cr
        direction debit/credit credit/debit debitcredit creditdebit in/out inout""",
        """收/?支(类|方向|标志|$) 借/?贷 direction (debit|dr)(/|or)(credit|cr) (credit|cr)(/|or)(debit|dr)""",
        """金额 余额 人$ amount balance""",
    ),
    Field.STATUS: _rule(
        """状态 状况 当前状态 交易状态 支付状态 订单状态 付款状态 到账状态 收款状态 款项状态 捐赠状态 处理状态
        审核状态 记录状态 审核结果 审批结果 审核 审核意见 处理结果 交易结果 支付结果 结果 是否到账 是否已到账
        是否到帐 是否收到 是否收款 是否入账 是否已入账 是否有效 是否付款 是否支付 是否实收 是否作废 是否退款
        是否已退款 是否取消 是否核销 是否兑现 到账 到账情况 到账与否 入账情况 收款情况 履行情况 兑现情况
        退款状态 作废 有效 status state result paymentstatus transactionstatus orderstatus received paid
        settled valid voided void refunded cancelled isvoid ispaid""",
        """状态$ (审核|审批|复核|交易|支付|付款|处理)结果
        (是否|有否|有无|已否).*(到[账帐]|收到|收款|入[账帐]|付款|支付|实收|有效|作废|退款|退回|取消|撤销|核销|兑现|通过)
        (到[账帐]|入[账帐]|履约|履行|兑现|收款|认捐)(情况|与否|否)$
        status (^|is)(void|paid|received|refunded)$""",
        """人$ 金额 日期 时间 票 公[示开] 匿名 婚姻 健康 就业 date time amount by$ receipt publish employ
        marital""",
    ),
    Field.WAY: _rule(
        """捐赠方式 付款方式 支付方式 渠道 捐款方式 方式 缴款方式 收款方式 支付渠道 捐赠渠道 支付途径
        付款渠道 交款方式 捐赠途径 捐赠形式 形式 款项来源 收款渠道 支付类型 付款类型 method way
        channel payment paymentmethod means paidby""",
        """方式 渠道 途径 形式 支付 付款 method channel payment (?<!al)way$""",
        """联[系络] 领 服务 公示 反馈 回执 使用 人 金额 日期 时间 date amount""",
    ),
    Field.PURPOSE: _rule(
        """指定用途 用途 捐赠用途 项目 捐赠项目 定向 捐赠意向 意向 资金用途 款项用途 限定用途 定向项目
        定向用途 使用意向 捐款用途 指定项目 捐赠去向 定向捐赠 专项 项目名称 认捐项目 善款用途 资助项目
        使用方向 捐款项目 捐款意向 支持项目 purpose project designation use cause designateduse""",
        """用途 意向 定向 项目 去向 使用方向 专项 purpose designat project cause""",
        """是否 公示 编号 类[型别] 负责 金额 """ + _OTHERS,
    ),
    Field.PUBLISH_AMOUNT: _rule(
        """公示金额 同意公示金额 是否公示金额 publishamount""",
        """(公[示开]|披露).*(金额|数额|款额) (金额|数额).*(公[示开]|披露) (publish|disclos).*amount
        amount.*(publish|public|disclos)""",
        """姓名 名字 name""",
    ),
    Field.PUBLISH_NAME: _rule(
        """同意公示姓名 是否公示 公示意愿 公示 同意公示 公示姓名 是否公开 公开 是否同意公示 能否公示
        公开意愿 publishname consent""",
        """公[示开] 披露 publish disclos consent""",
        """日期 时间 编号 (公[示开]|披露)[^名]*(金额|数额)$ 期""",
    ),
    Field.STAY_ANONYMOUS: _rule("是否匿名 匿名 匿名捐赠 是否匿名捐赠 anonymous", "匿名 anonym"),
    Field.RECEIPT: _rule(
        """票据号码 收据号 票据号 收据编号 票据编号 票号 收据号码 发票号 发票号码 捐赠票据号 票据 收据
        捐赠收据 收据no 票据no receipt receiptno receiptnumber""",
        """(票据|收据|发票|票).*(号|编码|编号|no) 凭证(号|编号) receipt""",
        """是否 需 抬头 日期 时间 寄 地址 类[型别] 领 签收 张数 代码 金额 开[具票] date amount""",
    ),
    Field.HANDLER: _rule(
        """经手人 经办人 登记人 收款人 填写人 经办 经手 录入人 工作人员 接收人 受理人 经收人 接待人
        记录人 经手人姓名 经办人姓名 值班人 handler staff cashier handledby collector recordedby""",
        """经[手办收] 登记人 收款人 录入 接收人 受理人 记录人 handler handled receivedby cashier staff""",
        """电话 手机 日期 时间 部门 单位 签 身份证 phone""",
    ),
    Field.NOTE: _rule(
        """备注 说明 附注 摘要 备考 注 note notes remark remarks comment comments memo 留言 备注说明""",
        """备注 说明 remark note comment memo 留言 祝福""",
    ),
}
_BRACKETS = re.compile(r"[((\[【〔](.*?)[))\]】〕]")
_NOISE = re.compile(r"[*:·、\s_\-—“”\"'。,.!?]")
_OTHERS_GROUP = re.compile(
    "|".join(f"公[示开] 披露 票据 收据 发票 开票 物资 物品 实物 联系人 {_OTHERS}".split())
)
_GROUP_DATE = re.compile(r"20\d\d年?|日期|时间|年度?")
# A unit anywhere in a title (金额/万元, 捐赠金额,万元): not within another word, nor after a figure.
_UNITS_WITHIN = re.compile(
    r"(?<![\d一二三四五六七八九十两几])(?:(亿元|千万元|百万元|十万元|万元|[千仟]元|[百佰]元|thousands?|millions?)"
    r"|(?:(?<![\u4e00-\u9fffa-z])|(?<=[额款数计位]))(亿|百万|万|千|k|w)(?![\u4e00-\u9fffa-z]))"
)
_PER_PART = re.compile(r"(?:^|[^\u4e00-\u9fff]|单位)(?:分|角|毛|cents?|fen|jiao)(?![\u4e00-\u9fffa-z])")
_IN_ENGLISH = re.compile(r"10[,.]?000|'000|’000")


@lru_cache(maxsize=2048)
def meanings(title: str) -> dict[Field, int]:
    """The fields that a title may stand for, and how surely."""
    whole = _NOISE.sub("", folded(title))
    bare = _BRACKETS.sub("", whole)
    found = {}
    for field, rule in _RULES.items():
        if rule.never.search(whole):
            continue
        if bare in rule.exact or whole in rule.exact:
            found[field] = 100
        elif bare and rule.likely.search(whole):
            found[field] = 75 if rule.likely.search(bare) else 60
    if Field.AMOUNT not in found and _is_amount_in(bare):
        found[Field.AMOUNT] = 90
    if Field.CAPITALS in found:
        found.pop(Field.AMOUNT, None)
    return found


def _is_amount_in(bare: str) -> bool:
    """Whether a title is a word for the amount with a unit or a currency: 捐款 HKD, 捐款数万元, 万元."""
    without = FOREIGN.sub("", _UNITS_WITHIN.sub("", bare))
    return without != bare and (not without or without in _RULES[Field.AMOUNT].exact)


def meanings_of_path(path: tuple[str, ...]) -> dict[Field, int]:
    """The same for a title under group titles (捐赠人信息 › 姓名), outermost first."""
    leaf, groups = path[-1], "".join(path[:-1])
    if not groups:
        return meanings(leaf)
    joined = meanings(groups + leaf)
    if _OTHERS_GROUP.search(folded(groups)):
        return joined
    found = dict(meanings(leaf))
    if found.get(Field.DAY) and not _GROUP_DATE.search(folded(groups)):
        found.pop(Field.DATE, None)
    if not found:
        found = {field: score - 10 for field, score in joined.items()}
    return found


def unit_of(title: str) -> int | None:
    """What one counts for under this title: 10,000 for 金额(万元); None when it does not say."""
    for inside in [*_BRACKETS.findall(folded(title)), *re.findall(r"单位[::]?(\S+)", folded(title))]:
        for part in re.split(r"[:,/、;]", inside.removeprefix("单位").lstrip(":")):
            if part.removeprefix("人民币") in UNITS:
                return UNITS[part.removeprefix("人民币")]
            if part in UNITS:
                return UNITS[part]
    return None


def units_of_title(title: str) -> set[int | None]:
    """What one may count for under the title of amounts: {10,000} for 金额/万元. Empty where it does not say,
    several where it contradicts itself; None among them for a unit in which no amounts are read (分, 角).
    """
    plain = folded(title)
    found: set[int | None] = {
        UNITS[(word or bare).removesuffix("s")] for word, bare in _UNITS_WITHIN.findall(plain)
    }
    if _PER_PART.search(plain):
        found.add(None)
    if match := _IN_ENGLISH.search(plain):
        found.add(10_000 if match[0].startswith("10") else 1_000)
    rest = _UNITS_WITHIN.sub("", plain)
    if re.search(r"[元圆](?![旦宵朗月])", rest):
        found.add(1)
    return found


def coin_of(title: str) -> int | None:
    """Fen that one digit counts for in account-book columns: 元 100, 角 10, 分 1 (place value above 元)."""
    return {"分": 1, "角": 10, "元": 100}.get(folded(title))
