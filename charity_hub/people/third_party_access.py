"""Who may open the views that we did not write, in one table; our own say it themselves with ``@access``."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver

from charity_hub.people.access import ADMINISTRATOR, ANYONE, SIGNED_IN, Rule

RULES: Final[dict[str, Rule]] = {
    # signing in, registering and out
    "account_login": ANYONE,
    "account_request_login_code": ANYONE,
    "account_confirm_login_code": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "account_signup": ANYONE,
    "account_verify_phone": ANYONE,
    "account_reset_password": ANYONE,
    "mfa_authenticate": ANYONE,
    "mfa_login_webauthn": ANYONE,
    # one's own account
    "account_reauthenticate": SIGNED_IN,
    "account_change_phone": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    # WeChat, where its keys are set
    "weixin_login": ANYONE,
    "weixin_callback": ANYONE,
    "socialaccount_login_cancelled": ANYONE,
    "socialaccount_login_error": ANYONE,
    "socialaccount_signup": ANYONE,
    "socialaccount_connections": SIGNED_IN,
    # the admin leads to our sign-in page
    "admin:login": ANYONE,
}
# Whole sets of views under one name space.
SPACES: Final[dict[str, Rule]] = {"admin": ADMINISTRATOR}


@dataclass(frozen=True)
class Page:
    """One address of the site: its path, its name and who may open it (None: nobody said)."""

    route: str
    name: str
    rule: Rule | None

    @property
    def takes_arguments(self) -> bool:
        return "<" in self.route or "(" in self.route


def rule_of(name: str, view: object) -> Rule | None:
    """Who may open a view: what it declares itself, else what the table says."""
    declared = getattr(view, "access", None)
    if isinstance(declared, Rule):
        return declared
    return RULES.get(name) or SPACES.get(name.partition(":")[0] if ":" in name else "")


def pages(resolver: URLResolver | None = None, path: str = "/", space: str = "") -> Iterator[Page]:
    """Every address of the site, in the order of the URL table."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = f"{path}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from pages(entry, route, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            name = f"{space}{entry.name or ''}"
            yield Page(route, name, rule_of(name, entry.callback))
