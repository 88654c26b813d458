from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import Inserted, OwnersAlone, ReadOnly, Updated, tracked
from charity_hub.ledger.kinds import in_words


class Unit(models.TextChoices):
    CNY = "CNY", _("fen")
    TIME = "TIME", _("minutes")


class AccountKind(models.TextChoices):
    ASSET = "asset", _("Asset")
    LIABILITY = "liability", _("Liability")
    NET_ASSETS = "net_assets", _("Net assets")
    COMMITTED = "committed", _("Committed")
    CONTRA = "contra", _("Contra")


class AccountRole(models.TextChoices):
    """The role of an account in its book. ``party`` distinguishes accounts of one role, such as stations'
    cash.
    """

    NONE = "", _("None")
    BANK = "bank", _("At the bank")
    STATION_CASH = "station_cash", _("Cash at a station")
    IN_TRANSIT = "in_transit", _("In transit")
    FREE = "free", _("Free to be spent")
    COMMITTED = "committed", _("Committed")


class Side(models.IntegerChoices):
    DEBIT = 1, _("Debit")
    CREDIT = -1, _("Credit")

    @classmethod
    def normal_for(cls, kind: str) -> "Side":
        """The normal side of accounts of this kind."""
        return cls.DEBIT if kind in {AccountKind.ASSET, AccountKind.CONTRA} else cls.CREDIT


@tracked(
    Inserted(),
    Updated(condition=pghistory.AnyChange("name", "closed_through")),
    model_name="BookEvent",
    obj_field=pghistory.ObjForeignKey(related_name="events", related_query_name="events", db_index=True),
    meta={"db_table": "ledger_book_event"},
)
class Book(models.Model):
    """Accounts that are kept and closed together, such as those of one fund."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    closed_through = models.DateField(_("closed through"), null=True, blank=True)

    class Meta:
        db_table = "ledger_book"
        verbose_name = _("book")
        verbose_name_plural = _("books")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(code=""), name="book_has_a_code"),
        ]

    def __str__(self) -> str:
        return self.name


# Postings change only ``balance`` and ``entry_count`` and leave no history: the entries are the history.
@tracked(
    Inserted(),
    Updated(
        operation=pgtrigger.UpdateOf("name", "role", "party", "floor", "closed"),
        condition=pghistory.AnyChange("name", "role", "party", "floor", "closed"),
        trigger_name="update_update",
    ),
    fields=["book", "unit", "code", "name", "kind", "role", "party", "normal_side", "floor", "closed"],
    model_name="AccountEvent",
    obj_field=pghistory.ObjForeignKey(related_name="events", related_query_name="events", db_index=True),
    meta={"db_table": "ledger_account_event"},
)
class Account(models.Model):
    """An account for money or minutes: where they are, or what they are for.

    ``balance`` is debit-positive; only PostgreSQL's posting trigger writes it and ``entry_count``.
    A trigger checks what never changes (``code``, ``unit``, ``kind``, ``normal_side``) once, when the
    account is opened; constraints would check it again with each posting.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="accounts", verbose_name=_("book"))
    unit = models.CharField(_("unit"), max_length=4, choices=Unit.choices, default=Unit.CNY)
    code = models.CharField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices)
    role = models.CharField(_("role"), max_length=16, choices=AccountRole.choices, blank=True, default="")
    # The id of the row of this role: a station or a purpose.
    party = models.BigIntegerField(_("for"), null=True, blank=True, editable=False)
    normal_side = models.SmallIntegerField(_("normal side"), choices=Side.choices)
    balance = models.BigIntegerField(_("balance"), default=0, db_default=0, editable=False)
    entry_count = models.BigIntegerField(_("entries"), default=0, db_default=0, editable=False)
    floor = models.BigIntegerField(_("lower limit"), null=True, blank=True, default=0, db_default=0)
    closed = models.BooleanField(_("closed"), default=False, db_default=False)

    class Meta:
        db_table = "ledger_account"
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(floor=None)
                | models.Q(floor__lte=models.F("balance") * models.F("normal_side")),
                name="account_balance_at_or_above_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(closed=False) | models.Q(balance=0), name="account_closed_only_at_zero"
            ),
            models.UniqueConstraint(
                fields=["book", "role", "party"],
                condition=~models.Q(role=""),
                nulls_distinct=False,
                name="account_role_once_per_book_and_party",
            ),
        ]
        triggers = [
            ReadOnly("account_keeps_its_role", fields=["role", "party"], unless="OLD.role = ''"),
            ReadOnly(
                "account_floor_never_falls",
                fields=["floor"],
                unless="OLD.floor IS NULL OR NEW.floor >= OLD.floor",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def normal_balance(self) -> int:
        """The balance on the account's normal side: fen or minutes, usually not negative."""
        return self.balance * self.normal_side


class KnownKind(models.Model):
    """A registered kind of transfer and the model of its rows, for PostgreSQL.

    Written only by ``migrate`` (``charity_hub.ledger.kinds``). ``source`` is the model, ``app.model``.
    """

    code = models.CharField(_("kind"), max_length=40, primary_key=True)
    source = models.CharField(_("belongs to"), max_length=80)

    class Meta:
        db_table = "ledger_transfer_kind"
        verbose_name = _("kind of transfer")
        verbose_name_plural = _("kinds of transfers")
        triggers = [OwnersAlone("transfer_kinds_are_declared_by_the_code")]

    def __str__(self) -> str:
        return self.code


class Transfer(models.Model):
    """One business event in the books. Never changed once posted."""

    kind = models.CharField(_("kind"), max_length=40)
    occurred_on = models.DateField(_("date"))
    posted_at = models.DateTimeField(_("posted"), db_default=Now(), editable=False)
    memo = models.TextField(_("memo"), blank=True, default="", db_default="")
    source_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source_id = models.BigIntegerField(null=True, blank=True)
    source = GenericForeignKey("source_type", "source_id")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=120)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("reverses"),
    )

    # What was posted, as PostgreSQL saw it: until the night's seal ``verify_ledger`` compares the row.
    content_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    class Meta:
        db_table = "ledger_transfer"
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-id"]
        indexes = [models.Index(fields=["source_type", "source_id"], name="transfer_by_source")]
        constraints = [
            models.UniqueConstraint(fields=["idempotency_key"], name="transfer_key_is_used_once"),
            models.CheckConstraint(condition=~models.Q(kind=""), name="transfer_has_a_kind"),
            models.CheckConstraint(condition=~models.Q(idempotency_key=""), name="transfer_has_a_key"),
            models.CheckConstraint(
                condition=models.Q(source_type=None, source_id=None)
                | models.Q(source_type__isnull=False, source_id__isnull=False),
                name="transfer_source_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"{in_words(self.kind)} {self.occurred_on} #{self.pk}"


class Entry(models.Model):
    """One line of a transfer: debit positive, credit negative, never zero.

    The entries of an account are numbered 1, 2, 3 … without gaps, in the order in which they took effect,
    with
    ``balance_after`` for each. PostgreSQL writes both, and its posting trigger checks them.
    """

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="entries", verbose_name=_("transfer"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="entries", db_index=False, verbose_name=_("account")
    )
    number = models.BigIntegerField(_("number"), editable=False)
    amount = models.BigIntegerField(_("amount"))
    balance_after = models.BigIntegerField(_("balance after"), editable=False)

    class Meta:
        db_table = "ledger_entry"
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="entry_amount_is_not_zero"),
            models.UniqueConstraint(fields=["account", "number"], name="entry_number_once_per_account"),
        ]

    def __str__(self) -> str:
        from charity_hub.ledger.amounts import written

        return f"{self.account.code}: {written(self.amount, self.account.unit)}"


