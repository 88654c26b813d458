"""The admin, entered by the portal's own sign-in: the second factor and the lock-out hold there too."""

from functools import wraps
from typing import Any, override

from django.conf import settings
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
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
    def get_urls(self) -> list[Any]:
        """Django's "view on site" looks into the table of any model, even one without; ours does not."""
        kept = [entry for entry in super().get_urls() if getattr(entry, "name", "") != "view_on_site"]
        guarded = self.admin_view(self.view_on_site)
        return [path("r/<int:content_type_id>/<path:object_id>/", guarded, name="view_on_site"), *kept]

    def view_on_site(self, request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponseBase:
        """Lead to the page of a row that the administration shows; 404 for anything else."""
        model = get_object_or_404(ContentType, pk=content_type_id).model_class()
        if model not in self._registry:
            raise Http404
        return shortcut(request, content_type_id, object_id)

    @override
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        back = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
