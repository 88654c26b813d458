"""Where a fund's cash is: at a station, or in transit from it to the host charity's bank."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from charity_hub.ledger.actions import open_account
from charity_hub.ledger.models import Account, AccountKind, AccountRole
from donations.stations.models import Station
from funds.profile.models import Fund


def cash_account(station: Station, fund: Fund) -> Account:
    """The station's cash and cheques of this fund; opened when first asked for."""
    with override(settings.LANGUAGE_CODE):
        name = _("Cash at %(station)s") % {"station": station.name}
    return _account(fund, AccountRole.STATION_CASH, station, f"cash:{station.code}:{fund.code}", name)


def transit_account(station: Station, fund: Fund) -> Account:
    """What the station has handed in and the host charity has not received yet."""
    with override(settings.LANGUAGE_CODE):
        name = _("In transit from %(station)s") % {"station": station.name}
    return _account(fund, AccountRole.IN_TRANSIT, station, f"transit:{station.code}:{fund.code}", name)


def _account(fund: Fund, role: AccountRole, station: Station, code: str, name: str) -> Account:
    if fund.book is None:
        raise RuntimeError(f"fund {fund.code} has no book")
    found = Account.objects.filter(book=fund.book, role=role, party=station.pk).first()
    return found or open_account(fund.book, code, name[:120], AccountKind.ASSET, role=role, party=station.pk)


def cash_of(station: Station) -> QuerySet[Account]:
    """The cash accounts of a station, one a fund, with their books."""
    return (
        Account.objects.filter(role=AccountRole.STATION_CASH, party=station.pk)
        .select_related("book")
        .order_by("code")
    )
