"""The acknowledgement of a gift: a paper with a code that proves it.

It is not the official receipt (Charity Law 38).
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from charity_hub.documents.capital_numerals import amount_in_capitals
from charity_hub.documents.certificates import (
    certificate_of,
    certificates_of,
    issue_all,
    issued_for,
    replace,
    revoke,
    verify_url,
)
from charity_hub.documents.models import Certificate
from charity_hub.documents.pdf import render
from charity_hub.documents.qr import svg
from charity_hub.errors import Refused
from charity_hub.people.masks import mask_name
from donations.money.models import Donor, Gift

KIND = "gift"
TEMPLATE = "donations/money/typst/acknowledgement.typ"
MOST_AT_ONCE = 200
# What the paper repeats from its certificate: a fund or a station may have another name when it is printed
# again. A donor whose name is corrected has the certificate replaced.
PRINTED_AS_VERIFIED = ("number", "given_on", "amount_fen", "capitals", "fund", "purpose", "charity")


def certified_facts(gift: Gift) -> dict[str, Any]:
    """What a finder of the paper may read, so the donor's name is masked in it; whether the name may be
    shown whole is asked of the gift each time, because a consent can be withdrawn (PIPL 15).
    """
    return {
        "number": gift.number,
        "given_on": gift.given_on.isoformat(),
        "amount_fen": gift.amount_fen,
        "capitals": amount_in_capitals(gift.amount_fen),
        "fund": gift.fund.name,
        "purpose": gift.purpose.name,
        "charity": gift.fund.host.name,
        "station": gift.station.name,
        "donor": mask_name(gift.donor.name) if gift.donor else "",
    }


def issued_certificate(gift: Gift) -> Certificate | None:
    """The certificate of the gift's acknowledgement, if one was printed that was not replaced since."""
    return certificate_of(KIND, gift)


def was_printed(gift: Gift) -> bool:
    """Whether somebody may hold an acknowledgement of the gift."""
    return issued_for(KIND, Gift, [gift.pk]).exists()


def revoke_acknowledgements(gift: Gift, why: str) -> None:
    """Say of every paper that was printed of the gift that it no longer holds."""
    for certificate in issued_for(KIND, Gift, [gift.pk]):
        revoke(certificate, why)


def replace_acknowledgements(donor: Donor) -> None:
    """Say of the papers of this donor's gifts that they were replaced: they name the donor otherwise."""
    papers = issued_for(KIND, Gift, Gift.objects.filter(donor=donor).order_by().values("pk"))
    replace(papers.filter(revoked_at=None))


@transaction.atomic
def acknowledge(gifts: Sequence[Gift]) -> None:
    """Issue the certificates that the acknowledgements of these gifts show.

    Raises ``Refused`` when there is no gift, a voided one, or more than ``MOST_AT_ONCE``.
    """
    _check_printable(gifts)
    locked = _locked(gifts)
    _check_printable(locked)
    issue_all(KIND, Gift, {gift.pk: certified_facts(gift) for gift in locked})


def _locked(gifts: Sequence[Gift]) -> list[Gift]:
    """The gifts as they are now: who voids one or corrects its donor comes before or after, never between."""
    named = {gift.donor_id for gift in gifts if gift.donor_id}
    list(Donor.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk"))
    whole = Gift.objects.select_related("fund__host", "purpose", "station", "donor")
    rows = whole.select_for_update(of=("self",), no_key=True).filter(pk__in=[gift.pk for gift in gifts])
    return list(rows.order_by("pk"))


def acknowledgements(gifts: Sequence[Gift]) -> bytes:
    """The acknowledgements of these gifts, one an A5 page, in one PDF; nothing is written.

    Raises ``Refused`` like ``acknowledge``, and for a gift that has no certificate yet.
    """
    _check_printable(gifts)
    issued = certificates_of(KIND, Gift, [gift.pk for gift in gifts])
    pages = [_page(gift, issued.get(gift.pk)) for gift in gifts]
    data = {"lang": get_language() or "zh-hans", "words": _words(), "gifts": pages}
    return render(TEMPLATE, data, dated=timezone.localdate())


def _check_printable(gifts: Sequence[Gift]) -> None:
    if not gifts:
        raise Refused(_("There is no gift to print. Change the filters and try again."))
    if len(gifts) > MOST_AT_ONCE:
        raise Refused(
            _(
                "At most %(most)d acknowledgements are printed at once. Narrow the list, "
                "for example to one day."
            )
            % {"most": MOST_AT_ONCE}
        )
    voided = next((gift for gift in gifts if gift.voided), None)
    if voided:
        raise Refused(
            _("Gift %(number)s is voided, so there is nothing to acknowledge.") % {"number": voided.number}
        )


def _page(gift: Gift, certificate: Certificate | None) -> dict[str, Any]:
    if certificate is None:
        raise Refused(
            _("Gift %(number)s has not been acknowledged yet. Go back and press the button beside it.")
            % {"number": gift.number}
        )
    url, facts = verify_url(certificate), certificate.facts
    return {
        **{name: facts[name] for name in PRINTED_AS_VERIFIED},
        "donor": gift.donor.name if gift.donor else _("Anonymous donor"),
        "way": gift.get_way_display(),
        "station": f"{facts['station']} ({gift.station.code})",
        "handler": gift.handler,
        "receipt": gift.official_receipt or _("not issued yet, or not recorded here"),
        "url": url,
        "code": certificate.spaced_code,
        "qr": svg(url),
    }


def _words() -> dict[str, str]:
    return {
        "title": _("Acknowledgement of a gift"),
        "number": _("Number"),
        "thanks": _("With thanks we confirm this gift:"),
        "donor": _("Donor"),
        "amount": _("Amount"),
        "capitals": _("Amount in capitals"),
        "way": _("Way of giving"),
        "day": _("Date"),
        "fund": _("Fund"),
        "purpose": _("Purpose"),
        "station": _("Received at"),
        "handler": _("Handled by"),
        "charity": _("Charity"),
        "receipt": _("Official receipt number"),
        "seal": _("Seal of the charity"),
        "verify": _("Scan to verify this document, or enter the code on the verification page:"),
        "disclaimer": _(
            "This acknowledgement is not the official donation receipt (公益事业捐赠票据). The charity "
            "issues that receipt in the state's system, and only that receipt is valid for tax "
            "deduction."
        ),
    }
