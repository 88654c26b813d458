import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from charity_hub.guards import Deleted, Inserted, ReadOnly, tracked
from charity_hub.ledger.models import Account
from charity_hub.people.access import scope_of
from charity_hub.people.models import Role, User
from funds.profile.agreement_terms import AgreedTerms


class FundState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    UNDER_REVIEW = "under_review", _("Under review")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    WINDING_UP = "winding_up", _("Winding up")
    CLOSED = "closed", pgettext_lazy("a fund", "Closed")


# Scopes that give access to a fund on the desk: its region, its host charity, the fund itself.
REGION_READERS = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER, Role.STREET_STAFF, Role.AUDITOR)
HOST_READERS = (Role.CHARITY_OFFICER,)
FUND_READERS = (Role.COMMITTEE_MEMBER, Role.FUND_SUPERVISOR)

# States in which a fund's agreement is in force and can be changed.
CHANGING_STATES = [FundState.ACTIVE, FundState.SUSPENDED]
PUBLIC_STATES = [FundState.ACTIVE, FundState.SUSPENDED, FundState.WINDING_UP, FundState.CLOSED]


def new_key() -> str:
    """A migration refers to it by name."""
    return uuid.uuid4().hex


class FundQuerySet(models.QuerySet["Fund"]):
    def public(self) -> "FundQuerySet":
        """Funds that everybody may see: all that were ever activated."""
        return self.filter(state__in=PUBLIC_STATES)

    def active(self) -> "FundQuerySet":
        return self.filter(state=FundState.ACTIVE)

    def in_scope_of(self, user: User | AnonymousUser) -> "FundQuerySet":
        """Funds that ``user`` may read on the desk: by region, host charity or the fund itself."""
        region = scope_of(user, *REGION_READERS)
        if region.everything:
            return self.all()
        hosts = scope_of(user, *HOST_READERS).organizations
        codes = scope_of(user, *FUND_READERS).funds
        return self.filter(region.regions_q() | Q(host__in=hosts) | Q(code__in=codes))

    def served_by(self, user: User | AnonymousUser) -> "FundQuerySet":
        """Funds of the regions where ``user`` is street staff."""
        scope = scope_of(user, Role.STREET_STAFF)
        return self.all() if scope.everything else self.filter(scope.regions_q())

    def hosted_by(self, user: User | AnonymousUser) -> "FundQuerySet":
        """Funds whose host charity ``user`` is an officer of."""
        scope = scope_of(user, Role.CHARITY_OFFICER)
        return self.all() if scope.everything else self.filter(host__in=scope.organizations)


@tracked()
class Fund(AgreedTerms):
    """A community charity fund. It is no legal person; its money is held by the host charity.

    Its terms are those of the first agreement; ``funds.profile.agreements`` tells the terms in force on a
    day.
    """

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    pinyin = models.CharField(max_length=320, blank=True, editable=False)
    region = models.ForeignKey("charity_hub.Region", models.PROTECT, verbose_name=_("region"))
    host = models.ForeignKey(
        "charity_hub.Organization",
        models.PROTECT,
        related_name="hosted_funds",
        verbose_name=_("host charity"),
    )
    state = models.CharField(_("state"), max_length=16, choices=FundState.choices, default=FundState.DRAFT)
    starts_on = models.DateField(_("from"))
    seed_money_fen = models.BigIntegerField(_("seed money"), default=0)
    seed_money_from = models.CharField(_("given by"), max_length=120, blank=True)
    book = models.OneToOneField(
        "charity_hub.Book", models.PROTECT, null=True, blank=True, related_name="fund", verbose_name=_("book")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("activated by"),
    )
    activated_on = models.DateField(_("activated on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[FundQuerySet] = FundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "funds_fund"
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(management_fee_bp__lte=1000),
                name="fund_management_fee_at_most_10_percent",
                violation_error_message=_("The management fee is at most 10% of the gifts."),
            ),
            models.CheckConstraint(
                condition=Q(seed_money_fen__gte=0, seed_money_fen__lte=10_000_000_000),
                name="fund_seed_money_up_to_100_million_yuan",
                violation_error_message=_("The seed money is between ¥0 and ¥100,000,000."),
            ),
            models.CheckConstraint(
                condition=Q(signed_on__lte=F("starts_on")),
                name="fund_signed_before_it_starts",
                violation_error_message=_(
                    "The agreement is signed before it takes effect. Check both dates."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="fund_ends_after_it_starts",
                violation_error_message=_("The agreement ends after it takes effect. Check both dates."),
            ),
            models.CheckConstraint(
                condition=Q(activated_by=None) | ~Q(activated_by=F("proposed_by")),
                name="fund_not_activated_by_its_proposer",
                violation_error_message=_("Nobody activates a fund that they proposed."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "under_review"])
                | Q(activated_by__isnull=False, activated_on__isnull=False, book__isnull=False),
                name="fund_activated_before_it_is_public",
                violation_error_message=_("A fund is activated before it takes money or becomes public."),
            ),
            models.CheckConstraint(
                condition=~Q(leftover_fund=F("id")),
                name="fund_leftovers_go_elsewhere",
                violation_error_message=_("What is left goes to another fund, not to this one."),
            ),
        ]
        triggers = [ReadOnly("fund_keeps_its_proposer", fields=["proposed_by", "created_at"])]

    def __str__(self) -> str:
        return self.name


