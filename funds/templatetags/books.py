"""Template tags for the books of a fund."""

from typing import Any

from django import template

from charity_hub.workflow.actions import history
from funds.books.closing import may_close, months_to_close
from funds.profile.models import Fund

register = template.Library()


@register.inclusion_tag("funds/books/card.html", takes_context=True)
def closed_months(context: template.Context, fund: Fund) -> dict[str, Any]:
    """The card on the fund's desk page: last closed month, who closed it, and which months are open."""
    waiting = months_to_close(fund)
    return {
        "fund": fund,
        "waiting": waiting,
        "may_close": bool(waiting) and may_close(context["request"].user, fund),
        "closings": list(history(fund.book)) if fund.book else [],
    }
