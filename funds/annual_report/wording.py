"""The report is a Chinese document whatever language its reader has chosen: the words that its chart holds.

All its other words stand in ``typst/report.typ`` and ``typst/parts.typ``. They are part of the layout that an
issued report was made with, so they are not looked up in the translations, which change from release to
release.
"""

IN, OUT = "收入", "支出"
MONTH = "{}月"
