"""Appearance and order of the administration: the settings of django-unfold, and its menu.

The menu is here because only this layer may import every app. A model that no group names goes into the last
one.
"""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Title, icon (Material Symbols), models in the order of the menu.
GROUPS: Final[list[tuple[str | Promise, str, list[str]]]] = [
    (
        _("People and places"),
        "groups",
        [
            "charity_hub.user",
            "charity_hub.membership",
            "charity_hub.organization",
            "charity_hub.region",
        ],
    ),
    (
        _("Funds"),
        "account_balance",
        [
            "funds.fund",
            "funds.agreementversion",
            "funds.purpose",
            "funds.committeemember",
            "funds.spendingrequest",
        ],
    ),
    (
        _("Donations"),
        "volunteer_activism",
        [
            "donations.station",
            "donations.gift",
            "donations.donor",
            "donations.cashdeposit",
            "donations.voidrequest",
        ],
    ),
    (
        _("Ledger (read-only)"),
        "menu_book",
        [
            "charity_hub.book",
            "charity_hub.account",
            "charity_hub.transfer",
            "charity_hub.entry",
            "charity_hub.monthtotal",
            "charity_hub.seal",
        ],
    ),
    (
        _("Documents and jobs"),
        "description",
        [
            "charity_hub.annualreport",
            "charity_hub.certificate",
            "charity_hub.document",
            "charity_hub.job",
            "charity_hub.notice",
        ],
    ),
]
THE_REST: Final = (_("Sign-in and records"), "shield_person")


def navigation(_request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar: the groups with their registered models."""
    left = {model._meta.label_lower: model for model in admin.site._registry}  # noqa: SLF001 - no public way
    groups = []
    for title, icon, labels in GROUPS:
        models = [left.pop(label) for label in labels if label in left]
        groups.append(_group(title, icon, models))
    groups.append(_group(*THE_REST, list(left.values())))
    return [group for group in groups if group["items"]]


def _group(title: str | Promise, icon: str, models: list[Any]) -> dict[str, Any]:
    items = [_item(model, icon) for model in models]
    return {"title": title, "items": [item for item in items if item]}


def _item(model: Any, icon: str) -> dict[str, Any] | None:
    options = model._meta
    try:
        link = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    except NoReverseMatch:
        return None
    permission = f"{options.app_label}.view_{options.model_name}"
    return {
        "title": options.verbose_name_plural.capitalize(),
        "icon": icon,
        "link": link,
        "permission": lambda request: request.user.has_perm(permission),
    }


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The first page: the same groups as cards."""
    return context | {"groups": navigation(request)}


UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": _("Charity Hub administration"),
    "SITE_HEADER": _("Charity Hub"),
    "SITE_SUBHEADER": _("Administration"),
    "SITE_ICON": lambda _request: static("img/icon.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("img/icon.svg")}
    ],
    "SITE_URL": "/desk/",
    "THEME": "light",
    "BORDER_RADIUS": "8px",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": "/language/"},
    "STYLES": [lambda _request: static("css/admin.css")],
    "SCRIPTS": [lambda _request: static("js/admin.js")],
    "DASHBOARD_CALLBACK": "config.admin_theme.dashboard",
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "config.admin_theme.navigation",
    },
    "COLORS": {
        "primary": {
            "50": "#eef6f4",
            "100": "#d9eeea",
            "200": "#b3dbd5",
            "300": "#80c1b8",
            "400": "#479f95",
            "500": "#1f8078",
            "600": "#0b5d57",
            "700": "#084842",
            "800": "#063a36",
            "900": "#052e2b",
            "950": "#031d1b",
        },
    },
}
