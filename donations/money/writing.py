"""Gifts that keep every rule, written: their numbers, their transfers, their rows."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from charity_hub.ledger.actions import Line, Posting, post_batch
from charity_hub.numbering import draw, draw_ids, printed
from charity_hub.people.models import User
from donations.money.bulk_insert import GiftRow, WrittenGifts, insert_gifts
from donations.money.models import KEPT_AT_STATION, Gift
from donations.money.names import clean_name
from donations.money.rules import NewGift
from donations.stations.accounts import cash_account
from donations.stations.models import Station
from funds.profile.accounts import bank_of
from funds.profile.models import Fund, Purpose


def write_gifts(
    rows: Sequence[NewGift], donors: Sequence[int | None], station: Station, fund: Fund, actor: User | None
) -> WrittenGifts:
    """Number the gifts of these donors, post them to the books and write them: rules are kept already."""
    if not rows:
        return WrittenGifts([], (), timezone.now())
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
    written = [
        _gift_row(pk, number, row, donor, transfer)
        for (pk, number, row), donor, transfer in zip(numbered, donors, transfers, strict=True)
    ]
    return insert_gifts(
        written,
        station_id=station.pk,
        fund_id=fund.pk,
        recorded_by_id=actor.pk if actor else None,
        recorded_at=timezone.now(),
    )


def _gift_row(pk: int, number: str, row: NewGift, donor: int | None, transfer_id: int) -> GiftRow:
    return GiftRow(
        id=pk,
        number=number,
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
        key=row.key,
        transfer_id=transfer_id,
    )
