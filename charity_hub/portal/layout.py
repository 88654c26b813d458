"""The layout parts of a form, for crispy-forms: card, error summary, submit bar."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe


class Card(LayoutObject):
    """One group of questions: a title, its help, its fields (names in a tuple share one row)."""

    template = "portal/parts/form_card.html"

    def __init__(
        self, title: str | Promise, rows: Sequence[str | tuple[str, ...]], help_text: str | Promise = ""
    ) -> None:
        self.title = title
        self.help_text = help_text
        self.fields = [row if isinstance(row, str) else _side_by_side(row) for row in rows]

    def render(
        self, form: Any, context: Context, template_pack: str = TEMPLATE_PACK, **_kwargs: Any
    ) -> SafeString:
        parts = (render_field(field, form, context, template_pack=template_pack) for field in self.fields)
        inner = mark_safe("".join(parts))  # noqa: S308 - joined from rendered templates
        return render_to_string(
            self.template, {"title": self.title, "help_text": self.help_text, "inner": inner}
        )


def _side_by_side(names: tuple[str, ...]) -> Div:
    return Div(*(Div(name, css_class="col-sm") for name in names), css_class="row")


class FormPart:
    """A part rendered from the form itself. crispy-forms passes ``render`` more than it needs."""

    template = ""

    def render(self, form: Any, context: Context, *_args: Any, **_kwargs: Any) -> SafeString:
        return render_to_string(self.template, {"form": form}, request=context.get("request"))


class ErrorSummary(FormPart):
    """The errors, each a link to its field; empty without errors."""

    template = "portal/parts/form_errors.html"


class SubmitBar(FormPart):
    """The button, the cancel link, and whether the draft is saved; it stays visible on long forms."""

    template = "portal/parts/form_submit.html"
