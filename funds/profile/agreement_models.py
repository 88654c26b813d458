"""The versions of a fund's agreement, from the second on, as proposed and agreed."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import tracked
from charity_hub.people.models import User
from funds.profile.agreement_terms import AgreedTerms
from funds.profile.models import Fund

# A character that is not white space, including the blanks of Chinese and pasted texts, in any locale.
SAYS = r"[^\s\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"


class VersionState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for the host charity")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Ended with the fund")
    AGREED = "agreed", _("Agreed")


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    def in_scope_of(self, user: User | AnonymousUser) -> "AgreementVersionQuerySet":
        """Versions, including proposed ones, of the funds that ``user`` may read on the desk."""
        return self.filter(fund__in=Fund.objects.in_scope_of(user))

    def agreed(self) -> "AgreementVersionQuerySet":
        """All agreed versions, from the second on, in the order of their first days."""
        return self.filter(state=VersionState.AGREED).order_by("number")

    def proposed(self) -> "AgreementVersionQuerySet":
        return self.filter(state=VersionState.PROPOSED)


@tracked()
class AgreementVersion(AgreedTerms):
    """The agreement of a fund from a day on: all its terms, not only those that differ.

    The first version is stored on the fund. ``number`` is set when the version is agreed on.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="agreement_versions", verbose_name=_("fund"))
    number = models.PositiveSmallIntegerField(_("version"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=VersionState.choices, default=VersionState.PROPOSED
    )
    valid_from = models.DateField(_("in force from"))
    reason = models.TextField(_("what changes and why"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreed by"),
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)

    objects: ClassVar[AgreementVersionQuerySet] = AgreementVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "funds_agreement_version"
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of agreements")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(management_fee_bp__lte=1000), name="agreement_fee_at_most_10_percent"
            ),
            models.CheckConstraint(
                condition=Q(signed_on__lte=F("valid_from")), name="agreement_signed_before_it_holds"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("valid_from")),
                name="agreement_ends_after_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(agreed_on=None) | Q(agreed_on__gte=F("signed_on")),
                name="agreement_signed_before_it_is_agreed_on",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("proposed_by")),
                name="agreement_not_agreed_by_its_proposer",
            ),
            models.CheckConstraint(
                condition=Q(state="agreed", number__gte=2, agreed_by__isnull=False, agreed_on__isnull=False)
                | (~Q(state="agreed") & Q(number=None, agreed_by=None, agreed_on=None)),
                name="agreement_agreed_names_number_officer_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(leftover_fund=F("fund")), name="agreement_leftovers_go_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(
                    aim__regex=SAYS,
                    use_terms__regex=SAYS,
                    termination_terms__regex=SAYS,
                    leftover_terms__regex=SAYS,
                    reason__regex=SAYS,
                ),
                name="agreement_says_all_it_must",
            ),
            models.UniqueConstraint(
                fields=["fund"], condition=Q(state="proposed"), name="agreement_one_proposal_at_a_time"
            ),
            models.UniqueConstraint(fields=["fund", "number"], name="agreement_number_once_per_fund"),
        ]

    def __str__(self) -> str:
        if self.number:
            return gettext("Version %(number)d") % {"number": self.number}
        return gettext("Proposed version")
