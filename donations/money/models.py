from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from charity_hub.guards import Deleted, Inserted, Kept, ReadOnly, Updated, tracked
from charity_hub.money import MOST_FEN
from charity_hub.people.access import AnyUser
from charity_hub.people.encryption import EncryptedTextField
from charity_hub.people.models import Role
from donations.money.scopes import gifts_within
from donations.stations.scopes import reach_of

PERSON = settings.AUTH_USER_MODEL


class DonorKind(models.TextChoices):
    """Also the last part of a gift's transfer kind (``gift:person``)."""

    PERSON = "person", _("Person")
    ORGANIZATION = "organization", _("Organization")
    ANONYMOUS = "anonymous", _("Anonymous")


class DonorQuerySet(models.QuerySet["Donor"]):
    def unmerged(self) -> "DonorQuerySet":
        """Donors that are not merged into another."""
        return self.filter(merged_into=None)

    def current_for(self, rows: models.QuerySet["Donor"]) -> "DonorQuerySet":
        """The donors of these rows today: themselves, or the ones they were merged into."""
        return self.filter(pk__in=rows.order_by().values(standing=Coalesce("merged_into", "pk")))

    def in_scope_of(self, user: AnyUser, *roles: Role) -> "DonorQuerySet":
        """Donors of the charities that a person works for, and those with a gift in the person's scope.

        A gift that the person recorded shows those donors alone whom the person added: a gift of one fen
        would open the phone of anybody whom another station knows. ``DONORS_SHARED`` says otherwise.
        """
        reach = reach_of(user, roles)
        if reach.everything:
            return self
        of_charity = Q(charity__in=reach.hosting.organizations)
        if reach.hosting_alone:  # its funds' gifts have no other donors
            return self.filter(of_charity)
        gifts = Gift.objects.in_scope_of(user, *roles).filter(donor=models.OuterRef("pk"))
        if not settings.DONORS_SHARED:
            gifts = gifts.filter(~Q(recorded_by=user.pk) | Q(donor__added_by=user.pk))
        return self.filter(of_charity | models.Exists(gifts))

    def told_to(self, user: AnyUser, *roles: Role) -> "DonorQuerySet":
        """The donors whose names a person is told who typed their phone or ID; of the others no more than
        that the number is known."""
        return self if settings.DONORS_SHARED else self.in_scope_of(user, *roles)


