"""Forms: one card per group of questions, errors that link to their field, answers that can be shown again.

    class GiftForm(HubForm):
        cards = [
            (_("The gift"), ["amount_fen", ("way", "given_on")], _("What was counted, and when.")),
            (_("The donor"), ["donor_kind", "name", "phone"]),
        ]
        submit_label = _("Record the gift")
        amount_fen = YuanField(label=_("Amount"))          # cleaned_data: fen
        given_on = DayField(label=_("Date"), past=True)
        phone = PhoneField(label=_("Phone"), required=False)

    def gift_add(request):
        form = GiftForm(request.POST or None)
        return form_page(request, form, act, title=_("Record a gift"), confirm=True)

``form_page`` is in ``portal.form_page``. A view without it uses ``{% crispy form %}`` and::

        if form.is_valid():
            with refusals(form):
                gift = act_once(request, lambda: record_gift(...).get_absolute_url())
            if form.is_valid():
                return redirect(gift)

Fields in a tuple share one row. Fields that no card names go into the last card.
A form acts once, however often it is sent: ``portal.sent_forms``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from charity_hub.errors import Refused
from charity_hub.people.phones import PhoneField
from charity_hub.portal.fields import DayField, PersonIdField, YuanField, YuanInput, parse_yuan
from charity_hub.portal.layout import Card, ErrorSummary, SubmitBar

__all__ = [
    "DayField",
    "HubForm",
    "HubModelForm",
    "PersonIdField",
    "PhoneField",
    "YuanField",
    "YuanInput",
    "parse_yuan",
    "refusals",
]

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]  # generic only in its stubs
else:
    ModelForm = forms.ModelForm

type Text = str | Promise
type FieldRow = str | tuple[str, ...]
type CardSpec = tuple[Text, Sequence[FieldRow]] | tuple[Text, Sequence[FieldRow], Text]


class CardForm(forms.BaseForm):
    """The base of all forms of the portal: cards, an error summary, a submit bar."""

    cards: ClassVar[Sequence[CardSpec]] = ()
    submit_label: Text = _("Save")
    cancel_url: str = ""
    # An action that is hard to undo has a red button.
    danger: bool = False
    # Set by the page that saves drafts; empty if nothing is saved while typing.
    draft_url: str = ""
    # Values that the page keeps through "check your answers", such as files: written as hidden inputs.
    kept: Sequence[tuple[str, str]] = ()

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": "", "data-hub-form": ""}
        helper.form_show_errors = True
        helper.render_hidden_fields = True
        helper.layout = Layout(ErrorSummary(), *(Card(*card) for card in self.all_cards()), SubmitBar())
        return helper

    def all_cards(self) -> list[tuple[Text, list[FieldRow], Text]]:
        """The cards as (title, rows of field names, help), with every visible field in one of them."""
        cards = [(card[0], self._present(card[1]), card[2] if len(card) > 2 else "") for card in self.cards]
        named = {name for _title, rows, _help in cards for row in rows for name in _names(row)}
        left: list[FieldRow] = [field.name for field in self.visible_fields() if field.name not in named]
        if left and cards:
            cards[-1][1].extend(left)
        elif left:
            cards.append(("", left, ""))
        return [card for card in cards if card[1]]

    def _present(self, rows: Sequence[FieldRow]) -> list[FieldRow]:
        kept = [tuple(name for name in _names(row) if name in self.fields) for row in rows]
        return [row[0] if len(row) == 1 else row for row in kept if row]

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        """Every error as (id of the field, its label, the sentence), in the order of the page."""
        listed = [("", "", str(sentence)) for sentence in self.errors.get(NON_FIELD_ERRORS, [])]
        for name in self._as_shown():
            for sentence in self.errors.get(name, []):
                bound = self[name]
                anchor = "" if bound.is_hidden else (bound.id_for_label or f"id_{name}_0")
                listed.append((anchor, "" if bound.is_hidden else str(bound.label), str(sentence)))
        return listed

    @property
    def refused_as_a_whole(self) -> bool:
        """Whether no single field is wrong: there is nothing to correct, only a reason why it cannot be
        done.
        """
        return list(self.errors) == [NON_FIELD_ERRORS]

    def _as_shown(self) -> list[str]:
        """The fields' names in page order, the hidden ones first."""
        shown = [name for _title, rows, _help in self.all_cards() for row in rows for name in _names(row)]
        return [*(name for name in self.fields if name not in shown), *shown]


def _names(row: FieldRow) -> tuple[str, ...]:
    return (row,) if isinstance(row, str) else row


class HubForm(CardForm, forms.Form):
    """A plain form of the portal."""


class HubModelForm(CardForm, ModelForm):
    """A form over a model's fields; ``save`` is not used: the view calls an action with ``cleaned_data``."""


@contextmanager
def refusals(form: forms.BaseForm) -> Iterator[None]:
    """Turn a ``Refused`` from the action inside into an error of the form, at the field that it names."""
    try:
        yield
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
