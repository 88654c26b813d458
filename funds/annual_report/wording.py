"""The report is a Chinese document whatever language its reader has chosen: the words that its pictures hold.

All its other words stand in ``typst/report.typ``. They are part of the layout that an issued report was made with,
so they are not looked up in the translations, which change from release to release.
"""

SOURCES = {
    "gift:person": "个人捐赠",
    "gift:organization": "单位捐赠",
    "gift:anonymous": "不具名捐赠",
    "seed": "启动资金",
    "leftover": "剩余财产转入",
}
USES = {
    "aid": "困难帮扶",
    "service": "购买服务",
    "activity": "活动支出",
    "goods": "物资采购",
    "management_fee": "管理费",
    "other": "其他支出",
    "leftover": "剩余财产转出",
}
IN, OUT = "收入", "支出"
MONTH = "{}月"
