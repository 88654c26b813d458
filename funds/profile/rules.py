"""The conditions for a fund to go on, as sentences that name the field to correct.

``draft_errors`` applies to every draft (PostgreSQL would refuse these too), ``submission_errors`` to a
fund that is submitted or activated.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from charity_hub.errors import Refused
from charity_hub.money import MOST_FEN, yuan
from charity_hub.organizations.models import Kind, Organization
from charity_hub.regions.models import Level, Region
from funds.profile.models import PUBLIC_STATES, Fund, FundState, Position
from funds.profile.terms import NewPurpose, Proposal, Seat

LEAST_SEATS = 5
MOST_FEE_BP = 1000
FUND_LEVELS = frozenset({Level.STREET, Level.COMMUNITY})
# States in which a fund can be named for another fund's leftovers.
TAKING_STATES = frozenset(PUBLIC_STATES) - {FundState.CLOSED}


class Problem(NamedTuple):
    """A problem as a whole sentence, and the form field to correct."""

    field: str
    sentence: str


def raise_first(problems: Iterable[Problem]) -> None:
    """Raise ``Refused`` with the first problem, if there is one."""
    for problem in problems:
        raise Refused(problem.sentence, problem.field)


def default_fund_name(host: Organization, region: Region) -> str:
    """Host charity + street or community + 慈善基金: the customary name of such funds."""
    return f"{host.name}{region.name}慈善基金"


def slug_for(purpose: NewPurpose, taken: Iterable[str]) -> str:
    """A short Latin name for a purpose's accounts that is not in ``taken``."""
    if purpose.slug:
        return purpose.slug
    if not purpose.restricted:
        return "unrestricted"
    spelled = "-".join(part for part in lazy_pinyin(purpose.name, errors="ignore") if part.isascii())[:36]
    stem = spelled.strip("-") or "purpose"
    used = set(taken)
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(used) + 2))
    return next(slug for slug in numbered if slug not in used)


def draft_errors(proposal: Proposal) -> Iterator[Problem]:
    """Problems that even a draft may not have."""
    if proposal.region.level not in FUND_LEVELS:
        yield Problem(
            "region",
            _("%(region)s is not a street or community. Choose the street or community the fund is for.")
            % {"region": proposal.region},
        )
    if proposal.signed_on > proposal.starts_on:
        yield Problem(
            "starts_on",
            _("The agreement begins before it was signed. Enter the day of signing or a later date."),
        )
    if proposal.ends_on and proposal.ends_on <= proposal.starts_on:
        yield Problem(
            "ends_on", _("The agreement ends before it begins. Enter a later last day or leave it empty.")
        )
    yield from fee_problems(proposal.management_fee_bp)
    if not 0 <= proposal.seed_money_fen <= MOST_FEN:
        yield Problem(
            "seed_money_fen",
            _("Seed money is zero or an amount up to %(most)s.") % {"most": yuan(MOST_FEN)},
        )
    yield from _named_twice("purposes", [purpose.name for purpose in proposal.purposes])
    yield from _named_twice("committee", [seat.name for seat in proposal.committee])
    yield from _unrestricted_twice(proposal.purposes)


def fee_problems(basis_points: int) -> Iterator[Problem]:
    """Problems of this fee rate."""
    if not 0 <= basis_points <= MOST_FEE_BP:
        yield Problem(
            "management_fee_bp", _("The management fee is from 0% to 10% of the gifts. Enter a lower rate.")
        )


