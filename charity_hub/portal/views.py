"""The pages of the frame itself: home, desk, search, residents' home, switches, drafts, health."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from charity_hub.people.access import ANYONE, SIGNED_IN, STAFF, access, person
from charity_hub.people.client_address import address_of
from charity_hub.people.models import User
from charity_hub.portal.context import LARGE_TYPE_COOKIE
from charity_hub.portal.desk import figures_for, found_by, panels_for, waiting_for
from charity_hub.portal.drafts import forget_draft, save_draft
from charity_hub.portal.health import OK, health
from charity_hub.portal.interrupted_forms import keep_interrupted
from charity_hub.portal.page_cache import cached_for_visitors
from charity_hub.portal.registry import Panel, menu_of, registry

A_YEAR = 365 * 24 * 60 * 60


@access(ANYONE)
@require_safe
@cached_for_visitors
def home(request: HttpRequest) -> HttpResponse:
    panels = _panels(request, registry.home_panels)
    return render(request, "portal/home.html", {"panels": panels})


@access(SIGNED_IN)
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/me.html", {"panels": _panels(request, registry.me_panels)})


def _panels(request: HttpRequest, panels: dict[str, Panel]) -> list[dict[str, object]]:
    ordered = sorted(panels.values(), key=lambda panel: panel.order)
    return [{"template": panel.template, "context": panel.context(request)} for panel in ordered]


@access(STAFF)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    user = person(request)
    shown = {
        "today": timezone.localdate(),
        "figures": figures_for(user),
        "waiting": waiting_for(user),
        "panels": panels_for(user),
        "starts": menu_of("start", user),
    }
    return render(request, "portal/desk.html", shown)


@access(STAFF)
@require_safe
def desk_search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:80]
    found = found_by(person(request), text, address_of(request))
    return render(request, "portal/search.html", {"q": text, "found": found})


@csrf_exempt  # public pages are shared and have no token; only the language is at stake
@access(ANYONE)
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Store the language in a cookie and return to the page that the visitor came from."""
    return django_set_language(request)


@csrf_exempt
@access(ANYONE)
@require_POST
def set_type_size(request: HttpRequest) -> HttpResponse:
    """Switch large text on or off and return to the page that the visitor came from."""
    answer = redirect(_back(request))
    if request.POST.get("size") == "large":
        answer.set_cookie(
            LARGE_TYPE_COOKIE, "large", max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
        )
    else:
        answer.delete_cookie(LARGE_TYPE_COOKIE)
    return answer


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe and target.startswith("/") else "/"


@access(SIGNED_IN)
@require_http_methods(["POST", "DELETE"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Save or delete what is being typed into a form; answers with a short text."""
    user = person(request)
    if request.method == "DELETE" or "discard" in request.POST:
        forget_draft(user, key)
        return redirect(_back(request))
    saved_at = save_draft(user, key, request.POST)
    if saved_at is None:
        return HttpResponse(status=204)
    return HttpResponse(_("Draft saved at %(time)s") % {"time": f"{timezone.localtime(saved_at):%H:%M}"})


@access(ANYONE)
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The version and the state of each part: 200 if all are ok, otherwise 503."""
    parts = health()
    well = all(state == OK for state in parts.values())
    answer = {"status": OK if well else "down", "version": settings.VERSION, **parts}
    return JsonResponse(answer, status=200 if well else 503)


@access(ANYONE)
@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """The web app manifest, for adding the portal to a phone's home screen."""
    return JsonResponse(
        {
            "name": _("Charity Hub"),
            "short_name": _("Charity Hub"),
            "start_url": "/",
            "display": "browser",
            "background_color": "#fbf8f3",
            "theme_color": "#0b5d57",
            "lang": get_language() or settings.LANGUAGE_CODE,
            "icons": [
                {"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
                *(_phone_icon(size) for size in (192, 512)),
            ],
        },
        content_type="application/manifest+json",
    )


def _phone_icon(size: int) -> dict[str, str]:
    """For phones that do not accept SVG: a full square, whose corners the phone may round or cut."""
    src, sizes = static(f"img/icon-{size}.png"), f"{size}x{size}"
    return {"src": src, "sizes": sizes, "type": "image/png", "purpose": "any maskable"}


@access(ANYONE)
@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Browsers request it for every page."""
    return redirect(static("img/icon.svg"), permanent=True)


@access(ANYONE)
@require_safe
def touch_icon(_request: HttpRequest) -> HttpResponse:
    """Phones request it for the home screen."""
    return redirect(static("img/touch-icon.png"), permanent=True)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The page for a request that Django refused to read: damaged, too many fields, too long."""
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose security token is missing or old; Django calls it by the setting.

    If the same person has signed in again in another window, the form is restored.
    """
    if isinstance(request.user, User) and (back := keep_interrupted(request)):
        return redirect(back)
    return render(request, "403_csrf.html", {"reason": reason if settings.DEBUG else ""}, status=403)
