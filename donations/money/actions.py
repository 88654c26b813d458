"""The verbs of gifts. Amounts are fen, days are Asia/Shanghai dates."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, Posting, post_batch, reverse
from charity_hub.ledger.errors import FloorPassed
from charity_hub.ledger.models import Account, AccountRole
from charity_hub.money import yuan
from charity_hub.numbering import draw, draw_ids, printed
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.plain_text import clean_name
from charity_hub.workflow.actions import lock, record, required_reason
from charity_hub.workflow.moves import Data
from donations.money.acknowledgement import revoke_acknowledgements
from donations.money.bulk_insert import GiftRow, as_gifts, existing_keys, insert_gifts
from donations.money.donors import Identity, find_or_add_donors, identity
from donations.money.models import KEPT_AT_STATION, Donor, DonorKind, Gift, GiftState
from donations.money.permissions import may_handle, may_record
from donations.money.rules import NewGift, check_contact, check_gift, check_place, gift_problems
from donations.money.void_models import VoidRequest
from donations.stations.accounts import cash_account
from donations.stations.models import Station
from funds.profile.accounts import bank_of
from funds.profile.models import Fund, Purpose


@transaction.atomic
def record_gift(
    gift: NewGift, *, station: Station, fund: Fund, donor: Donor | None = None, actor: User
) -> Gift:
    """Record one gift of money and post it to the fund's books.

    ``donor`` is a donor of the fund's host charity who was picked from a list (one that was merged stands
    for the one it was merged into); without one the donor is found again by the gift's ID, else by its phone
    and name, else added. ``actor`` records gifts at the station. Raises ``Refused`` with a sentence and the
    field it belongs to.
    """
    _entitle(actor, station)
    if donor:
        gift = replace(gift, donor_kind=donor.kind, name=donor.name, phone="", id_number="")
    fund, station = _lock_place(fund, station)
    check_place(station, fund)
    check_gift(gift, fund)
    if gift.donor_kind != DonorKind.ANONYMOUS:
        check_contact(gift.donor_kind, gift.phone, gift.id_number)
    donor = _standing(donor)
    if donor and donor.charity_id != fund.host_id:
        raise Refused(
            _("This donor belongs to another charity. Enter the name instead of picking it."), "name"
        )
    donors = [donor.pk] if donor else _donors_of([_identity_of(gift)], fund, actor)
    return as_gifts(_write([gift], donors, station, fund, actor))[0]


def record_gifts(rows: Sequence[NewGift], *, station: Station, fund: Fund, actor: User) -> list[Gift]:
    """Record a batch for one station and one fund, in a constant number of statements.

    Rows whose key is there already are left out quietly: what comes back are the gifts that are new.
    Nothing is recorded when one of the rows breaks a rule (``Refused``): ask ``rules.gift_problems`` first.
    Keep batches around 1,000 rows. ``actor`` records gifts at the station.
    """
    _entitle(actor, station)
    return as_gifts(enter_gifts(prepare_gifts(rows, fund), station=station, fund=fund, actor=actor))


class PreparedGift(NamedTuple):
    """A gift made ready for ``enter_gifts``: who gave it, and the rule that it breaks."""

    row: NewGift
    who: Identity | None
    refused: Refused | None


def prepare_gifts(rows: Sequence[NewGift], fund: Fund) -> list[PreparedGift]:
    """The part of ``record_gifts`` that asks the database nothing, so that it can be done ahead."""
    today = timezone.localdate()
    known: dict[tuple[str, ...], Identity | None] = {}  # one donor may stand in many rows
    prepared = []
    for row in rows:
        said = (row.donor_kind, row.name, row.phone, row.id_number)
        if said not in known:
            known[said] = _identity_of(row)
        prepared.append(PreparedGift(row, known[said], next(gift_problems(row, fund, today), None)))
    return prepared


@transaction.atomic
def enter_gifts(
    prepared: Sequence[PreparedGift], *, station: Station, fund: Fund, actor: User | None
) -> list[GiftRow]:
    """``record_gifts`` for rows that are prepared; returns the rows that are new, as they were written.

    Whether ``actor`` may is for who calls this once a batch to ask, once.
    """
    fund, station = _lock_place(fund, station)
    check_place(station, fund)
    there = existing_keys([one.row.key for one in prepared])
    new = list({one.row.key: one for one in prepared if one.row.key not in there}.values())
    for one in new:
        if one.refused:
            raise one.refused
    donors = _donors_of([one.who for one in new], fund, actor)
    return _write([one.row for one in new], donors, station, fund, actor)


def _write(
    rows: Sequence[NewGift], donors: Sequence[int | None], station: Station, fund: Fund, actor: User | None
) -> list[GiftRow]:
    """Number the gifts of these donors, post them to the books and write them: rules are kept already."""
    if not rows:
        return []
    nets = dict(Purpose.objects.filter(fund=fund).values_list("pk", "net_account"))
    # Cash and cheques lie at the station, everything else at the host's bank at once.
    places = {
        way: (cash_account(station, fund) if way in KEPT_AT_STATION else bank_of(fund)).pk
        for way in sorted({row.way for row in rows})
    }
    gift_type = ContentType.objects.get_for_model(Gift).pk
    numbered = [
        (pk, printed("JZ", row.given_on.year, number), row)
        for pk, number, row in zip(
            draw_ids(Gift, len(rows)), draw("donations_gift_number", len(rows)), rows, strict=True
        )
    ]
    transfers = post_batch(
        [
            Posting(
                kind=f"gift:{row.donor_kind}",
                lines=[Line(places[row.way], row.amount_fen), Line(nets[row.purpose.pk], -row.amount_fen)],
                key=f"gift:{number}",
                occurred_on=row.given_on,
                memo=number,
                source=(gift_type, pk),
                actor=actor,
            )
            for pk, number, row in numbered
        ]
    )
    now, recorded_by = timezone.now(), actor.pk if actor else None
    written = [
        GiftRow(
            id=pk,
            number=number,
            station_id=station.pk,
            fund_id=fund.pk,
            purpose_id=row.purpose.pk,
            donor_id=donor,
            donor_kind=row.donor_kind,
            amount_fen=row.amount_fen,
            way=row.way,
            given_on=row.given_on,
            handler=clean_name(row.handler),
            publish_name=row.publish_name and donor is not None,
            publish_amount=row.publish_amount,
            official_receipt=clean_name(row.official_receipt),
            note=clean_name(row.note),
            state=GiftState.RECORDED.value,
            recorded_by_id=recorded_by,
            recorded_at=now,
            voided_by_id=None,
            key=row.key,
            transfer_id=transfer,
        )
        for (pk, number, row), donor, transfer in zip(numbered, donors, transfers, strict=True)
    ]
    insert_gifts(written)
    return written


def amend_gift(
    gift: Gift,
    *,
    publish_name: bool,
    publish_amount: bool,
    official_receipt: str,
    note: str,
    actor: User,
) -> Gift:
    """Change what may change: the consents, which a donor may withdraw, the receipt's number and the note.

    ``actor`` handles the gift; the row's history names who was signed in. Raises ``Refused`` for a voided
    gift, which is published nowhere and has no receipt.
    """
    with transaction.atomic():
        gift = lock(gift)
        _entitle_handler(actor, gift)
        if gift.voided:
            raise Refused(_("Gift %(number)s is voided already.") % {"number": gift.number})
        gift.publish_name = publish_name and gift.donor_kind != DonorKind.ANONYMOUS
        gift.publish_amount = publish_amount
        gift.official_receipt = clean_name(official_receipt)
        gift.note = clean_name(note)
        gift.save(update_fields=["publish_name", "publish_amount", "official_receipt", "note"])
    return gift


def reverse_gift(gift: Gift, actor: User, data: Data) -> None:
    """Undo a gift that is voided: its transfer is reversed, its acknowledgement no longer verifies.

    Raises ``Refused``, with the figure, when the money has been spent, committed or deposited since.
    """
    try:
        with transaction.atomic():
            reverse(gift.transfer, data["reason"], actor=actor)
    except FloorPassed as passed:
        raise Refused(_why_it_stays(gift, passed.account, passed.available)) from passed
    revoke_acknowledgements(gift, data["reason"])


@transaction.atomic
def ask_to_void(gift: Gift, reason: str, *, actor: User) -> VoidRequest:
    """Ask the gift's charity to void it; while a request waits, the same request.

    ``actor`` handles the gift. Raises ``Refused`` without a reason and for a voided gift.
    """
    gift = lock(gift)
    _entitle_handler(actor, gift)
    waiting = VoidRequest.objects.waiting().filter(gift=gift).first()
    if waiting:
        return waiting
    if gift.voided:
        raise Refused(_("Gift %(number)s is voided already.") % {"number": gift.number})
    asked = VoidRequest.objects.create(gift=gift, reason=required_reason(reason), asked_by=actor)
    record(asked, "", asked.state, actor=actor, why=asked.reason)
    return asked


def _entitle(actor: User, station: Station) -> None:
    require(may_record(actor, station), _("Gifts at this station are recorded by its own workers."))


def _entitle_handler(actor: User, gift: Gift) -> None:
    require(may_handle(actor, gift), _("You can view this gift, but you do not handle it."))


def _why_it_stays(gift: Gift, account: Account, available: int) -> str:
    figures = {"amount": yuan(gift.amount_fen), "left": yuan(available)}
    if account.role == AccountRole.STATION_CASH:
        return (
            _(
                "This gift of %(amount)s cannot be voided: the station has only %(left)s of the "
                "fund's cash; the rest has been deposited. Record the correct gift first, then "
                "void this one."
            )
            % figures
        )
    return (
        _(
            "This gift of %(amount)s cannot be voided: only %(left)s of the money is left; the "
            "rest has been spent or committed. Release an approval or record the correct gift "
            "first, then void this one."
        )
        % figures
    )


def _lock_place(fund: Fund, station: Station) -> tuple[Fund, Station]:
    """Lock in one order everywhere: fund, station, donors, accounts."""
    locked = Fund.objects.select_for_update(of=("self",), no_key=True).select_related("host", "book")
    return locked.get(pk=fund.pk), lock(station)


def _standing(donor: Donor | None) -> Donor | None:
    """A picked donor as they stand now: they may have been merged since they were picked."""
    if donor is None:
        return None
    now = Donor.objects.select_related("merged_into").get(pk=donor.pk)
    return now.merged_into or now


def _identity_of(row: NewGift) -> Identity | None:
    if row.donor_kind == DonorKind.ANONYMOUS:
        return None
    return identity(row.donor_kind, row.name, row.phone, row.id_number)


def _donors_of(who: Sequence[Identity | None], fund: Fund, actor: User | None) -> list[int | None]:
    """The id of each row's donor, None for the anonymous ones."""
    found = iter(find_or_add_donors(fund.host, [one for one in who if one], actor))
    return [next(found) if one else None for one in who]
