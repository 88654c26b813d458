"""Forms that correct a donor, and merge two that are one person."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.people.masks import mask_id, mask_phone
from charity_hub.portal.forms import CardSpec, HubForm
from donations.money.donor_actions import Correction
from donations.money.models import Donor

NOTHING = {"autocomplete": "off", "spellcheck": "false"}


class CorrectionForm(HubForm):
    """What is right about a donor. Phone and ID are not shown: what is left empty stays as it is."""

    cards: ClassVar[Sequence[CardSpec]] = [
        (
            gettext_lazy("Correct information"),
            ["name", "phone", "forget_phone", "id_number", "forget_id"],
            gettext_lazy("Leave a phone or an ID empty to keep the one on file."),
        ),
        (gettext_lazy("Publication"), ["withdraw_name"]),
        (gettext_lazy("Why"), ["reason"]),
    ]
    submit_label = gettext_lazy("Continue")
    # The other donor who is known by what was typed; set by the page for its link.
    other: Donor | None = None

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    phone = forms.CharField(
        label=gettext_lazy("New phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", **NOTHING}),
    )
    forget_phone = forms.BooleanField(label=gettext_lazy("Remove the phone"), required=False)
    id_number = forms.CharField(
        label=gettext_lazy("New ID or credit code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=NOTHING),
    )
    forget_id = forms.BooleanField(label=gettext_lazy("Remove the ID or credit code"), required=False)
    withdraw_name = forms.BooleanField(
        label=gettext_lazy("The donor withdraws the consent: no gift is published with the name any more"),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("For example: misspelt at the counter, the donor showed the ID card."),
    )

    def __init__(self, *args: Any, donor: Donor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"name": donor.name})
        self._tell("phone", "forget_phone", mask_phone(donor.phone))
        self._tell("id_number", "forget_id", mask_id(donor.id_number))

    def _tell(self, field: str, forget: str, masked: str) -> None:
        """Say what is on file, masked; what is not there cannot be taken away."""
        if masked:
            self.fields[field].help_text = _("On file: %(masked)s") % {"masked": masked}
        else:
            del self.fields[forget]

    @property
    def correction(self) -> Correction:
        """What was typed; for a valid form."""
        data = self.cleaned_data
        return Correction(
            data["name"],
            "" if data.get("forget_phone") else (data["phone"] or None),
            "" if data.get("forget_id") else (data["id_number"] or None),
        )


class MergeForm(HubForm):
    """Which of two donors is kept, and how it is known that they are one."""

    cards: ClassVar[Sequence[CardSpec]] = [(gettext_lazy("Merge duplicate donors"), ["keep", "reason"])]
    submit_label = gettext_lazy("Merge")
    danger = True
    keep = forms.TypedChoiceField(label=gettext_lazy("Record to keep"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("How you know that they are the same person"),
        max_length=200,
        help_text=gettext_lazy("For example: the donor said so and showed the ID card."),
    )

    def __init__(self, *args: Any, pair: tuple[Donor, Donor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep = cast("forms.TypedChoiceField", self.fields["keep"])
        keep.choices = [
            (one.pk, _("“%(name)s”, record %(side)s") % {"name": one.name, "side": side})
            for one, side in zip(pair, "AB", strict=True)
        ]
