"""The form page: draft while typing, errors with links, check your answers, act once, redirect.

    @access(roles(Role.STATION_WORKER))
    def gift_add(request: HttpRequest, code: str) -> HttpResponseBase:
        station = get_object_or_404(Station.objects.in_scope_of(request.user), code=code)
        form = GiftForm(request.POST or None, request.FILES or None, station=station)

        def act() -> str:                        # form.cleaned_data is ready; Refused becomes a form error
            gift = record_gift(station=station, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Recorded. The number is %(number)s.") % {"number": gift.number})
            return gift.get_absolute_url()

        return form_page(
            request, form, act, title=_("Record a gift"), confirm=True, draft=f"gift:{code}",
        )

With ``confirm`` the first sending shows the answers to be checked, only the second one (``confirmed=1``)
acts. ``context`` may hold ``layout``, ``lead``, ``confirm_lead`` (what binds), ``confirm_label``,
``confirm_part`` (a template shown above the answers) and whatever a template of your own needs.
The page without a form that asks once more ("Void this gift?") is ``confirm_page``.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.people.models import User
from charity_hub.portal.drafts import forget_draft, offer_draft
from charity_hub.portal.fields import YuanField
from charity_hub.portal.forms import CardForm, refusals
from charity_hub.portal.interrupted_forms import forget_interrupted, restore_interrupted
from charity_hub.portal.pending_uploads import Files, drop_files, keep_files, kept_files
from charity_hub.portal.sent_forms import act_once
from charity_hub.portal.templatetags.hub import yuan

CONFIRM: Final = gettext_lazy("Confirm")

type Act = Callable[[], str | HttpResponseBase]


def form_page(
    request: HttpRequest,
    form: CardForm,
    act: Act,
    *,
    title: str | Promise,
    template: str = "portal/form.html",
    confirm: bool = False,
    draft: str = "",
    once: bool = True,
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Show the form, its errors or its answers; if all is valid, call ``act`` and redirect to its result.

    ``act`` returns an address (or a whole response); a ``Refused`` from it becomes an error of the
    form. ``draft`` is the key under which a signed-in person's typing is saved. With ``once`` the form
    acts once however often it is sent, in one transaction (``portal.sent_forms``).
    """
    shown = {"title": title, "form": form, **(context or {}), **offer_draft(request, form, draft)}
    if request.method != "POST":
        if restore_interrupted(request, form):
            shown |= {"interrupted": True, "draft": None}
        return render(request, template, shown)
    _bring_back_files(request, form)
    if "change" in request.POST or not form.is_valid():
        return _form_again(request, form, template, shown)
    if confirm and "confirmed" not in request.POST:
        return _check_answers(request, form, shown)
    with refusals(form):
        target = act_once(request, act) if once else act()
    if not form.is_valid():
        return _form_again(request, form, template, shown)
    drop_files(request)
    forget_interrupted(request)
    if draft and isinstance(request.user, User):
        forget_draft(request.user, draft)
    return redirect(target) if isinstance(target, str) else target


def confirm_page(
    request: HttpRequest,
    act: Act,
    *,
    title: str | Promise,
    lead: str | Promise = "",
    label: str | Promise = CONFIRM,
    back: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Ask for confirmation of an action that needs no answers: GET asks, POST acts.

    A ``Refused`` from ``act`` is shown on the same page.
    """
    form = NoQuestions(request.POST if request.method == "POST" else None)
    form.submit_label, form.cancel_url = label, back
    return form_page(request, form, act, title=title, once=False, context={"lead": lead, **(context or {})})


class NoQuestions(CardForm, forms.Form):
    """A form without questions."""


def _bring_back_files(request: HttpRequest, form: CardForm) -> None:
    kept = kept_files(request)
    if not kept or not form.is_multipart():
        return
    files: Files = MultiValueDict(dict(kept.lists()))
    for field, sent in request.FILES.lists():
        files.setlist(field, sent)
    form.files = files
    form.kept = [("kept", request.POST.get("kept", ""))]


def _form_again(request: HttpRequest, form: CardForm, template: str, shown: dict[str, Any]) -> HttpResponse:
    files = _sound_files(form)
    if request.FILES:
        form.kept = [("kept", _put_aside(request, files))]
    shown["kept_files"] = _file_names(files) if form.kept and form.kept[0][1] else []
    return render(request, template, shown)


def _sound_files(form: CardForm) -> Files:
    """The valid files: they need not be chosen again because of another error."""
    return MultiValueDict({field: sent for field, sent in form.files.lists() if field not in form.errors})


def _put_aside(request: HttpRequest, files: Files) -> str:
    try:
        return keep_files(request, files)
    except OSError:  # for example a full disk: the user chooses them again
        return ""


def _file_names(files: Files) -> list[str]:
    return [file.name or "" for _field, sent in files.lists() for file in sent]


def _check_answers(request: HttpRequest, form: CardForm, shown: dict[str, Any]) -> HttpResponse:
    note = request.POST.get("kept", "")
    if request.FILES:
        note = keep_files(request, form.files)
    shown |= {
        "answers": answers(form),
        "posted": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in {"csrfmiddlewaretoken", "kept", "change"}
            for value in values
        ],
        "note": note,
    }
    return render(request, "portal/confirm.html", shown)


class Answer(NamedTuple):
    """A question and its answer, as text."""

    label: str
    words: str


def answers(form: CardForm) -> list[tuple[str | Promise, list[Answer]]]:
    """The cards of a valid form as (title, answers); unanswered questions read "none given"."""
    return [
        (title, [Answer(str(form[name].label), in_words(form, form[name])) for name in _flat(rows)])
        for title, rows, _help in form.all_cards()
    ]


def in_words(form: CardForm, bound: BoundField) -> str:
    """One answer as text."""
    value = form.cleaned_data.get(bound.name)
    if isinstance(bound.field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if value in (None, "", [], ()):
        return _("none given")
    if isinstance(bound.field, YuanField):
        return yuan(value)
    if isinstance(bound.field, forms.ModelChoiceField):
        return _labels(value, bound.field.label_from_instance)
    if isinstance(bound.field, forms.ChoiceField):
        return _labels(value, lambda one: _choice_label(bound.field, one))
    return _labels(value, _plain)


def _labels(value: Any, label: Any) -> str:
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes | UploadedFile)
    return "、".join(str(label(one)) for one in value) if several else str(label(value))


def _choice_label(field: Any, value: object) -> object:
    flat: dict[str, object] = {}
    for key, label in field.choices:
        flat |= {str(k): v for k, v in label} if isinstance(label, list | tuple) else {str(key): label}
    return flat.get(str(value), value)


def _plain(value: object) -> str:
    if isinstance(value, UploadedFile):
        return f"{value.name} ({filesizeformat(value.size or 0)})"
    return value.isoformat() if isinstance(value, date) else str(value)


def _flat(rows: Iterable[str | tuple[str, ...]]) -> list[str]:
    return [name for row in rows for name in ((row,) if isinstance(row, str) else row)]
