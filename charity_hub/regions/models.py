from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import OwnersAlone


class Level(models.IntegerChoices):
    """The number of digits of a code determines its level."""

    PROVINCE = 2, _("Province")
    CITY = 4, _("City")
    DISTRICT = 6, _("District")
    STREET = 9, _("Street or town")
    COMMUNITY = 12, _("Community or village")


class RegionQuerySet(models.QuerySet["Region"]):
    def within(self, code: str) -> "RegionQuerySet":
        """The region with this code and everything below it."""
        return self.filter(code__startswith=code)

    def covered_by(self, codes: Sequence[str]) -> "RegionQuerySet":
        """The regions with these codes and everything below them; nothing for no code."""
        condition = models.Q(pk__in=[])
        for code in codes:
            condition |= models.Q(code__startswith=code)
        return self.filter(condition)

    def find(self, words: str) -> "RegionQuerySet":
        """Those whose code begins with, or whose full name or pinyin contains, each of the typed words.

        The nearest answers first: higher levels before lower ones, then by code.
        """
        found = self
        for word in words.split():
            found = found.filter(
                models.Q(code__startswith=word)
                | models.Q(full_name__contains=word)
                | models.Q(pinyin__contains=word.lower())
            )
        return found.order_by("level", "code")

    def streets(self) -> "RegionQuerySet":
        return self.filter(level=Level.STREET)


class Region(models.Model):
    """An administrative division, by the statistics bureau's code."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    full_name = models.CharField(_("full name"), max_length=240)
    pinyin = models.TextField(_("pinyin"), blank=True)

    objects: ClassVar[RegionQuerySet] = RegionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "regions_region"
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$"),
                name="region_code_is_2_4_6_9_or_12_digits",
            ),
        ]
        # Scopes hang on codes and parents.
        triggers = [OwnersAlone("regions_are_loaded_by_the_owner")]

    def __str__(self) -> str:
        return self.full_name
