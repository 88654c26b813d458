"""The steps of a spending request, as its pages offer them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from charity_hub.people.models import User
from charity_hub.portal.forms import Carded
from funds.profile.duties import works_for_host, works_for_street
from funds.profile.forms import ReasonForm
from funds.profile.steps import Step
from funds.spending.actions import (
    approve_request,
    give_back_request,
    pay_request,
    release_request,
    withdraw_request,
)
from funds.spending.forms import ApproveForm, PayForm
from funds.spending.models import SpendingRequest, SpendingState


def _street(user: User, request: SpendingRequest) -> bool:
    return works_for_street(user, request.fund)


def _host(user: User, request: SpendingRequest) -> bool:
    return works_for_host(user, request.fund)


def _filed_it(user: User, request: SpendingRequest) -> bool:
    return request.filed_by_id == user.pk


def _filed_or_approved_it(user: User, request: SpendingRequest) -> bool:
    return user.pk in {request.filed_by_id, request.approved_by_id}


def _reason(_request: SpendingRequest) -> type[Carded]:
    return ReasonForm


def _approve(request: SpendingRequest, data: dict[str, Any], actor: User) -> object:
    return approve_request(request, actor=actor, **data)


def _pay(request: SpendingRequest, data: dict[str, Any], actor: User) -> object:
    return pay_request(request, actor=actor, **data)


REQUEST_STEPS: dict[str, Step[SpendingRequest]] = {
    step.address.removeprefix("spending:"): step
    for step in [
        Step[SpendingRequest](
            address="spending:approve",
            label=_("Approve"),
            lead=_("The amount is reserved for this request at once. Another officer pays it."),
            done=_("Approved: the amount is reserved. Another officer pays it."),
            icon="circle-check",
            states=frozenset({SpendingState.FILED}),
            may=_host,
            act=_approve,
            form=lambda _request: ApproveForm,
            own=_filed_it,
            left_to=_("You filed this request. Another officer of the host charity must decide on it."),
        ),
        Step[SpendingRequest](
            address="spending:give_back",
            label=_("Return"),
            lead=_("The applicant sees what to fix and files the request again, or withdraws it."),
            done=_("The request is returned to the applicant."),
            icon="arrow-back-up",
            states=frozenset({SpendingState.FILED}),
            may=_host,
            act=lambda request, data, actor: give_back_request(request, data["reason"], actor=actor),
            form=_reason,
        ),
        Step[SpendingRequest](
            address="spending:pay",
            label=_("Record the payment"),
            lead=_("Record it once the bank has paid."),
            done=_("The payment is recorded."),
            icon="cash-banknote",
            states=frozenset({SpendingState.APPROVED}),
            may=_host,
            act=_pay,
            form=lambda _request: PayForm,
            own=_filed_or_approved_it,
            left_to=_(
                "You filed or approved this request. Another officer of the host charity records its payment."
            ),
        ),
        Step[SpendingRequest](
            address="spending:release",
            label=_("Release the approval"),
            lead=_(
                "This cannot be undone: the amount returns to its purpose, and the request ends "
                "unpaid. If the money is still needed, the street files a new request."
            ),
            done=_("The approval is released and the amount is returned to its purpose."),
            icon="lock-open",
            states=frozenset({SpendingState.APPROVED}),
            may=_host,
            act=lambda request, data, actor: release_request(request, data["reason"], actor=actor),
            form=_reason,
            grave=True,
        ),
        Step[SpendingRequest](
            address="spending:withdraw",
            label=_("Withdraw"),
            lead=_("The request ends here. File a new one if the money is still needed."),
            done=_("The request is withdrawn."),
            icon="x",
            states=frozenset({SpendingState.FILED, SpendingState.RETURNED}),
            may=_street,
            act=lambda request, _data, actor: withdraw_request(request, actor=actor),
            grave=True,
        ),
    ]
}