# Insertions are kept a statement at a time, so that a batch stays quick.
@tracked(
    Inserted(level=pgtrigger.Statement),
    Updated(),
    Deleted(),
    fields=["charity", "kind", "name", "phone", "id_number", "merged_into"],
    obj_field=pghistory.ObjForeignKey(related_name="events", db_index=True),
    model_name="DonorEvent",
)
class Donor(models.Model):
    """Someone who gave and said who they are. One row a person or organization within a host charity.

    A row that turned out to be another one's person stays, merged into it: its name, phone and ID go on
    finding the one that was kept, and it takes no gift any more.
    """

    charity = models.ForeignKey(
        "charity_hub.Organization",
        models.PROTECT,
        related_name="donors",
        db_index=False,  # donor_by_name begins with it
        verbose_name=_("charity"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DonorKind.choices)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    # The name without what does not tell people apart (width, case, blanks): donors are matched by it.
    name_key = models.CharField(max_length=240, editable=False)
    pinyin = models.CharField(max_length=320, blank=True, editable=False)
    phone = EncryptedTextField(_("phone"), blank=True, found_by="phone_index", found_by_end="phone_end_index")
    phone_index = models.CharField(max_length=64, blank=True, editable=False)
    # By the last four digits, as people tell a number apart.
    phone_end_index = models.CharField(max_length=64, blank=True, editable=False, db_default="")
    id_number = EncryptedTextField(_("ID or credit code"), blank=True, found_by="id_index")
    id_index = models.CharField(max_length=64, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_in",
        db_index=False,  # donor_merged_into is a partial one
        verbose_name=_("merged into"),
    )
    # Who said all that is known of the donor; empty once somebody else added to it.
    added_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("first recorded"), auto_now_add=True)

    objects: ClassVar[DonorQuerySet] = DonorQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "donations_donor"
        verbose_name = _("donor")
        verbose_name_plural = _("donors")
        indexes = [
            models.Index(fields=["charity", "name_key"], name="donor_by_name"),
            models.Index(fields=["phone_index"], condition=~Q(phone_index=""), name="donor_by_phone"),
            models.Index(
                fields=["phone_end_index"], condition=~Q(phone_end_index=""), name="donor_by_phone_end"
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="donor_merged_into"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["charity", "id_index"],
                condition=~Q(id_index="") & Q(merged_into=None),
                name="donor_id_once_per_charity",
            ),
            models.UniqueConstraint(
                fields=["charity", "kind", "phone_index", "name_key"],
                condition=~Q(phone_index="") & Q(id_index="", merged_into=None),
                name="donor_phone_and_name_once_per_charity",
            ),
            models.UniqueConstraint(
                fields=["charity", "name_key"],
                condition=Q(kind="organization", id_index="", merged_into=None),
                name="donor_organization_once_per_charity",
            ),
            models.CheckConstraint(
                condition=~Q(kind="anonymous") & ~Q(name="") & ~Q(name_key=""), name="donor_has_a_name"
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("pk")), name="donor_not_merged_into_itself"
            ),
        ]
        triggers = [
            ReadOnly(
                "donor_stays_added_by_who_recorded", fields=["added_by"], unless="NEW.added_by_id IS NULL"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("gifts:donor", args=[self.pk])


class DonorLookup(models.Model):
    """A phone or an ID by which somebody looked for a donor within the last hour: as its blind index."""

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+", db_index=False)
    asked = models.CharField(max_length=64)
    # Whether it counts towards the person's limit: not where it found a donor whom the person knows.
    counts = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "donations_donor_lookup"
        constraints = [models.UniqueConstraint(fields=["person", "asked"], name="donor_lookup_once")]

    def __str__(self) -> str:
        return f"{self.person} · {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class Way(models.TextChoices):
    CASH = "cash", _("Cash")
    BANK_TRANSFER = "bank_transfer", _("Bank transfer")
    QR_TRANSFER = "qr_transfer", _("QR payment")
    CHEQUE = "cheque", _("Cheque")


# These lie at the station until they are handed in; everything else is at the host's bank at once.
KEPT_AT_STATION = frozenset({Way.CASH, Way.CHEQUE})


class GiftState(models.TextChoices):
    RECORDED = "recorded", _("Recorded")
    VOIDED = "voided", _("Voided")


class GiftQuerySet(models.QuerySet["Gift"]):
    def in_scope_of(self, user: AnyUser, *roles: Role) -> "GiftQuerySet":
        """Gifts that a person's roles reach: taken at their station, in their region, or for their fund.

        With ``roles`` only memberships of these roles count, e.g. those who may void what is found.
        """
        reach = reach_of(user, roles)
        if reach.everything:
            return self
        return self.filter(gifts_within(reach))

    def recorded(self) -> "GiftQuerySet":
        """Gifts that count: not voided."""
        return self.filter(state=GiftState.RECORDED)

    def given_by_phone(self, index: str) -> "GiftQuerySet":
        """Gifts of donors who gave this phone (its blind index), whatever the charity; none for an empty
        index. A phone of a row that was merged finds the gifts of the donor who was kept.
        """
        if not index:
            return self.none()
        return self.filter(
            donor__in=Donor.objects.current_for(Donor.objects.filter(phone_index=index)).values("pk")
        )


# What may change by ``amend_gift``; everything else PostgreSQL keeps as it was recorded.
AMENDED = ("publish_name", "publish_amount", "official_receipt", "note")


@tracked(
    Inserted(level=pgtrigger.Statement),
    Updated(),
    fields=["number", "state", "donor", *AMENDED],
    obj_field=pghistory.ObjForeignKey(related_name="events", db_index=True),
    model_name="GiftEvent",
)
class Gift(models.Model):
    """A gift of money. A wrong one is voided with a reason and recorded anew."""

    number = models.CharField(_("number"), max_length=24)
    # The indexes below begin with station, fund and recorder.
    station = models.ForeignKey(
        "donations.Station",
        models.PROTECT,
        related_name="gifts",
        db_index=False,
        verbose_name=_("station"),
    )
    # A trigger holds fund, purpose, recorder and transfer to what was posted.
    fund = models.ForeignKey(
        "funds.Fund",
        models.PROTECT,
        related_name="gifts",
        db_index=False,
        verbose_name=_("fund"),
    )
    purpose = models.ForeignKey(
        "funds.Purpose",
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("purpose"),
    )
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
    state = models.CharField(_("state"), max_length=10, choices=GiftState.choices, default=GiftState.RECORDED)
    # Whoever posted the transfer; empty where a register came in from the command line and nobody was named.
    recorded_by = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    # Who reversed the transfer: whoever recorded the gift only while it is fresh (money.permissions).
    voided_by = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("voided by"),
    )
    # A register's row is recorded once: its fingerprint. A typed gift has a random key.
    key = models.CharField(max_length=120, editable=False)
    transfer = models.OneToOneField(
        "charity_hub.Transfer",
        models.PROTECT,
        related_name="+",
        verbose_name=_("transfer"),
    )

    objects: ClassVar[GiftQuerySet] = GiftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "donations_gift"
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        ordering = ["-given_on", "-id"]
        indexes = [
            models.Index(fields=["-given_on", "-id"], name="gift_latest"),
            models.Index(
                fields=["official_receipt"],
                condition=~Q(official_receipt=""),
                opclasses=["varchar_pattern_ops"],
                name="gift_by_receipt",
            ),
            models.Index(fields=["fund", "-given_on", "-id"], name="gift_latest_of_fund"),
            models.Index(fields=["station", "-given_on", "-id"], name="gift_latest_of_station"),
            models.Index(fields=["recorded_by", "-id"], name="gift_latest_of_recorder"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="gift_number_once"),
            models.UniqueConstraint(fields=["key"], name="gift_key_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, amount_fen__lte=MOST_FEN),
                name="gift_amount_up_to_100_million_yuan",
            ),
            models.CheckConstraint(
                condition=Q(donor_kind="anonymous", donor=None)
                | (~Q(donor_kind="anonymous") & Q(donor__isnull=False)),
                name="gift_names_a_donor_unless_anonymous",
            ),
            models.CheckConstraint(
                condition=Q(state="recorded", voided_by=None) | Q(state="voided", voided_by__isnull=False),
                name="gift_voided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(publish_name=False) | Q(donor__isnull=False),
                name="gift_publishes_a_name_it_has",
                violation_error_message=_("An anonymous gift has no name to be published."),
            ),
        ]
        triggers = [
            Kept("gift_is_never_deleted"),
            ReadOnly("gift_is_never_edited", exclude=["donor", "state", "voided_by", *AMENDED]),
            ReadOnly(
                "gift_keeps_its_donor",
                fields=["donor"],
                unless="EXISTS (SELECT FROM donations_donor WHERE id = OLD.donor_id"
                " AND merged_into_id = NEW.donor_id)",
            ),
            ReadOnly("gift_keeps_who_voided_it", fields=["voided_by"], unless="OLD.voided_by_id IS NULL"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("gifts:detail", args=[self.number])

    @property
    def voided(self) -> bool:
        return self.state == GiftState.VOIDED

    @property
    def recorder(self) -> str:
        """Who recorded it, in words."""
        return str(self.recorded_by or _("command line"))

    @property
    def public_name(self) -> str:
        """The donor's name where its publication was agreed, else a friendly word (Charity Law 82)."""
        if self.publish_name and self.donor:
            return self.donor.name
        return str(_("Anonymous donor"))
