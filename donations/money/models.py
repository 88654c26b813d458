from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.people.encryption import EncryptedTextField

PERSON = settings.AUTH_USER_MODEL


class DonorKind(models.TextChoices):
    """Also the last part of a gift's transfer kind (``gift:person``)."""

    PERSON = "person", _("Person")
    ORGANIZATION = "organization", _("Organization")
    ANONYMOUS = "anonymous", _("Anonymous")


class Donor(models.Model):
    """Someone who gave and said who they are. One row a person or organization within a host charity."""

    charity = models.ForeignKey("charity_hub.Organization", models.PROTECT, related_name="donors")
    kind = models.CharField(_("kind"), max_length=12, choices=DonorKind.choices)
    name = models.CharField(_("name"), max_length=120)
    pinyin = models.CharField(max_length=320, blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    id_number = EncryptedTextField(_("ID or credit code"), blank=True)
    id_index = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("first recorded"), auto_now_add=True)

    class Meta:
        db_table = "donations_donor"
        verbose_name = _("donor")
        verbose_name_plural = _("donors")
        constraints = [
            models.UniqueConstraint(
                fields=["charity", "id_index"], condition=~models.Q(id_index=""), name="donor_id_once_per_charity"
            ),
            models.UniqueConstraint(
                fields=["charity", "phone_index", "name"],
                condition=~models.Q(phone_index="") & models.Q(id_index=""),
                name="donor_phone_and_name_once_per_charity",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Way(models.TextChoices):
    CASH = "cash", _("Cash")
    BANK_TRANSFER = "bank_transfer", _("Bank transfer")
    QR_TRANSFER = "qr_transfer", _("QR transfer")
    CHEQUE = "cheque", _("Cheque")


class GiftState(models.TextChoices):
    RECORDED = "recorded", _("Recorded")
    VOIDED = "voided", _("Voided")


GIFT_FLOW = {GiftState.RECORDED: {GiftState.VOIDED}, GiftState.VOIDED: set()}


class Gift(models.Model):
    """A gift of money. A wrong one is voided with a reason and recorded anew."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    station = models.ForeignKey(
        "donations.Station", models.PROTECT, related_name="gifts", verbose_name=_("station")
    )
    fund = models.ForeignKey("funds.Fund", models.PROTECT, related_name="gifts", verbose_name=_("fund"))
    purpose = models.ForeignKey("funds.Purpose", models.PROTECT, related_name="+", verbose_name=_("purpose"))
    donor = models.ForeignKey(
        Donor, models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name=_("donor")
    )
    donor_kind = models.CharField(_("donor is"), max_length=12, choices=DonorKind.choices)
    amount_fen = models.BigIntegerField(_("amount"))
    way = models.CharField(_("way of giving"), max_length=16, choices=Way.choices)
    given_on = models.DateField(_("date"), default=timezone.localdate)
    handler = models.CharField(_("handled by"), max_length=40)
    publish_name = models.BooleanField(_("name may be published"), default=False)
    publish_amount = models.BooleanField(_("amount may be published"), default=True)
    official_receipt = models.CharField(_("official receipt number"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=GiftState.choices, default=GiftState.RECORDED
    )
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    # The same key twice is the same gift: a form's token, or a register row's fingerprint.
    key = models.CharField(max_length=120, unique=True)
    transfer = models.OneToOneField("charity_hub.Transfer", models.PROTECT, related_name="+")

    class Meta:
        db_table = "donations_gift"
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        ordering = ["-given_on", "-id"]
        indexes = [
            models.Index(fields=["fund", "-given_on", "-id"], name="gift_latest_of_fund"),
            models.Index(fields=["station", "-given_on", "-id"], name="gift_latest_of_station"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0, amount_fen__lte=10_000_000_000),
                name="gift_amount_up_to_100_million_yuan",
            ),
            models.CheckConstraint(
                condition=models.Q(donor_kind="anonymous", donor=None)
                | (~models.Q(donor_kind="anonymous") & models.Q(donor__isnull=False)),
                name="gift_names_a_donor_unless_anonymous",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DepositState(models.TextChoices):
    HANDED_IN = "handed_in", _("On its way to the bank")
    RECEIVED = "received", _("Received by the charity")


DEPOSIT_FLOW = {DepositState.HANDED_IN: {DepositState.RECEIVED}, DepositState.RECEIVED: set()}


class CashDeposit(models.Model):
    """Cash and cheques of one fund that a station paid in at the host charity's bank."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    station = models.ForeignKey(
        "donations.Station", models.PROTECT, related_name="deposits", verbose_name=_("station")
    )
    fund = models.ForeignKey("funds.Fund", models.PROTECT, related_name="+", verbose_name=_("fund"))
    amount_fen = models.BigIntegerField(_("amount"))
    handed_in_on = models.DateField(_("handed in on"), default=timezone.localdate)
    slip = models.CharField(_("deposit slip number"), max_length=60)
    state = models.CharField(
        _("state"), max_length=10, choices=DepositState.choices, default=DepositState.HANDED_IN
    )
    handed_in_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("handed in by"))
    received_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("received by")
    )
    received_on = models.DateField(_("received on"), null=True, blank=True)
    key = models.CharField(max_length=120, unique=True)

    class Meta:
        db_table = "donations_cash_deposit"
        verbose_name = _("cash deposit")
        verbose_name_plural = _("cash deposits")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="cash_deposit_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(received_by=None) | ~models.Q(received_by=models.F("handed_in_by")),
                name="cash_deposit_not_received_by_who_handed_it_in",
            ),
        ]

    def __str__(self) -> str:
        return self.number
