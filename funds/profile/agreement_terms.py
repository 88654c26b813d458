"""The terms of an agreement that a later version can change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreedTerms(models.Model):
    """The terms of a written agreement: of the first one, on its fund, and of each later version."""

    aim = models.TextField(_("purpose of the fund"))
    agreement_number = models.CharField(_("agreement number"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    use_terms = models.TextField(_("how the money is used"))
    rights_terms = models.TextField(_("rights and duties"), blank=True)
    termination_terms = models.TextField(_("how it ends"))
    leftover_terms = models.TextField(_("where leftovers go"))
    leftover_fund = models.ForeignKey(
        "funds.Fund",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fund that takes the leftovers"),
    )
    management_fee_bp = models.PositiveSmallIntegerField(
        _("management fee"), default=0, help_text=_("Basis points: 500 is 5%.")
    )

    class Meta:
        abstract = True
