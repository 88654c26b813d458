"""The demo's changed agreement: from this month on, Guicheng's charity takes a lower fee and the street
reports more.
"""

from datetime import timedelta

from django.utils import timezone

from charity_hub.people.models import User
from config.demo.people import GUICHENG_FUND
from funds.agreement.actions import propose_version
from funds.agreement.terms import changed
from funds.agreement.workflow import agree_version
from funds.profile.models import Fund

SIGNED_BEFORE = timedelta(days=12)
REASON = "慈善会自本月起把管理费由 3% 降到 2%；用款结果改为每月在社区公示栏公布。双方已签订补充协议。"
USE_TERMS = (
    "限定用途的捐赠只用于该用途；不限定的按年度计划使用。支出由街道申请、慈善会审批，"
    "用款结果每月在各社区公示栏公布。"
)


def change_agreement(people: dict[str, User]) -> None:
    """Version 2 of Guicheng's agreement, proposed by the street and agreed to by the host charity."""
    fund = Fund.objects.get(code=GUICHENG_FUND)
    first = timezone.localdate().replace(day=1)
    signed_on = first - SIGNED_BEFORE
    terms = changed(
        fund,
        agreement_number=f"示例慈基补〔{signed_on.year}〕3号",
        signed_on=signed_on,
        use_terms=USE_TERMS,
        management_fee_bp=200,
    )
    version = propose_version(fund, terms, valid_from=first, reason=REASON, actor=people["梅街道"])
    agree_version(version, actor=people["平审批"])
