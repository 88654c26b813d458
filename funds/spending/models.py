from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import ReadOnly, tracked
from charity_hub.people.encryption import EncryptedTextField
from charity_hub.people.models import User
from funds.profile.models import Fund

PERSON = settings.AUTH_USER_MODEL


class SpendingState(models.TextChoices):
    FILED = "filed", _("Waiting for approval")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Ended with the fund")
    APPROVED = "approved", _("Approved, to be paid")
    RELEASED = "released", _("Approval released")
    PAID = "paid", _("Paid")


class Use(models.TextChoices):
    """What the money is spent on; the last part of the payment's transfer kind (``payment:aid``)."""

    AID = "aid", _("Aid to people")
    SERVICE = "service", _("Services")
    ACTIVITY = "activity", _("Activities")
    GOODS = "goods", _("Goods")
    MANAGEMENT_FEE = "management_fee", _("Management fee")
    OTHER = "other", _("Other")


class PayeeKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANIZATION = "organization", _("Organization")


# The terms of a request: written when it is filed, and again when a returned request is revised.
TERMS = (
    *("purpose", "use", "title", "explanation", "beneficiaries", "amount_fen"),
    *("payee_kind", "payee_name", "payee_bank", "payee_account"),
)
# Filed and not decided on: these requests end with their fund.
OPEN_STATES = [SpendingState.FILED, SpendingState.RETURNED]
# PostgreSQL refuses to change these fields after the decision.
DECIDED_STATES = [SpendingState.APPROVED, SpendingState.PAID, SpendingState.RELEASED]


class SpendingQuerySet(models.QuerySet["SpendingRequest"]):
    def in_scope_of(self, user: User | AnonymousUser) -> "SpendingQuerySet":
        """Requests of the funds that ``user`` may read on the desk."""
        return self.filter(fund__in=Fund.objects.in_scope_of(user))

    def undecided(self) -> "SpendingQuerySet":
        """Requests that wait for the host charity's decision, or for a correction by their filer."""
        return self.filter(state__in=OPEN_STATES)

    def paid(self) -> "SpendingQuerySet":
        return self.filter(state=SpendingState.PAID)


@tracked(exclude=["pinyin"])
class SpendingRequest(models.Model):
    """A request to spend an amount of one purpose of one fund."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    fund = models.ForeignKey("funds.Fund", models.PROTECT, related_name="spending", verbose_name=_("fund"))
    purpose = models.ForeignKey("funds.Purpose", models.PROTECT, related_name="+", verbose_name=_("purpose"))
    use = models.CharField(_("use"), max_length=16, choices=Use.choices, default=Use.AID)
    title = models.CharField(_("what it is for"), max_length=120)
    explanation = models.TextField(_("explanation"), blank=True)
    beneficiaries = models.PositiveIntegerField(_("beneficiaries"), null=True, blank=True)
    payee_kind = models.CharField(
        _("payee is a"), max_length=12, choices=PayeeKind.choices, default=PayeeKind.ORGANIZATION
    )
    payee_name = models.CharField(_("payee"), max_length=120)
    # The pinyin of title and payee, for the search.
    pinyin = models.TextField(blank=True, editable=False, default="")
    payee_bank = models.CharField(_("payee's bank"), max_length=120, blank=True)
    payee_account = EncryptedTextField(_("payee's account"), blank=True)
    amount_fen = models.BigIntegerField(_("amount"))
    state = models.CharField(
        _("state"), max_length=12, choices=SpendingState.choices, default=SpendingState.FILED
    )
    filed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    filed_at = models.DateTimeField(_("filed"), auto_now_add=True)
    approved_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    paid_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paid by")
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True)

    objects: ClassVar[SpendingQuerySet] = SpendingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "funds_spending_request"
        verbose_name = _("spending request")
        verbose_name_plural = _("spending requests")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["fund", "-paid_on", "-id"], name="spending_latest_of_fund"),
            models.Index(fields=["state", "fund"], name="spending_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, amount_fen__lte=10_000_000_000),
                name="spending_amount_up_to_100_million_yuan",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("filed_by")),
                name="spending_not_approved_by_its_filer",
            ),
            models.CheckConstraint(
                condition=Q(paid_by=None) | ~Q(paid_by=F("approved_by")),
                name="spending_not_paid_by_its_approver",
            ),
            models.CheckConstraint(
                condition=Q(paid_by=None) | ~Q(paid_by=F("filed_by")), name="spending_not_paid_by_its_filer"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED_STATES, approved_by__isnull=False, approved_on__isnull=False)
                | (~Q(state__in=DECIDED_STATES) & Q(approved_by=None, approved_on=None)),
                name="spending_decided_names_its_approver",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="paid", paid_by__isnull=False, paid_on__gte=F("approved_on"))
                    & ~Q(bank_reference="")
                )
                | (~Q(state="paid") & Q(paid_by=None, paid_on=None, bank_reference="")),
                name="spending_paid_names_payer_day_and_reference",
            ),
        ]
        triggers = [
            ReadOnly("spending_keeps_its_filer", fields=["number", "fund", "filed_by"]),
            ReadOnly(
                "spending_says_what_was_filed",
                fields=TERMS,
                unless="(OLD.state = 'returned' AND NEW.state = 'filed') OR people_door_is_open(TG_RELID)",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("spending:request", args=[self.number])

    def asks_for_the_same(self, other: "SpendingRequest") -> bool:
        """Whether both have the same terms."""
        return all(getattr(self, name) == getattr(other, name) for name in TERMS)

    @property
    def covered(self) -> bool:
        """Whether its purpose has enough money, if it is still undecided."""
        net, _committed = self.purpose.accounts
        return self.state not in OPEN_STATES or net.normal_balance >= self.amount_fen
