"""Every address of the site with arguments that name something: what a walk over all pages needs."""

import re
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from charity_hub.documents.uploads import store_made
from charity_hub.people.factor_reset import ask_for_reset
from charity_hub.people.stop_links import stop_link
from charity_hub.people.third_party_access import Page, pages
from donations.money.acknowledgement import acknowledge
from donations.money.actions import ask_to_void
from tests import cast
from tests.builders import active_fund, agreement_version, cash_deposit, gift, spending_request
from tests.charity_hub.reports import scenes
from tests.donations.registers.bringing import uploaded

ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")


def furnished(folder: Path) -> dict[str, dict[str, Any]]:
    """One row of each kind; returns what their addresses take, by the beginning of an address's name."""
    report = scenes.issued()
    fund = active_fund()
    given = gift(name="兰示例", phone=cast.lan().phone)
    acknowledge([given])
    ask_to_void(given, "金额写错", actor=cast.wen())
    other = gift(name="陈示例", phone="13900007777")
    version = agreement_version(fund, state="proposed")
    paper = store_made("协议.pdf", b"%PDF-1.7", "application/pdf", owner=fund, actor=cast.mei())
    request = spending_request(fund, "approved")
    deposit = cash_deposit()
    purpose = fund.purposes.get(slug="children")
    station = {"code": given.station.code}
    lost = ask_for_reset(cast.has_factor(cast.ping()), reason="手机丢失", actor=cast.ada())
    return {
        "people:stop": {"token": stop_link(lost.person, lost.person.phone).rsplit("/", 2)[1]},
        "portal:draft": {"key": f"gift:{given.station.code}"},
        "documents:document": {"pk": paper.pk},
        "documents:verify": {"code": "0" * 12},
        "jobs": {"pk": report.job_id},
        "reports": {"kind": "fund", "code": fund.code, "year": report.year, "version": 1, "pk": report.pk},
        "agreement": {"code": fund.code, "pk": version.pk, "number": 1},
        "fund_desk": {"code": fund.code, "pk": paper.pk, "slug": purpose.slug},
        "funds": {"code": fund.code, "form": "csv"},
        "": {"code": fund.code},
        "spending": {"code": fund.code, "number": request.number},
        "stations": station,
        "gifts:donor_matches": station,
        "gifts:donor": {"pk": given.donor_id, "other": other.donor_id, "field": "phone"},
        "deposits": {"number": deposit.number},
        "gifts": {"number": given.number},
        "registers": {"pk": uploaded(folder).pk},
        "mfa": {"pk": 1},
        "notices": {"pk": 1},
    }


def addresses(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Each address once, its arguments filled in from ``rows``, in the administration from the database."""
    ours = [_filled(page, rows) for page in pages() if not page.name.startswith("admin:")]
    return list(dict.fromkeys([*ours, *_administration()]))


def _filled(page: Page, rows: dict[str, dict[str, Any]]) -> str:
    if not page.takes_arguments:
        return page.route
    known = next(rows[name] for name in sorted(rows, key=len, reverse=True) if page.name.startswith(name))
    return ARGUMENT.sub(lambda found: str(known[found[2]]), page.route)


def _administration() -> list[str]:
    found = [reverse("admin:index"), reverse("admin:jsi18n")]
    for model in admin.site._registry:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{stem}_changelist"), reverse(f"{stem}_add")]
        row = model._default_manager.first()
        if row is not None:
            kind = ContentType.objects.get_for_model(model).pk
            found += [reverse(f"{stem}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
            found.append(reverse("admin:view_on_site", args=[kind, row.pk]))
    return found
