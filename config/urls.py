"""All URLs: every room's pages, grouped by app. Rooms give full paths in their own ``urls``."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("charity_hub.portal.urls")),
    path("", include("charity_hub.regions.urls")),
    path("", include("charity_hub.people.urls")),
    path("", include("charity_hub.notices.urls")),
    path("", include("charity_hub.documents.urls")),
    path("", include("charity_hub.jobs.urls")),
    path("", include("charity_hub.reports.urls")),
    path("", include("funds.public.urls")),
    path("", include("funds.agreement.urls")),
    path("", include("funds.profile.urls")),
    path("", include("funds.spending.urls")),
    path("", include("funds.books.urls")),
    path("", include("funds.figures.urls")),
    path("", include("donations.stations.urls")),
    path("", include("donations.deposits.urls")),
    path("", include("donations.money.urls")),
    path("", include("donations.registers.urls")),
    path("accounts/", include("charity_hub.people.sign_in_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "charity_hub.portal.views.bad_request"
