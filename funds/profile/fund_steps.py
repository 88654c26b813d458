"""The steps of a fund's life, as its pages offer them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from charity_hub.people.models import User
from charity_hub.portal.form_page import NoQuestions
from charity_hub.portal.forms import Carded
from funds.profile.accounts import is_empty
from funds.profile.actions import activate_fund, filed_by, give_back_fund, submit_fund
from funds.profile.forms import ReasonForm, RemarkForm
from funds.profile.lifecycle import close_fund, resume_fund, suspend_fund, wind_up_fund
from funds.profile.models import Fund, FundState
from funds.profile.permissions import works_for_host, works_for_street
from funds.profile.remaining_assets import (
    Diversion,
    barred,
    began_winding_up,
    hand_over_leftovers,
    named_but_barred,
    named_taker,
)
from funds.profile.remaining_assets_forms import DivertForm, HandOverForm
from funds.profile.steps import Step
from funds.profile.winding_up import foreseen


def _reason(_fund: Fund) -> type[Carded]:
    return ReasonForm


def _hand_over_form(fund: Fund) -> Callable[..., Carded]:
    if barred(fund):
        return partial(DivertForm, fund=fund)
    return NoQuestions if named_taker(fund) else HandOverForm


def _hand_over(fund: Fund, data: dict[str, Any], actor: User) -> object:
    return hand_over_leftovers(
        fund,
        actor=actor,
        bank_reference=data.get("bank_reference", ""),
        instead=Diversion(data["reason"], data["taker"]) if "taker" in data else None,
    )


def _barred_taker(fund: Fund) -> list[str]:
    return [named_but_barred(fund)] if barred(fund) else []


FUND_STEPS: dict[str, Step[Fund]] = {
    step.address.removeprefix("fund_desk:"): step
    for step in [
        Step[Fund](
            address="fund_desk:submit",
            label=_("Submit for review"),
            lead=_("The host charity reviews the fund. The terms cannot be changed unless it is returned."),
            done=_("The fund is submitted to the host charity for review."),
            icon="send",
            states=frozenset({FundState.DRAFT}),
            may=works_for_street,
            act=lambda fund, _data, actor: submit_fund(fund, actor=actor),
        ),
        Step[Fund](
            address="fund_desk:activate",
            label=_("Activate the fund"),
            lead=_("The fund becomes public, its books are opened and the seed money is posted."),
            done=_("The fund is active and its books are open."),
            icon="circle-check",
            states=frozenset({FundState.UNDER_REVIEW}),
            may=works_for_host,
            act=lambda fund, data, actor: activate_fund(fund, actor=actor, remark=data["remark"]),
            form=lambda _fund: RemarkForm,
            own=filed_by,
            left_to=_("You proposed this fund. Ask another officer of the host charity to activate it."),
        ),
        Step[Fund](
            address="fund_desk:give_back",
            label=_("Return to the street"),
            lead=_("The fund becomes a draft again, and the street sees what to fix."),
            done=_("The fund is returned to the street."),
            icon="arrow-back-up",
            states=frozenset({FundState.UNDER_REVIEW}),
            may=works_for_host,
            act=lambda fund, data, actor: give_back_fund(fund, data["reason"], actor=actor),
            form=_reason,
        ),
        Step[Fund](
            address="fund_desk:suspend",
            label=_("Suspend"),
            lead=_(
                "The fund accepts no gifts, and nothing is approved or paid. Its public page "
                "says that it is suspended. An officer of the host charity can resume it at any "
                "time."
            ),
            done=_("The fund is suspended."),
            icon="player-pause",
            states=frozenset({FundState.ACTIVE}),
            may=works_for_host,
            act=lambda fund, data, actor: suspend_fund(fund, data["reason"], actor=actor),
            form=_reason,
            grave=True,
        ),
        Step[Fund](
            address="fund_desk:resume",
            label=_("Resume"),
            lead=_("The fund accepts gifts, and spending is approved and paid again."),
            done=_("The fund is active again."),
            icon="player-play",
            states=frozenset({FundState.SUSPENDED}),
            may=works_for_host,
            act=lambda fund, data, actor: resume_fund(fund, data["reason"], actor=actor),
            form=_reason,
        ),
        Step[Fund](
            address="fund_desk:wind_up",
            label=_("Wind up"),
            lead=_(
                "This cannot be undone: the fund accepts no more gifts and approves nothing new. "
                "What is approved is still paid; then another officer hands over the leftovers."
            ),
            done=_("The fund is winding up."),
            icon="hourglass-low",
            states=frozenset({FundState.ACTIVE, FundState.SUSPENDED}),
            may=works_for_host,
            act=lambda fund, data, actor: wind_up_fund(fund, data["reason"], actor=actor),
            form=_reason,
            foresee=foreseen,
            grave=True,
        ),
        Step[Fund](
            address="fund_desk:hand_over",
            label=_("Hand over the leftovers"),
            lead=_("This cannot be undone: everything left is handed over, and the accounts are then empty."),
            done=_("The leftovers are handed over."),
            icon="transfer-out",
            states=frozenset({FundState.WINDING_UP}),
            may=works_for_host,
            act=_hand_over,
            form=_hand_over_form,
            foresee=_barred_taker,
            own=began_winding_up,
            left_to=_(
                "You began the winding-up. Another officer of the host charity hands the leftovers over."
            ),
            ready=lambda fund: not is_empty(fund),
            grave=True,
        ),
        Step[Fund](
            address="fund_desk:close",
            label=_("Close the fund"),
            lead=_(
                "This cannot be undone: the fund ends and its accounts are closed. All accounts "
                "must be empty. Its page stays public with all income and spending."
            ),
            done=_("The fund is closed."),
            icon="lock",
            states=frozenset({FundState.WINDING_UP}),
            may=works_for_host,
            act=lambda fund, _data, actor: close_fund(fund, actor=actor),
            ready=is_empty,
            grave=True,
        ),
    ]
}
