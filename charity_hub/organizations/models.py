from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    STREET_OFFICE = "street_office", _("Street office")
    RESIDENTS_COMMITTEE = "residents_committee", _("Residents' committee")
    VILLAGE_COMMITTEE = "village_committee", _("Village committee")
    CHARITY = "charity", _("Charity")
    AGENCY = "agency", _("Social-work agency")
    COMPANY = "company", _("Company")
    OTHER = "other", _("Other")


class Organization(models.Model):
    """A body that acts in the portal: hosts a fund, runs a station, is paid."""

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    uscc = models.CharField(
        _("unified social credit code"), max_length=18, unique=True, null=True, blank=True
    )
    region = models.ForeignKey("charity_hub.Region", models.PROTECT, verbose_name=_("region"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    contact = models.CharField(_("contact person"), max_length=40, blank=True)
    may_fundraise_publicly = models.BooleanField(_("has public-fundraising qualification"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "organizations_organization"
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
