"""The admin, entered by the portal's own sign-in: the second factor and the lock-out hold there too."""

from typing import Any, override

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csp import csp_override
from unfold.sites import UnfoldAdminSite

from charity_hub.people.access import ADMINISTRATOR, View, access


class HubAdminSite(UnfoldAdminSite):
    @override
    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Anonymous people are led to the sign-in page, others than administrators refused (403)."""
        guarded: View = super().admin_view(view, cacheable)
        policed: View = csp_override(settings.ADMIN_CSP)(guarded)
        return access(ADMINISTRATOR)(policed)

    @override
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        back = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
