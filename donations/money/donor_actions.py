"""The verbs of donors: correct what is known of one, merge two that are one person."""

from typing import Final, NamedTuple

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.errors import Refused
from charity_hub.organizations.models import Organization
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.plain_text import clean_name
from charity_hub.workflow.actions import lock, record
from donations.money.acknowledgement import replace_acknowledgements
from donations.money.donors import Identity, identity, lock_donors
from donations.money.models import Donor, DonorKind, Gift
from donations.money.permissions import HANDLING, may_handle_donor
from donations.money.rules import check_contact
from funds.profile.models import Fund

KNOWN_OF_A_DONOR: Final = (
    "name",
    "name_key",
    "pinyin",
    "phone",
    "phone_index",
    "phone_end_index",
    "id_number",
    "id_index",
)


class DonorStep(models.TextChoices):
    """What a donor's history tells."""

    CORRECTED = "corrected", gettext_lazy("Corrected")
    MERGED = "merged", gettext_lazy("Merged into another donor")
    TOOK_IN = "took_in", gettext_lazy("Took in another donor")


class SameDonor(Refused):
    """What was typed belongs to ``other``, a donor of the same charity: the two may be one person."""

    def __init__(self, sentence: str, field: str, other: Donor) -> None:
        super().__init__(sentence, field)
        self.other = other


class Correction(NamedTuple):
    """What is right about a donor. None leaves a phone or an ID as it is, an empty one takes it away."""

    name: str
    phone: str | None = None
    id_number: str | None = None


@transaction.atomic
def correct_donor(
    donor: Donor, right: Correction, *, withdraw_name: bool = False, reason: str, actor: User
) -> Donor:
    """Correct a donor's name, phone or ID; with ``withdraw_name`` none of their gifts names them any more.

    Acknowledgements that were printed under another name are replaced. The same again changes nothing.
    Raises ``SameDonor`` when another donor is known by what was typed, ``Refused`` without a reason or for
    what cannot be right.
    """
    require(may_handle_donor(actor, donor))
    lock_donors(donor.charity)
    donor = lock(donor)
    _check(donor, right, reason)
    changed = _apply(donor, right, actor)
    if withdraw_name:
        changed |= bool(Gift.objects.filter(donor=donor, publish_name=True).update(publish_name=False))
    if changed:
        record(donor, "", DonorStep.CORRECTED, actor=actor, why=clean_name(reason))
    return donor


def _check(donor: Donor, right: Correction, reason: str) -> None:
    _refuse_merged(donor)
    if not clean_name(reason):
        raise Refused(_("State why this is corrected: the reason stays in the donor's history."), "reason")
    who = identity(donor.kind, right.name)
    if not who.name or not who.name_key:
        raise Refused(_("Enter the donor's name."), "name")
    check_contact(donor.kind, right.phone or "", right.id_number or "")


def _apply(donor: Donor, right: Correction, actor: User) -> bool:
    """Write what differs; whether anything did."""
    phone = donor.phone if right.phone is None else right.phone
    id_number = donor.id_number if right.id_number is None else right.id_number
    who = identity(donor.kind, right.name, phone, id_number)
    if (who.name, who.phone, who.id_number) == (donor.name, donor.phone, donor.id_number):
        return False
    _refuse_another(donor, who)
    if who.name != donor.name:
        replace_acknowledgements(donor)
    for name in KNOWN_OF_A_DONOR:
        setattr(donor, name, getattr(who, name))
    if donor.added_by_id != actor.pk:
        donor.added_by = None
    donor.save(update_fields=[*KNOWN_OF_A_DONOR, "added_by"])
    return True


def _refuse_another(donor: Donor, who: Identity) -> None:
    """Refuse what another donor of the charity is found by."""
    others = Donor.objects.unmerged().filter(charity=donor.charity_id).exclude(pk=donor.pk)
    by_id = others.filter(id_index=who.id_index).first() if who.id_index else None
    if by_id:
        raise SameDonor(_("Another donor has this ID already. Compare the two."), "id_number", by_id)
    same = others.filter(kind=who.kind, name_key=who.name_key)
    if who.id_index:
        same = same.filter(id_index="")
    by_phone = same.filter(phone_index=who.phone_index).first() if who.phone_index else None
    if by_phone:
        raise SameDonor(
            _("Another donor has this name and this phone already. Compare the two."), "phone", by_phone
        )
    by_name = same.filter(id_index="").first() if who.kind == DonorKind.ORGANIZATION else None
    if by_name and not who.id_index:
        raise SameDonor(_("Another organization has this name already. Compare the two."), "name", by_name)


