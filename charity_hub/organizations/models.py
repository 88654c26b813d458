from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as credit_code

from charity_hub.guards import tracked
from charity_hub.plain_text import half_width


class Kind(models.TextChoices):
    STREET_OFFICE = "street_office", _("Street office")
    RESIDENTS_COMMITTEE = "residents_committee", _("Residents' committee")
    VILLAGE_COMMITTEE = "village_committee", _("Village committee")
    CHARITY = "charity", _("Charity")
    AGENCY = "agency", _("Social-work agency")
    COMPANY = "company", _("Company")
    OTHER = "other", _("Other")


# GB 32100: the letters I, O, S, V and Z are not used.
CREDIT_CODE_SHAPE = r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"


def normal_credit_code(text: str) -> str:
    """A unified social credit code as stored: half-width capitals without spaces and dashes."""
    plain = half_width(text).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def check_credit_code(code: str) -> None:
    """Raises ``ValidationError`` unless ``code`` is a unified social credit code (GB 32100, mod 31)."""
    if not credit_code.is_valid(code):
        raise ValidationError(
            _(
                "“%(code)s” is not a unified social credit code. A code has 18 characters; the last "
                "one is a check character."
            ),
            code="invalid_credit_code",
            params={"code": code},
        )


@tracked(meta={"db_table": "organizations_organization_event"})
class Organization(models.Model):
    """An organization that hosts a fund, operates a station or is paid."""

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    uscc = models.CharField(
        _("unified social credit code"),
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        validators=[check_credit_code],
    )
    region = models.ForeignKey("charity_hub.Region", models.PROTECT, verbose_name=_("region"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    contact = models.CharField(_("contact person"), max_length=40, blank=True)
    may_fundraise_publicly = models.BooleanField(_("has public-fundraising qualification"), default=False)
    qualification_number = models.CharField(_("certificate number"), max_length=60, blank=True)
    qualified_from = models.DateField(_("qualified from"), null=True, blank=True)
    qualified_until = models.DateField(
        _("qualified until"), null=True, blank=True, help_text=_("Empty: until it is withdrawn.")
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "organizations_organization"
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uscc=None) | models.Q(uscc__regex=CREDIT_CODE_SHAPE),
                name="organization_credit_code_has_its_shape",
                violation_error_message=_(
                    "A credit code has 18 digits and capital letters, without I, O, S, V and Z."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(may_fundraise_publicly=False)
                | (~models.Q(qualification_number="") & models.Q(qualified_from__isnull=False)),
                name="organization_qualification_has_number_and_date",
                violation_error_message=_(
                    "A public-fundraising qualification has a certificate number and a first day."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(qualified_until=None)
                | models.Q(qualified_until__gte=models.F("qualified_from")),
                name="organization_qualification_ends_after_it_starts",
                violation_error_message=_("The qualification ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.uscc = normal_credit_code(self.uscc) or None if self.uscc else None

    def is_qualified_on(self, day: date) -> bool:
        """Whether it may raise funds publicly on this day [law: Charity Law 22, 26]."""
        if not self.may_fundraise_publicly or self.qualified_from is None or day < self.qualified_from:
            return False
        return self.qualified_until is None or day <= self.qualified_until
