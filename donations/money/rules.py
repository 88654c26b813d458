"""What a gift must be before it is recorded: one list of rules for the form, the register and the command."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from string import digits
from typing import Final
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.money import LEAST_FEN, MOST_FEN, yuan
from charity_hub.plain_text import clean_name, half_width, name_key
from donations.money.donors import donor_id_problem
from donations.money.models import DonorKind, Way
from donations.stations.models import Station, StationState
from funds.profile.models import Fund, FundState, Purpose

# Nobody records a gift older than this; a year typed with two digits is caught by it.
EARLIEST = date(2000, 1, 1)
# Looked up for every row of a register.
WAYS: Final = frozenset(Way.values)
KINDS: Final = frozenset(DonorKind.values)
# How the key of a gift begins that somebody typed in.
TYPED: Final = "form:"


def _typed_key() -> str:
    return f"{TYPED}{uuid4().hex}"


@dataclass(frozen=True, kw_only=True)
class NewGift:
    """A gift to be recorded. Money in fen, ``given_on`` in Asia/Shanghai.

    ``key`` is recorded once: a register row's fingerprint of at most 120 characters, or a typed gift's own.
    """

    purpose: Purpose
    donor_kind: str
    name: str = ""
    phone: str = ""
    id_number: str = ""
    amount_fen: int
    way: str
    given_on: date
    handler: str
    publish_name: bool = False
    publish_amount: bool = True
    official_receipt: str = ""
    note: str = ""
    key: str = field(default_factory=_typed_key)


def check_place(station: Station, fund: Fund) -> None:
    """Raise ``Refused`` unless this station may take money for this fund today."""
    if fund.state == FundState.SUSPENDED:
        raise Refused(
            _("The fund “%(fund)s” is suspended and accepts no gifts until its charity resumes it.")
            % {"fund": fund.name},
            "fund",
        )
    if fund.state != FundState.ACTIVE:
        raise Refused(
            _("The fund “%(fund)s” is not active (%(state)s) and accepts no gifts.")
            % {"fund": fund.name, "state": fund.get_state_display()},
            "fund",
        )
    if station.state != StationState.OPEN:
        raise Refused(
            _("The station “%(station)s” is closed. Reopen it, or record the gift at an open station.")
            % {"station": station.name},
            "station",
        )
    if not station.funds.filter(pk=fund.pk).exists():
        raise Refused(
            _("The station “%(station)s” does not accept gifts for “%(fund)s”. Choose one of its own funds.")
            % {"station": station.name, "fund": fund.name},
            "fund",
        )


def check_gift(row: NewGift, fund: Fund) -> None:
    """Raise ``Refused`` with the first thing that is wrong with the gift itself; ``fund.book`` is read
    for its date.
    """
    for refused in gift_problems(row, fund):
        raise refused


def gift_problems(row: NewGift, fund: Fund, today: date | None = None) -> Iterator[Refused]:
    """Everything that is wrong with the gift itself, as sentences with the field they belong to.

    ``today`` spares whoever asks about many rows the question.
    """
    yield from _amount_problems(row.amount_fen)
    yield from _day_problems(row.given_on, fund, today or timezone.localdate())
    yield from _donor_problems(row)
    if row.purpose.fund_id != fund.pk:
        yield Refused(
            _("“%(purpose)s” is a purpose of another fund. Choose a purpose of “%(fund)s”.")
            % {"purpose": row.purpose.name, "fund": fund.name},
            "purpose",
        )
    elif row.purpose.retired_on:
        yield Refused(
            _("“%(purpose)s” no longer accepts gifts. Choose another purpose.")
            % {"purpose": row.purpose.name},
            "purpose",
        )
    if row.way not in WAYS:
        yield Refused(_("Choose how the money was given: cash, bank transfer, QR payment or cheque."), "way")
    if not clean_name(row.handler):
        yield Refused(_("Enter who received the gift: the receipt must name that person."), "handler")
    for name, text, longest in (
        ("handler", row.handler, 40),
        ("official_receipt", row.official_receipt, 40),
        ("note", row.note, 200),
    ):
        if len(text) > longest:
            yield Refused(_("This is too long: at most %(longest)d characters.") % {"longest": longest}, name)


def _amount_problems(fen: int) -> Iterator[Refused]:
    if fen < LEAST_FEN:
        yield Refused(_("The amount must be more than zero."), "amount_fen")
    if fen > MOST_FEN:
        yield Refused(
            _("The amount is above %(most)s, the most that one gift can be. Check the number of zeros.")
            % {"most": yuan(MOST_FEN)},
            "amount_fen",
        )


def _day_problems(day: date, fund: Fund, today: date) -> Iterator[Refused]:
    closed = fund.book.closed_through if fund.book else None
    if day > today:
        yield Refused(_("This date is in the future. Enter the day of the gift."), "given_on")
    elif day < EARLIEST:
        yield Refused(_("This date cannot be right. Enter the year with four digits."), "given_on")
    elif closed and day <= closed:
        yield Refused(
            _("The books of this fund are closed through %(day)s. Record the gift with a later date.")
            % {"day": closed.isoformat()},
            "given_on",
        )


def _donor_problems(row: NewGift) -> Iterator[Refused]:
    if row.donor_kind not in KINDS:
        yield Refused(_("Choose whether the donor is a person, an organization or anonymous."), "donor_kind")
    if row.donor_kind == DonorKind.ANONYMOUS:
        return
    if not clean_name(row.name) or not name_key(row.name):
        yield Refused(_("Enter the donor's name, or choose “Anonymous”."), "name")
    if len(clean_name(row.name)) > 120:
        yield Refused(_("This name is too long: at most %(longest)d characters.") % {"longest": 120}, "name")


def check_contact(kind: str, phone: str, id_number: str) -> None:
    """Raise ``Refused`` when a phone or an ID that was just typed cannot be right.

    Registers are taken with such slips (they warn instead): what cannot be right is kept, but finds no donor.
    """
    if phone and not 7 <= sum(sign in digits for sign in half_width(phone)) <= 20:
        raise Refused(
            _("This is not a phone number. Enter a mobile number of 11 digits, or leave it empty."), "phone"
        )
    problem = donor_id_problem(kind, id_number) if id_number else None
    if problem:
        raise Refused(problem, "id_number")
