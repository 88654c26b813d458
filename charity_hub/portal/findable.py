"""A list of choices that is found by typing, in Chinese or in pinyin, once it is longer than a glance.

    host = forms.ModelChoiceField(queryset=..., widget=FindableSelect)

Without JavaScript, and while there are few, it is the browser's own list. Every choice stands in the page:
for hundreds of them. Regions, of which there are tens of thousands, have a picker of their own.
"""

from typing import Any

from django import forms

from charity_hub.pinyin import spell


class FindableSelect(forms.Select):
    """A select whose choices tell how they sound; ``static/js/findable.js`` puts the typing before it."""

    template_name = "portal/widgets/findable.html"

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if option["value"]:
            option["attrs"]["data-sounds"] = spell(str(option["label"]))
        return option
