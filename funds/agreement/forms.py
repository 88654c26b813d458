"""The form in which a street proposes a change of the agreement."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.file_types import Kind as Kinds
from charity_hub.portal.fields import FindableSelect
from charity_hub.portal.forms import CardSpec, DayField, HubModelForm
from funds.agreement.terms import Terms, terms_of
from funds.profile.agreement_models import AgreementVersion
from funds.profile.agreement_terms import AgreedTerms
from funds.profile.file_fields import PapersField
from funds.profile.forms import BASIS_POINTS, PercentField
from funds.profile.models import PUBLIC_STATES, Fund, FundState
from funds.profile.rules import MOST_FEE_BP

# These belong to one document: the next proposal does not start with those of the version before.
OWN = {"signed_on"}


class VersionForm(HubModelForm):
    """All terms in force; the user edits the ones to change."""

    cards: ClassVar[Sequence[CardSpec]] = [
        (
            _("What changes and why"),
            ["reason", ("valid_from", "signed_on", "agreement_number"), "papers"],
            _("Published with the new version. Earlier versions stay available."),
        ),
        (
            _("The agreement after the change"),
            [
                "aim",
                "use_terms",
                "rights_terms",
                "termination_terms",
                "leftover_terms",
                "leftover_fund",
                ("ends_on", "management_fee_bp"),
            ],
            _("These are the current terms. Change only what needs changing."),
        ),
    ]
    submit_label = _("Propose the change")

    reason = forms.CharField(
        label=_("What changes and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    valid_from = DayField(
        label=_("In force from"), help_text=_("Until then the previous version stays in force.")
    )
    signed_on = DayField(
        label=_("Signed on"),
        past=True,
        help_text=_("The day of the supplement, or today if only a clerical error is corrected."),
    )
    papers = PapersField(
        label=_("Signed document"),
        kinds=Kinds.PDF | Kinds.IMAGE,
        required=False,
        help_text=_("The supplement that both sides signed, when there is one. PDF or picture, up to 20 MB."),
    )
    leftover_fund = forms.ModelChoiceField(
        label=_("Fund that takes the leftovers"),
        queryset=Fund.objects.none(),
        widget=FindableSelect,
        required=False,
        help_text=_("Leave empty: leftovers are transferred by bank as the terms above say."),
    )
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Leave empty: until it is ended."))
    management_fee_bp = PercentField(
        label=_("Management fee in percent of the gifts"),
        max_value=Decimal(MOST_FEE_BP) / BASIS_POINTS,
        help_text=_("0 to 10. A new rate applies to gifts from that day on."),
    )

    class Meta:
        model = AgreementVersion
        fields = [
            "agreement_number",
            "aim",
            "use_terms",
            "rights_terms",
            "termination_terms",
            "leftover_terms",
            "leftover_fund",
        ]
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("aim", "use_terms", "rights_terms", "termination_terms", "leftover_terms")
        }
        labels = {"use_terms": _("How the money is used"), "aim": _("What the fund is for")}

    def __init__(self, *args: Any, fund: Fund, agreed: AgreedTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = terms_of(agreed).values()
        self.initial.update({name: value for name, value in said.items() if name not in OWN})
        self._offer_takers(fund, agreed.leftover_fund)

    def _offer_takers(self, fund: Fund, named: Fund | None) -> None:
        """Funds that can be named, and the one named now, so that a change of the fee alone does not
        remove it.
        """
        field = self.fields["leftover_fund"]
        if not isinstance(field, forms.ModelChoiceField):
            return
        others = Q(host=fund.host_id, state__in=PUBLIC_STATES) & ~Q(state=FundState.CLOSED) & ~Q(pk=fund.pk)
        field.queryset = Fund.objects.filter(others | Q(pk=named.pk) if named else others)
        if named and named.state == FundState.CLOSED:
            field.help_text = _(
                "%(fund)s is closed: an officer of the host charity decides where the leftovers "
                "go instead, unless another fund is named here. Leave empty: they are "
                "transferred by bank as the terms above say."
            ) % {"fund": named}

    def terms(self) -> Terms:
        """The terms of the valid form, for the actions."""
        data = self.cleaned_data
        days = {name: data[name] for name in ("signed_on", "ends_on")}
        return Terms(
            **{name: data[name] for name in self.Meta.fields},
            **days,
            management_fee_bp=data["management_fee_bp"],
        )