def merge_donors(gone: Donor, kept: Donor, *, reason: str, actor: User) -> Donor:
    """Make one donor of two rows that are one person: every gift of ``gone`` becomes a gift of ``kept``.

    The row ``gone`` stays as merged, and what it was known by finds ``kept`` from now on; a phone or an ID
    that ``kept`` lacks is taken over. Acknowledgements that were printed under another name are replaced. The
    same again is quiet. Raises ``Refused`` for donors of two charities or kinds or with two IDs, for gifts
    that are not the actor's to handle, without a reason.
    """
    with transaction.atomic():
        _lock_gifts_of(kept.charity)
        lock_donors(kept.charity)
        rows = Donor.objects.select_for_update().order_by("pk").in_bulk([gone.pk, kept.pk])
        gone, kept = rows[gone.pk], rows[kept.pk]
        _refuse_merged(kept)  # first of all: who was merged this moment has no gifts, which entitle
        require(may_handle_donor(actor, kept))
        if gone.merged_into_id == kept.pk:
            return kept
        _refuse_merged(gone)
        require(may_handle_donor(actor, gone))
        _check_merge(gone, kept, clean_name(reason), actor)
        _move(gone, kept)
        record(gone, "", DonorStep.MERGED, actor=actor, why=clean_name(reason))
        record(kept, "", DonorStep.TOOK_IN, actor=actor, why=clean_name(reason))
    return kept


def _lock_gifts_of(charity: Organization) -> None:
    """Wait until no gift is being recorded for the charity: whoever records one locks its fund first."""
    list(Fund.objects.select_for_update(of=("self",), no_key=True).filter(host=charity).order_by("pk"))


def _check_merge(gone: Donor, kept: Donor, reason: str, actor: User) -> None:
    if not reason:
        raise Refused(
            _("State how you know that they are the same person: the reason stays in their history."),
            "reason",
        )
    problem = merge_problem(gone, kept)
    if problem:
        raise Refused(problem)
    if (
        Gift.objects.filter(donor=gone)
        .exclude(pk__in=Gift.objects.in_scope_of(actor, *HANDLING).order_by().values("pk"))
        .exists()
    ):
        raise Refused(
            _(
                "“%(name)s” has gifts that you do not handle. Ask the charity's officers to "
                "merge the two donors."
            )
            % {"name": gone.name}
        )


def merge_problem(one: Donor, other: Donor) -> str | None:
    """Why these two cannot be one donor, as a sentence; None when they can."""
    if one.pk == other.pk:
        return _("This is the same donor. Choose another one.")
    if one.charity_id != other.charity_id:
        return _("These donors belong to two charities: each charity keeps its own donors.")
    if one.kind != other.kind:
        return _("A person and an organization are never one donor.")
    if one.id_index and other.id_index and one.id_index != other.id_index:
        return _(
            "These donors have two different IDs, so they are not the same person. Correct a wrong ID first."
        )
    return None


def _move(gone: Donor, kept: Donor) -> None:
    Donor.objects.filter(pk=gone.pk).update(merged_into=kept)
    if not kept.id_index and (gone.id_index or not kept.id_number):
        kept.id_number, kept.id_index = gone.id_number, gone.id_index
    if not kept.phone_index and (gone.phone_index or not kept.phone):
        kept.phone, kept.phone_index = gone.phone, gone.phone_index
        kept.phone_end_index = gone.phone_end_index
    _refuse_another(kept, identity(kept.kind, kept.name, kept.phone, kept.id_number))
    if kept.added_by_id != gone.added_by_id:
        kept.added_by = None
    kept.save(update_fields=["id_number", "id_index", "phone", "phone_index", "phone_end_index", "added_by"])
    if gone.name != kept.name:
        replace_acknowledgements(gone)
    Gift.objects.filter(donor=gone).update(donor=kept)


def _refuse_merged(donor: Donor) -> None:
    if donor.merged_into_id:
        raise Refused(_("This donor was merged into another one. Continue with that one."))


def likely_same(donor: Donor, among: models.QuerySet[Donor]) -> models.QuerySet[Donor]:
    """Donors who may be the same one: the same ID, phone or name."""
    match = Q(name_key=donor.name_key)
    if donor.phone_index:
        match |= Q(phone_index=donor.phone_index)
    if donor.id_index:
        match |= Q(id_index=donor.id_index)
    return comparable(donor, among).filter(match)


def comparable(donor: Donor, among: models.QuerySet[Donor]) -> models.QuerySet[Donor]:
    """Donors with whom this one can be merged at all."""
    same = among.filter(charity=donor.charity_id, kind=donor.kind, merged_into=None)
    return same.exclude(pk=donor.pk).order_by("name_key", "pk")
