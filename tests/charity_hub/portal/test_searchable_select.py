"""A list of choices tells how they sound."""

from django import forms

from charity_hub.portal.fields import FindableSelect


class HostForm(forms.Form):
    host = forms.ChoiceField(choices=[("", "请选择"), ("1", "桂城示例慈善会")], widget=FindableSelect)


def test_each_choice_tells_how_it_sounds() -> None:
    assert 'value="1" data-sounds="guichengshilicishanhui gcslcsh"' in str(HostForm()["host"])


def test_no_choice_at_all_sounds_like_nothing() -> None:
    assert str(HostForm()["host"]).count("data-sounds") == 1
