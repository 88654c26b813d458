"""Traditional Chinese is made from Simplified: characters that stand for several are chosen by the word."""

from pathlib import Path

import polib
import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.forms import CharField
from django.utils.translation import gettext, override

from config.management.commands import messages
from config.management.commands.messages import SOURCE, in_traditional

# No sentence of ours has a use for these: they are what a conversion by single characters leaves behind.
NEVER = "覈裏爲纔衝佈着囉"


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("到哪里去", "到哪裡去"),
        ("单元格里是公式", "單元格裡是公式"),
        ("社区慈善平台", "社區慈善平台"),
        ("工作台", "工作台"),
        ("再发布报告", "再發布報告"),
        ("已发布", "已發布"),
        ("之后", "之後"),
        ("系统与联系人", "系統與聯繫人"),
        ("已被冲正", "已被沖正"),
        ("各行复制到模板，恢复基金", "各行複製到模板，恢復基金"),
        ("核验凭证", "核驗憑證"),
        ("占捐赠的比例", "佔捐贈的比例"),
        ("标准以此为准，已批准", "標準以此為準，已批准"),
        ("备注、签订、标签", "備註、簽訂、標籤"),
        ("余额与结余", "餘額與結餘"),
        ("日历、历史", "日曆、歷史"),
        ("干部、干净、若干", "幹部、乾淨、若干"),
        ("五分钟内有效", "五分鐘內有效"),
    ],
)
def test_words_of_the_field_come_out_right(simplified: str, traditional: str) -> None:
    assert in_traditional(simplified) == traditional


def test_no_sentence_of_the_catalog_holds_a_character_that_is_never_right() -> None:
    made = [in_traditional(entry.msgstr) for entry in polib.pofile(str(SOURCE))]
    assert [sentence for sentence in made if set(sentence) & set(NEVER)] == []


def test_what_is_wrong_in_a_form_says_in_our_chinese_what_to_do() -> None:
    call_command("messages", "build")
    with override("zh-hans"):
        field = CharField(max_length=3)
        with pytest.raises(ValidationError, match="最多 3 个字，现有 4 个。请缩短。"):
            field.clean("一二三四")
        with pytest.raises(ValidationError, match="请删除后重新输入"):
            field.clean("一\x00")


def test_what_is_built_is_spoken_by_the_process_that_built_it(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    catalog = polib.POFile()
    catalog.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalog.append(polib.POEntry(msgid="A sentence of this test", msgstr="本测试的一句话"))
    catalog.save(str(source))
    monkeypatch.setattr(messages, "SOURCE", source)
    settings.LOCALE_PATHS = [tmp_path]
    with override("zh-hans"):
        assert gettext("A sentence of this test") == "A sentence of this test"
        call_command("messages", "build")

    with override("zh-hans"):
        assert gettext("A sentence of this test") == "本测试的一句话"
