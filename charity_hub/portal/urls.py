from django.urls import URLPattern, path, register_converter

from charity_hub.portal import views

app_name = "portal"


class DraftKey:
    """A draft's key in an address."""

    regex = "[A-Za-z0-9:._-]{1,120}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DraftKey, "draftkey")

urlpatterns: list[URLPattern] = [
    # Home pages
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("desk/search/", views.desk_search, name="search"),
    path("me/", views.me, name="me"),
    # Switches and drafts
    path("language/", views.set_language, name="set_language"),
    path("type-size/", views.set_type_size, name="set_type_size"),
    path("drafts/<draftkey:key>/", views.draft, name="draft"),
    # Machines
    path("healthz", views.healthz, name="healthz"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("apple-touch-icon.png", views.touch_icon, name="touch_icon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
