"""The moves of a spending request: filed by the street, decided and paid by three different people."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charity_hub.errors import Refused
from charity_hub.money import yuan
from charity_hub.people.models import Role, User
from charity_hub.workflow.moves import Data, Move, Reason, Tell, Workflow
from charity_hub.workflow.rules import holders, named
from funds.profile.file_fields import keep_papers
from funds.profile.models import FundState
from funds.spending.actions import commit_amount, post_payment, release_amount, terms_of
from funds.spending.forms import PayForm
from funds.spending.models import OPEN_STATES, SpendingRequest, SpendingState
from funds.spending.rules import check_approval, check_payment, check_terms

FILED, RETURNED, APPROVED = SpendingState.FILED, SpendingState.RETURNED, SpendingState.APPROVED
STREET = holders(Role.STREET_STAFF, region="fund__region")
HOST = holders(Role.CHARITY_OFFICER, organization="fund__host")
FILER = named("filed_by")


def _called(request: SpendingRequest) -> dict[str, str]:
    return {"number": request.number, "amount": yuan(request.amount_fen)}


def _check_revision(request: SpendingRequest, _actor: User, data: Data) -> None:
    check_terms(request.fund, data["terms"])


def _same_revision(request: SpendingRequest, _actor: User, data: Data) -> None:
    if not request.asks_for_the_same(data["terms"]):
        raise Refused(
            gettext("Only returned requests can be edited. Ask the host charity to return it first.")
        )


def _keep_files(request: SpendingRequest, actor: User, data: Data) -> None:
    keep_papers(data.get("papers", ()), owner=request, actor=actor)


def _approved(_request: SpendingRequest, actor: User, data: Data) -> Data:
    return {"approved_by": actor, "approved_on": data.get("on") or timezone.localdate()}


def _paid(_request: SpendingRequest, actor: User, data: Data) -> Data:
    reference = data["bank_reference"].strip()
    return {"paid_by": actor, "paid_on": data["paid_on"], "bank_reference": reference}


revise_request = Move[SpendingRequest](
    "revise",
    RETURNED,
    FILED,
    by=STREET & FILER,
    label=_("Edit and file again"),
    icon="pencil",
    own_page=True,
    check=_check_revision,
    changes=lambda _request, _actor, data: terms_of(data["terms"]),
    effect=_keep_files,
    again=_same_revision,
    waiting=_("Returned requests"),
    tone="orange",
)
approve_request = Move[SpendingRequest](
    "approve",
    FILED,
    APPROVED,
    by=HOST,
    not_by=["filed_by"],
    left_to=_("You filed this request. Another officer of the host charity must decide on it."),
    reason=Reason.MAY_BE_GIVEN,
    check=check_approval,
    changes=_approved,
    effect=commit_amount,
    label=_("Approve"),
    lead=_("The amount is reserved for this request at once. Another officer pays it."),
    done=_("Approved: the amount is reserved. Another officer pays it."),
    icon="circle-check",
    waiting=_("Requests to approve"),
    where=Q(fund__state=FundState.ACTIVE),
)
return_request = Move[SpendingRequest](
    "give-back",
    FILED,
    RETURNED,
    by=HOST,
    reason=Reason.NEEDED,
    label=_("Return"),
    lead=_("The applicant sees what to fix and files the request again, or withdraws it."),
    done=_("The request is returned to the applicant."),
    icon="arrow-back-up",
    tells=[Tell("spending_returned", lambda request: [request.filed_by], _called)],
)
pay_request = Move[SpendingRequest](
    "pay",
    APPROVED,
    SpendingState.PAID,
    by=HOST,
    not_by=["filed_by", "approved_by"],
    left_to=_("You filed or approved this request. Another officer of the host charity records its payment."),
    form=PayForm,
    check=check_payment,
    changes=_paid,
    effect=post_payment,
    looks_at="payee_account",
    label=_("Record the payment"),
    lead=_("Record it once the bank has paid."),
    done=_("The payment is recorded."),
    tells=[Tell("spending_paid", lambda request: [request.filed_by], _called)],
    icon="cash-banknote",
    waiting=_("Approved requests to pay"),
    where=Q(fund__state__in=[FundState.ACTIVE, FundState.WINDING_UP]),
    tone="blue",
)
release_request = Move[SpendingRequest](
    "release",
    APPROVED,
    SpendingState.RELEASED,
    by=HOST,
    reason=Reason.NEEDED,
    effect=release_amount,
    label=_("Release the approval"),
    lead=_(
        "This cannot be undone: the amount returns to its purpose, and the request ends "
        "unpaid. If the money is still needed, the street files a new request."
    ),
    done=_("The approval is released and the amount is returned to its purpose."),
    icon="lock-open",
    danger=True,
)
withdraw_request = Move[SpendingRequest](
    "withdraw",
    OPEN_STATES,
    SpendingState.WITHDRAWN,
    by=STREET,
    label=_("Withdraw"),
    lead=_("The request ends here. File a new one if the money is still needed."),
    done=_("The request is withdrawn."),
    icon="x",
    danger=True,
)
end_request = Move[SpendingRequest]("end", OPEN_STATES, SpendingState.ENDED)


def _item(request: SpendingRequest) -> tuple[str, str]:
    return f"{request.number} {request.title}", f"{request.fund} · {yuan(request.amount_fen)}"


def _names(request: SpendingRequest) -> dict[str, Any]:
    return {"host": request.fund.host, "filer": request.filed_by, "approver": request.approved_by}


def _suspended(request: SpendingRequest) -> Promise | None:
    if request.fund.state == FundState.SUSPENDED and request.state in {FILED, APPROVED}:
        return _("The fund is suspended: the request waits until an officer of %(host)s resumes the fund.")
    return None


SPENDING = Workflow(
    SpendingRequest,
    moves=[
        revise_request,
        approve_request,
        return_request,
        pay_request,
        release_request,
        withdraw_request,
        end_request,
    ],
    start=[FILED],
    locks=["fund"],
    namespace="spending",
    item=_item,
    related=["fund"],
    days={FILED: "filed_at", APPROVED: "approved_on", SpendingState.PAID: "paid_on"},
    colours={
        FILED: "yellow",
        RETURNED: "orange",
        SpendingState.WITHDRAWN: "grey",
        SpendingState.ENDED: "grey",
        APPROVED: "blue",
        SpendingState.RELEASED: "grey",
        SpendingState.PAID: "green",
    },
    turns={
        FILED: _("Next: an officer of %(host)s approves the request or returns it."),
        RETURNED: _("Next: %(filer)s edits the request and files it again, or withdraws it."),
        APPROVED: _(
            "Next: an officer of %(host)s other than %(approver)s, who approved it, pays and records the "
            "payment."
        ),
    },
    names=_names,
    turn_instead=_suspended,
    template="funds/spending/step.html",
)
