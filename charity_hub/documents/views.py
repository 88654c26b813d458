from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charity_hub.documents import certificates, rate_limit
from charity_hub.documents.forms import VerifyForm
from charity_hub.documents.models import Document
from charity_hub.documents.permissions import may_read
from charity_hub.people.access import ANYONE, access, to_sign_in

# Shown in the browser; all other types are only downloaded.
SHOWN = {"application/pdf", "image/png", "image/jpeg", "image/webp"}


@access(ANYONE)
@require_safe
@never_cache
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file, for people whom its owner's rule allows; ``?download=1`` downloads it."""
    found = Document.objects.filter(pk=pk).first()
    if found is None or not may_read(request.user, found):
        if not request.user.is_authenticated:
            return to_sign_in(request)
        raise Http404
    download = "download" in request.GET or found.content_type not in SHOWN
    answer = FileResponse(
        found.file.open("rb"), as_attachment=download, filename=found.name, content_type=found.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@access(ANYONE)
@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    """The form for a code."""
    form = VerifyForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("documents:verify", code=form.cleaned_data["code"])
    return _form(request, form)


@access(ANYONE)
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """The content of the document with this code, for everybody."""
    if rate_limit.is_paused(request):
        return render(
            request, "documents/verify_paused.html", {"title": _("Too many wrong codes")}, status=429
        )
    certificate = certificates.find(code)
    if certificate is None:
        rate_limit.count_wrong(request)
        form = VerifyForm({"code": code[:40]})
        return _form(request, form, unknown=form.is_valid(), status=404)
    kind = certificates.kind_of(certificate)
    context = {"title": kind.title, "certificate": certificate, "facts": certificate.facts, "kind": kind}
    return render(request, "documents/verify.html", context)


def _form(
    request: HttpRequest, form: VerifyForm, *, unknown: bool = False, status: int = 200
) -> HttpResponse:
    """The form; with ``unknown`` the code is well-formed but does not exist."""
    context = {"title": _("Verify a document"), "form": form, "unknown": unknown}
    return render(request, "documents/verify_form.html", context, status=status)
