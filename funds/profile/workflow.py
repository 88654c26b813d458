"""The moves of a fund: the street proposes; the host charity activates, suspends and ends it."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from charity_hub.ledger.models import Account
from charity_hub.people.models import Role, User
from charity_hub.portal.forms import CardForm
from charity_hub.workflow.forms import MoveForm
from charity_hub.workflow.moves import Data, Move, Reason, Workflow
from charity_hub.workflow.rules import holders, named
from funds.profile.accounts import is_empty, money_of, open_books_of
from funds.profile.actions import post_seed_money
from funds.profile.agreements import version_on
from funds.profile.lifecycle import close_accounts
from funds.profile.models import Fund, FundState
from funds.profile.remaining_assets import (
    Diversion,
    excluded_recipient_message,
    hand_over_remaining_assets,
    named_recipient,
    recipient_excluded,
)
from funds.profile.remaining_assets_forms import DivertForm, HandOverForm
from funds.profile.rules import check_begins, raise_first, submission_errors
from funds.profile.winding_up import closing_warnings, end_open_business

DRAFT, UNDER_REVIEW, ACTIVE = FundState.DRAFT, FundState.UNDER_REVIEW, FundState.ACTIVE
SUSPENDED, WINDING_UP, CLOSED = FundState.SUSPENDED, FundState.WINDING_UP, FundState.CLOSED
STREET = holders(Role.STREET_STAFF, region="region")
HOST = holders(Role.CHARITY_OFFICER, organization="host")
HOLDS_MONEY = Exists(Account.objects.filter(book=OuterRef("book")).exclude(balance=0))


def _check_ready(fund: Fund, _actor: User, _data: Data) -> None:
    raise_first(submission_errors(fund))


def _activated(fund: Fund, actor: User, data: Data) -> Data:
    """Set its books, officer and day (``on``, today by default); ``Refused`` with the first problem."""
    on = data.get("on") or timezone.localdate()
    raise_first(submission_errors(fund))
    check_begins(fund, on)
    return {"book": open_books_of(fund), "activated_by": actor, "activated_on": on}


def _end_the_rest(fund: Fund, actor: User, data: Data) -> None:
    """End open and undecided business together with the fund, for the same reason."""
    end_open_business(fund, data["reason"], actor)


def _closed(fund: Fund, actor: User, data: Data) -> Data:
    """Set the day, end what is still open, and close the accounts, which must be empty."""
    with override(settings.LANGUAGE_CODE):
        end_open_business(fund, gettext("The fund is closed."), actor)
    close_accounts(fund)
    return {"closed_on": data.get("on") or timezone.localdate()}


def _hand_over(fund: Fund, *, actor: User, **data: Any) -> object:
    return hand_over_remaining_assets(
        fund,
        actor=actor,
        bank_reference=data.get("bank_reference", ""),
        instead=Diversion(data["reason"], data["taker"]) if "taker" in data else None,
    )


def _hand_over_form(*args: Any, row: Fund) -> CardForm:
    if recipient_excluded(row):
        return DivertForm(*args, row=row)
    return MoveForm(*args, row=row) if named_recipient(row) else HandOverForm(*args, row=row)


submit_fund = Move[Fund](
    "submit",
    DRAFT,
    UNDER_REVIEW,
    by=STREET,
    check=_check_ready,
    label=_("Submit for review"),
    lead=_("The host charity reviews the fund. The terms cannot be changed unless it is returned."),
    done=_("The fund is submitted to the host charity for review."),
    icon="send",
    waiting=_("Draft funds to complete"),
    waits_for=STREET & named("proposed_by"),
    tone="blue",
)
activate_fund = Move[Fund](
    "activate",
    UNDER_REVIEW,
    ACTIVE,
    by=HOST,
    not_by=["proposed_by"],
    not_movers=["submit"],
    left_to=_("You proposed this fund. Ask another officer of the host charity to activate it."),
    reason=Reason.MAY_BE_GIVEN,
    changes=_activated,
    effect=post_seed_money,
    label=_("Activate the fund"),
    lead=_("The fund becomes public, its books are opened and the seed money is posted."),
    done=_("The fund is active and its books are open."),
    icon="circle-check",
    waiting=_("Funds to review"),
)
return_fund = Move[Fund](
    "give-back",
    UNDER_REVIEW,
    DRAFT,
    by=HOST,
    reason=Reason.NEEDED,
    label=_("Return to the street"),
    lead=_("The fund becomes a draft again, and the street sees what to fix."),
    done=_("The fund is returned to the street."),
    icon="arrow-back-up",
)
suspend_fund = Move[Fund](
    "suspend",
    ACTIVE,
    SUSPENDED,
    by=HOST,
    reason=Reason.NEEDED,
    label=_("Suspend"),
    lead=_(
        "The fund accepts no gifts, and nothing is approved or paid. Its public page "
        "says that it is suspended. An officer of the host charity can resume it at any "
        "time."
    ),
    done=_("The fund is suspended."),
    icon="player-pause",
    danger=True,
)
resume_fund = Move[Fund](
    "resume",
    SUSPENDED,
    ACTIVE,
    by=HOST,
    reason=Reason.NEEDED,
    label=_("Resume"),
    lead=_("The fund accepts gifts, and spending is approved and paid again."),
    done=_("The fund is active again."),
    icon="player-play",
)
wind_up_fund = Move[Fund](
    "wind-up",
    [ACTIVE, SUSPENDED],
    WINDING_UP,
    by=HOST,
    reason=Reason.NEEDED,
    effect=_end_the_rest,
    warnings=closing_warnings,
    label=_("Wind up"),
    lead=_(
        "This cannot be undone: the fund accepts no more gifts and approves nothing new. "
        "What is approved is still paid; then another officer hands over the leftovers."
    ),
    done=_("The fund is winding up."),
    icon="hourglass-low",
    danger=True,
)
hand_over = Move[Fund](
    "hand-over",
    WINDING_UP,
    "",
    by=HOST,
    not_movers=["wind-up"],
    left_to=_("You began the winding-up. Another officer of the host charity must hand over the leftovers."),
    action=_hand_over,
    form=_hand_over_form,
    warnings=lambda fund: [excluded_recipient_message(fund)] if recipient_excluded(fund) else [],
    ready=lambda fund: not is_empty(fund),
    label=_("Hand over the leftovers"),
    lead=_("This cannot be undone: everything left is handed over, and the accounts are then empty."),
    done=_("The leftovers are handed over."),
    icon="transfer-out",
    danger=True,
    waiting=_("Funds winding up"),
    where=HOLDS_MONEY,
    tone="orange",
)
close_fund = Move[Fund](
    "close",
    WINDING_UP,
    CLOSED,
    by=HOST,
    changes=_closed,
    ready=is_empty,
    label=_("Close the fund"),
    lead=_(
        "This cannot be undone: the fund ends and its accounts are closed. All accounts "
        "must be empty. Its page stays public with all income and spending."
    ),
    done=_("The fund is closed."),
    icon="lock",
    danger=True,
    waiting=_("Funds to close"),
    where=~HOLDS_MONEY,
    tone="orange",
)


def _emptied(fund: Fund) -> Promise | None:
    if fund.state == WINDING_UP and is_empty(fund):
        return _("The accounts are empty. Next: an officer of %(host)s closes the fund.")
    return None


def _context(fund: Fund) -> Data:
    money = money_of(fund) if fund.book_id else None
    return {"fund": fund, "money": money, "agreement": version_on(fund)}


FUND = Workflow(
    Fund,
    moves=[
        submit_fund,
        activate_fund,
        return_fund,
        suspend_fund,
        resume_fund,
        wind_up_fund,
        hand_over,
        close_fund,
    ],
    start=[DRAFT],
    namespace="fund_desk",
    url=lambda fund: reverse("fund_desk:fund", args=[fund.code]),
    item=lambda fund: (fund.name, f"{fund.code} · {fund.region.name}"),
    related=["region"],
    colours={
        DRAFT: "grey",
        UNDER_REVIEW: "yellow",
        ACTIVE: "green",
        SUSPENDED: "orange",
        WINDING_UP: "orange",
        CLOSED: "grey",
    },
    turns={
        UNDER_REVIEW: _("Next: an officer of %(host)s reviews the fund and activates it or returns it."),
        SUSPENDED: _("The fund is suspended until an officer of %(host)s resumes it."),
        WINDING_UP: _(
            "Next: what is approved is paid or released; then an officer of %(host)s who did "
            "not begin the winding up hands over the leftovers, and the fund is closed."
        ),
    },
    names=lambda fund: {"host": fund.host},
    turn_instead=_emptied,
    template="funds/profile/step.html",
    context=_context,
)
