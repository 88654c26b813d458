from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charity_hub.notices import actions
from charity_hub.notices.forms import ChoiceForm
from charity_hub.notices.models import Notice
from charity_hub.people.access import SIGNED_IN, access, person

ON_A_PAGE = 30


@access(SIGNED_IN)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What this person was told, the newest first."""
    page = Paginator(Notice.objects.in_portal(person(request)), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/list.html", {"page": page})


@access(SIGNED_IN)
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it leads."""
    user = person(request)
    notice = get_object_or_404(Notice.objects.in_portal(user), pk=pk)
    actions.mark_read(user, [notice.pk])
    ours = url_has_allowed_host_and_scheme(notice.url, None)
    return redirect(notice.url if notice.url and ours else "notices:list")


@access(SIGNED_IN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_read(person(request))
    return redirect("notices:list")


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """What goes out to this person beside the portal, by kind and channel."""
    user = person(request)
    form = ChoiceForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        actions.choose(user, form.wanted())
        messages.success(request, _("Saved."))
        return redirect("notices:choices")
    form.cancel_url = reverse("notices:list")
    return render(request, "notices/choices.html", {"form": form})