class MonthTotal(models.Model):
    """The sums of an account in a month (its first day), by kind of transfer.

    Written only by PostgreSQL's posting trigger.
    """

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="month_totals", db_index=False, verbose_name=_("account")
    )
    month = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=40)
    debits = models.BigIntegerField(_("debits"), default=0)
    credits = models.BigIntegerField(_("credits"), default=0)
    # The number of the last entry counted here.
    counted_through = models.BigIntegerField(editable=False)

    class Meta:
        db_table = "ledger_month_total"
        verbose_name = _("month total")
        verbose_name_plural = _("month totals")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "month", "kind"], name="month_total_once_per_account_month_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(debits__gte=0, credits__gte=0), name="month_total_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m} {in_words(self.kind)}"


class Seal(models.Model):
    """A hash over everything posted since the previous seal, chained to it."""

    day = models.DateField(_("day"), unique=True)
    sealed_at = models.DateTimeField(_("sealed"), auto_now_add=True)
    first_transfer = models.BigIntegerField(_("after transfer"))
    last_transfer = models.BigIntegerField(_("through transfer"))
    transfer_count = models.BigIntegerField(_("transfers"))
    entry_count = models.BigIntegerField(_("entries"))
    previous_hash = models.CharField(_("hash before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects: ClassVar[models.Manager["Seal"]] = models.Manager()

    class Meta:
        db_table = "ledger_seal"
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["day"]
        get_latest_by = "day"

    def __str__(self) -> str:
        return f"{self.day}: {self.hash[:12]}"
