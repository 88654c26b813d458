"""The admin, entered by the portal's own sign-in: the second factor and the lock-out hold there too."""

from functools import wraps
from typing import Any, override

from django.conf import settings
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csp import csp_override
from unfold.sites import UnfoldAdminSite

from charity_hub.people.access import ADMINISTRATOR, View, access

# Apps whose own admin pages are left out: their rows are secrets, or nothing that we use.
LEFT_OUT = {"account", "auth", "mfa", "socialaccount", "usersessions"}


def _without_strange_filters(view: View) -> View:
    """Where a page other than a list cannot read the filters of its address, it is shown without them."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return redirect(request.path)

    return shown


class HubAdminSite(UnfoldAdminSite):
    @override
    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        kept = [model for model in models if model._meta.app_label not in LEFT_OUT]
        super().register(kept, admin_class, **options)

    @override
    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Anonymous people are led to the sign-in page, others than administrators refused (403)."""
        guarded: View = super().admin_view(_without_strange_filters(view), cacheable)
        policed: View = csp_override(settings.ADMIN_CSP)(guarded)
        return access(ADMINISTRATOR)(policed)

    @override
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        back = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