def says_unrestricted(name: str) -> bool:
    """Whether a purpose's name itself says that its money is unrestricted."""
    return any(word in name.lower() for word in ("不限定", "unrestricted"))


@tracked(Inserted(), Deleted())
class PublicPaper(models.Model):
    """Marks a fund's document as public while its fund is public. Other documents are not public."""

    document = models.OneToOneField(
        "charity_hub.Document", models.PROTECT, related_name="public_paper", verbose_name=_("document")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made public by")
    )
    at = models.DateTimeField(_("made public"), auto_now_add=True)

    class Meta:
        db_table = "funds_public_paper"
        verbose_name = _("public document")
        verbose_name_plural = _("public documents")

    def __str__(self) -> str:
        return self.document.name


class PurposeQuerySet(models.QuerySet["Purpose"]):
    def in_use(self) -> "PurposeQuerySet":
        """Purposes that can still be given to and spent from."""
        return self.filter(retired_on=None)


@tracked()
class Purpose(models.Model):
    """A designated use of a fund's money, or its unrestricted money."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="purposes", verbose_name=_("fund"))
    slug = models.SlugField(_("short name"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    restricted = models.BooleanField(_("restricted"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    net_account = models.OneToOneField(
        "charity_hub.Account", models.PROTECT, null=True, blank=True, related_name="purpose"
    )
    committed_account = models.OneToOneField(
        "charity_hub.Account", models.PROTECT, null=True, blank=True, related_name="committed_purpose"
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects: ClassVar[PurposeQuerySet] = PurposeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "funds_purpose"
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "slug"], name="purpose_slug_once_per_fund"),
            models.UniqueConstraint(fields=["fund", "name"], name="purpose_name_once_per_fund"),
            models.UniqueConstraint(
                fields=["fund"], condition=Q(restricted=False), name="purpose_unrestricted_once_per_fund"
            ),
            # What a composite foreign key (purpose, fund) of spending and gifts refers to.
            models.UniqueConstraint(fields=["id", "fund"], name="purpose_id_with_its_fund"),
            models.CheckConstraint(
                condition=Q(retired_on=None) | Q(restricted=True), name="purpose_unrestricted_never_retires"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def to_be_marked(self) -> bool:
        """Whether the word "unrestricted" must be added to its name, because the name does not say it."""
        return not self.restricted and not says_unrestricted(self.name)

    @property
    def accounts(self) -> tuple[Account, Account]:
        """Its accounts for available money (net assets) and committed money; opened when its fund is
        activated.
        """
        if self.net_account is None or self.committed_account is None:
            raise RuntimeError(f"{self.fund_id}: {self.slug} has no accounts before its fund is activated")
        return self.net_account, self.committed_account


class Position(models.TextChoices):
    CHAIR = "chair", _("Chair")
    MEMBER = "member", _("Member")
    SUPERVISOR = "supervisor", _("Supervisor")


@tracked()
class CommitteeMember(models.Model):
    """A member of the fund's committee, or its supervisor. Unpaid."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="committee", verbose_name=_("fund"))
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=40)
    position = models.CharField(
        _("position"), max_length=12, choices=Position.choices, default=Position.MEMBER
    )
    represents = models.CharField(_("represents"), max_length=80, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "funds_committee_member"
        verbose_name = _("committee member")
        verbose_name_plural = _("committee members")
        ordering = ["id"]
        constraints = [
            # This also keeps the supervisor from being a member of the supervised committee.
            models.UniqueConstraint(fields=["fund", "name"], name="committee_member_once_per_fund"),
        ]

    def __str__(self) -> str:
        return self.name
