"""The rules for a new version of an agreement, as sentences that name the field to correct."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from funds.agreement.terms import TELLING, Terms
from funds.profile.agreements import versions_of
from funds.profile.models import CHANGING_STATES, Fund, FundState
from funds.profile.rules import TAKING_STATES, Problem, cannot_take, fee_problems, silences

# The longest time between the agreement and the first day of a version.
FARTHEST = timedelta(days=366)


def check_fund_changes(fund: Fund) -> None:
    """Raise ``Refused`` unless the fund is in force and not winding up."""
    if fund.state not in CHANGING_STATES:
        raise Refused(
            _(
                "This fund is “%(state)s”. Only the agreement of an active or suspended fund can "
                "be changed. Edit a draft's terms in the draft itself."
            )
            % {"state": fund.get_state_display()}
        )


def draft_errors(fund: Fund, terms: Terms, valid_from: date) -> Iterator[Problem]:
    """The reasons why these terms cannot be the fund's next version from that day on."""
    yield from silences(terms)
    yield from _days(fund, terms, valid_from)
    yield from fee_problems(terms.management_fee_bp)
    yield from recipient_problems(fund, terms.leftover_fund)
    latest = versions_of(fund)[-1].terms
    if all(getattr(latest, name) == getattr(terms, name) for name in TELLING):
        yield Problem(
            "", _("This is the same as the current agreement. Make the changes, then send it again.")
        )


def _days(fund: Fund, terms: Terms, valid_from: date) -> Iterator[Problem]:
    if terms.signed_on > timezone.localdate():
        yield Problem("signed_on", _("The new version is dated in the future. Propose it once it is signed."))
    if terms.signed_on > valid_from:
        yield Problem(
            "valid_from",
            _("The first day is before the day of signing. Enter the day of signing or a later date."),
        )
    if terms.ends_on and terms.ends_on <= valid_from:
        yield Problem(
            "ends_on",
            _("The last day is before the first day. Enter a later date or leave it empty."),
        )
    yield from first_day_problems(fund, valid_from)


def first_day_problems(fund: Fund, valid_from: date, on: date | None = None) -> Iterator[Problem]:
    """A version begins after the one before it, within a year, and not in a closed month.

    Without the limit, a typing error such as 2062 for 2026 would make it the last change: an agreed version
    is
    never taken back, and no version begins before the one before it. ``on`` is the day of agreeing, today by
    default.
    """
    latest = versions_of(fund)[-1]
    if valid_from <= latest.holds_from:
        yield Problem(
            "valid_from",
            _("Version %(number)d is in force from %(day)s. Enter a later date.")
            % {"number": latest.number, "day": latest.holds_from},
        )
    last = (on or timezone.localdate()) + FARTHEST
    if valid_from > last:
        yield Problem(
            "valid_from",
            _("A change must begin within a year. Enter a first day up to %(day)s, or propose it later.")
            % {"day": last},
        )
    closed = fund.book.closed_through if fund.book else None
    if closed and valid_from <= closed:
        yield Problem(
            "valid_from",
            _(
                "The books are closed through %(day)s, and the terms of closed months cannot be "
                "changed. Enter a later date."
            )
            % {"day": closed},
        )


def recipient_problems(fund: Fund, taker: Fund | None) -> Iterator[Problem]:
    """The reasons why a fund cannot be named for the leftovers: they stay with the same host charity.

    A fund that was never activated may still move to another charity. A closed fund that is already named
    may stay named; an officer then decides when leftovers are handed over.
    """
    if taker is None:
        return
    near = taker.pk != fund.pk and taker.host_id == fund.host_id
    closed_since = taker.state == FundState.CLOSED and versions_of(fund)[-1].terms.leftover_fund == taker
    if not near or not (taker.state in TAKING_STATES or closed_since):
        yield cannot_take(taker)
