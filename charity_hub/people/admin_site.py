"""The admin, entered by the portal's own sign-in: the second factor and the lock-out hold there too."""

from typing import Any, override

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csp import csp_override
from unfold.sites import UnfoldAdminSite

from charity_hub.people.access import ADMINISTRATOR, View, access

# Apps whose own admin pages are left out: their rows are secrets, or nothing that we use.
LEFT_OUT = {"account", "auth", "mfa", "socialaccount", "usersessions"}


class HubAdminSite(UnfoldAdminSite):
    @override
    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        kept = [model for model in models if model._meta.app_label not in LEFT_OUT]
        super().register(kept, admin_class, **options)

    @override
    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Anonymous people are led to the sign-in page, others than administrators refused (403)."""
        guarded: View = super().admin_view(view, cacheable)
        policed: View = csp_override(settings.ADMIN_CSP)(guarded)
        return access(ADMINISTRATOR)(policed)

    @override
    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """PostgreSQL knows no character zero; the lists' own search refuses it before."""
        asked = request.GET.copy()
        asked["term"] = asked.get("term", "").replace("\x00", " ")
        request.GET = asked  # type: ignore[assignment]
        answer: HttpResponse = super().autocomplete_view(request)
        return answer

    @override
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        back = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
