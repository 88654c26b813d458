from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from charity_hub.people.access import SIGNED_IN, access, scope_of
from charity_hub.regions.models import Level, Region

MOST_SUGGESTIONS = 12
LONGEST_QUESTION = 80


@access(SIGNED_IN)
def search(request: HttpRequest) -> HttpResponse:
    """The regions that match ``q``, as options of the region picker.

    ``level`` (may repeat) limits the levels, ``scope=1`` the area to that of the person's roles.
    """
    words = request.GET.get("q", "")[:LONGEST_QUESTION].strip()
    regions = Region.objects.find(words)
    levels = [level for level in Level if str(level.value) in request.GET.getlist("level")]
    if levels:
        regions = regions.filter(level__in=levels)
    scope = scope_of(request.user)
    if request.GET.get("scope") and not scope.everything:
        regions = regions.covered_by(scope.regions)
    found = regions[:MOST_SUGGESTIONS] if words else regions.none()
    return render(request, "regions/parts/options.html", {"regions": found, "words": words})