def _named_twice(field: str, names: Sequence[str]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(
                field,
                _(
                    "“%(name)s” is listed twice. List each purpose and each person once; a supervisor "
                    "cannot be a committee member. If two people have the same name, add something to tell "
                    "them apart."
                )
                % {"name": name},
            )


def _unrestricted_twice(purposes: Iterable[NewPurpose]) -> Iterator[Problem]:
    if sum(not purpose.restricted for purpose in purposes) > 1:
        yield Problem("purposes", _("Only one purpose can be unrestricted. Mark the others as restricted."))


def submission_errors(fund: Fund) -> Iterator[Problem]:
    """Problems that keep a fund from being submitted or activated."""
    yield from _host_problems(fund.host)
    yield from _text_problems(fund)
    yield from _date_problems(fund)
    yield from _seat_problems([Seat(one.name, one.position) for one in fund.committee.all()])
    yield from _purpose_problems(fund)
    if fund.seed_money_fen and not fund.seed_money_from:
        yield Problem(
            "seed_money_from",
            _("Enter who gives the seed money, or set it to zero."),
        )
    yield from _leftover_problems(fund)


def _host_problems(host: Organization) -> Iterator[Problem]:
    """Charity Law, article 26: the partner that raises money publicly must be qualified."""
    if host.kind != Kind.CHARITY or not host.active:
        yield Problem(
            "host", _("%(host)s is not an active charity. Choose another host charity.") % {"host": host}
        )
    elif not host.is_qualified_on(timezone.localdate()):
        yield Problem(
            "host",
            _(
                "%(host)s has no public-fundraising qualification (Charity Law, article 26). Choose a "
                "qualified host charity, or ask an administrator to record its qualification."
            )
            % {"host": host},
        )


def _text_problems(fund: Fund) -> Iterator[Problem]:
    if not fund.name.strip():
        yield Problem("name", _("The fund has no name yet. Give it one."))
    yield from silences(fund)


def silences(terms: object) -> Iterator[Problem]:
    """Texts that are required and missing in these terms, of a fund or a proposed version."""
    sentences = {
        "aim": _("The agreement does not say what the fund is for. Fill it in."),
        "use_terms": _("The agreement does not say how the money is used. Fill it in."),
        "termination_terms": _("The agreement does not say how the fund ends. Fill it in."),
        "leftover_terms": _("The agreement does not say where leftovers go. Fill it in."),
    }
    for field, sentence in sentences.items():
        if not getattr(terms, field).strip():
            yield Problem(field, sentence)


def _date_problems(fund: Fund) -> Iterator[Problem]:
    today = timezone.localdate()
    if fund.signed_on > today:
        yield Problem(
            "signed_on", _("The agreement is dated in the future. Submit the fund once it is signed.")
        )
    if fund.ends_on and fund.ends_on < today:
        yield Problem("ends_on", _("The agreement has ended already. Agree on a later last day."))


def _seat_problems(seats: Sequence[Seat]) -> Iterator[Problem]:
    """Hunan's guideline of 2025, followed elsewhere by custom: odd, at least five members, a supervisor."""
    committee = [seat for seat in seats if seat.position != Position.SUPERVISOR]
    if len(committee) < LEAST_SEATS or len(committee) % 2 == 0:
        yield Problem(
            "committee",
            _(
                "The committee has %(count)d members. It must have an odd number of members, at least "
                "5 including the chair."
            )
            % {"count": len(committee)},
        )
    chairs = sum(seat.position == Position.CHAIR for seat in committee)
    if chairs != 1:
        yield Problem(
            "committee",
            _("The committee has %(count)d chairs. Mark exactly one member as its chair.")
            % {"count": chairs},
        )
    if len(committee) == len(seats):
        yield Problem("committee", _("Name at least one supervisor who does not sit on the committee."))


def seats_problems(members: Sequence[Seat]) -> Iterator[Problem]:
    """Problems of these people as a fund's committee and supervisors."""
    yield from _named_twice("committee", [seat.name for seat in members])
    yield from _seat_problems(members)


def _purpose_problems(fund: Fund) -> Iterator[Problem]:
    unrestricted = sum(not purpose.restricted for purpose in fund.purposes.all())
    if unrestricted != 1:
        yield Problem(
            "purposes",
            _(
                "A fund has exactly one unrestricted purpose, for gifts without a designated "
                "use. Mark one purpose as unrestricted."
            ),
        )


def _leftover_problems(fund: Fund) -> Iterator[Problem]:
    taker = fund.leftover_fund
    if taker and (taker.host_id != fund.host_id or taker.state not in TAKING_STATES):
        yield cannot_take(taker)


def cannot_take(taker: Fund) -> Problem:
    """Why a fund that is named for the leftovers cannot take them."""
    return Problem(
        "leftover_fund",
        _(
            "%(fund)s cannot take the leftovers: it is this fund itself, another charity hosts it, or it "
            "is a draft or closed. Choose another fund or none."
        )
        % {"fund": taker},
    )


def check_begins(fund: Fund, on: date) -> None:
    """Raise ``Refused`` unless the fund's agreement has begun by that day."""
    if fund.starts_on > on:
        raise Refused(
            _("The agreement begins on %(day)s. Activate the fund on that day or later.")
            % {"day": fund.starts_on},
            "starts_on",
        )
