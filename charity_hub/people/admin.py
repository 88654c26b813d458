from collections.abc import Sequence
from datetime import datetime
from typing import Any, override

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action, display

from charity_hub.admin_history import TrackedAdmin
from charity_hub.admin_model import CheckedChoices, ReadOnlyAdmin
from charity_hub.errors import Refused
from charity_hub.people.access import administrator_from, person, waiting_memberships
from charity_hub.people.actions import confirm_role, end_membership, grant_membership, invite
from charity_hub.people.admin_forms import GrantForm, OwnAccountForm, PersonForm
from charity_hub.people.admin_reset import ResetsFactors
from charity_hub.people.alerts import notify_of_administrator, notify_of_officer, notify_of_phone_change
from charity_hub.people.disclosures import record_look
from charity_hub.people.masks import mask_phone
from charity_hub.people.models import (
    DECIDING_ROLES,
    Membership,
    PhoneChange,
    Role,
    RoleConfirmation,
    TextMessage,
    User,
)
from charity_hub.people.phones import parse_phone
from charity_hub.people.sms import MessageNotSent


class MembershipInline(CheckedChoices, StackedInline):
    """The roles somebody has or had, each named above its days; only the last day can be changed."""

    model = Membership
    verbose_name_plural = gettext_lazy("Roles held")
    fields = [("starts_on", "ends_on")]
    readonly_fields = ["starts_on"]
    extra = 0
    can_delete = False

    @override
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class GrantInline(CheckedChoices, StackedInline):
    """Roles to grant, a field below another: each has room for its name and what was chosen."""

    model = Membership
    form = GrantForm
    verbose_name = gettext_lazy("role")
    verbose_name_plural = gettext_lazy("Grant roles")
    autocomplete_fields = ["region", "organization"]
    fieldsets = [
        (
            None,
            {
                "fields": ["role", "region", "organization", "fund_code", ("starts_on", "ends_on")],
                "description": gettext_lazy(
                    "Choose one place, as the role asks: a region for officers, street staff and auditors; "
                    "an organization for charity officers, station and agency workers; "
                    "a fund for committee members and supervisors; none for reviewers."
                ),
            },
        )
    ]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).none()

    @override
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Places are searched here, never made or changed."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        for link in ("add", "change", "delete", "view"):
            if hasattr(field.widget, f"can_{link}_related"):
                setattr(field.widget, f"can_{link}_related", False)
        return field


def _tell_of_number(request: HttpRequest, person: User) -> bool:
    """Whether both numbers were reached; says so, and from when the new one opens the desk."""
    told = notify_of_phone_change(person)
    if PhoneChange.objects.filter(person=person, new=person.phone).exists():
        if told:
            messages.info(request, _("The old number and the new one are told."))
        words = _(
            "A code sent to the new number opens the pages of people who work here %(hours)s hours from now."
        )
        messages.info(request, words % {"hours": settings.FACTOR_RESET_WAIT_HOURS})
    return told


def _warn_of_unsent(request: HttpRequest) -> None:
    messages.warning(request, _("Not everybody could be told by text message just now. Call them."))


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role held today")
    parameter_name = "role"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        return Role.choices

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if not self.value():
            return queryset
        holders = Membership.objects.held().filter(role=self.value())
        return queryset.filter(pk__in=holders.values("user"))


class AdministratorFilter(admin.BooleanFieldListFilter):
    """Named as everywhere else, not by Django's own word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("Administrator")


@admin.register(User)
class UserAdmin(TrackedAdmin, ResetsFactors):
    form = PersonForm
    list_display = ["name", "masked_phone", "roles_today", "is_active", "administrator", "last_login"]
    list_filter = [RoleFilter, "is_active", ("is_superuser", AdministratorFilter)]
    search_fields = ["name", "phone"]
    list_per_page = 50
    ordering = ["name", "pk"]
    fieldsets = [(None, {"fields": ["name", "phone", "is_active", "administrator"]})]
    inlines = [MembershipInline, GrantInline]
    actions_detail = ["send_invitation", "reset_factor", "confirm_roles"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        held = Membership.objects.held().select_related("region", "organization")
        people: QuerySet[User] = super().get_queryset(request)
        return people.prefetch_related(Prefetch("memberships", held, to_attr="held_today"))

    @display(description=gettext_lazy("phone"))
    def masked_phone(self, person: User) -> str:
        return mask_phone(person.phone)

    @display(description=gettext_lazy("Administrator"), boolean=True, ordering="is_superuser")
    def administrator(self, person: User) -> bool:
        return person.is_superuser

    @display(description=gettext_lazy("roles"))
    def roles_today(self, person: Any) -> str:
        return "；".join(str(one) for one in person.held_today)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """By name, or by a phone in any way of writing."""
        phone = parse_phone(search_term)
        if phone:
            return queryset.filter(phone=phone), False
        found: tuple[QuerySet[User], bool] = super().get_search_results(request, queryset, search_term)
        return found

    def get_form(
        self,
        request: HttpRequest,
        obj: User | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's
        **kwargs: Any,
    ) -> Any:
        own = obj is not None and obj.pk == request.user.pk
        return super().get_form(request, obj, change, **({"form": OwnAccountForm} if own else {}) | kwargs)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        """Nobody grants themselves a role: on one's own page there is nothing to grant."""
        return [] if obj is not None and obj.pk == request.user.pk else list(self.inlines)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        own = obj is not None and obj.pk == request.user.pk
        return ["phone", "is_active"] if own else []

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        own = obj is not None and obj.pk == request.user.pk
        fields = ["name", "phone", "is_active"]
        return [(None, {"fields": fields if own else [*fields, "administrator"]})]

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are switched off, never deleted: what they did stays theirs."""
        return False

    @override
    def response_add(self, request: HttpRequest, obj: User, *args: Any, **kwargs: Any) -> HttpResponse:
        if obj.is_superuser and not notify_of_administrator(obj, actor=person(request)):
            _warn_of_unsent(request)
        answer: HttpResponse = super().response_add(request, obj, *args, **kwargs)
        return answer

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        person = User.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        if person is not None and person.pk != request.user.pk and request.method == "GET":
            record_look(request, person, "phone")
        answer: HttpResponse = super().change_view(request, object_id, *args, **kwargs)
        if person is not None and request.method == "POST":
            self._tell(request, person)
        return answer

    def _tell(self, request: HttpRequest, before: User) -> None:
        """The old number and the new one hear of a change, other administrators of a new colleague."""
        now = User.objects.get(pk=before.pk)
        told = now.phone == before.phone or _tell_of_number(request, now)
        if now.is_superuser and not before.is_superuser:
            told = notify_of_administrator(now, actor=person(request)) and told
        if not told:
            _warn_of_unsent(request)

    @override
    def save_formset(
        self,
        request: HttpRequest,
        form: forms.ModelForm[User],
        formset: Any,
        change: bool,
    ) -> None:
        actor = person(request)
        for row in formset.save(commit=False):
            if row.pk is None:
                scope = row.region or row.organization or row.fund_code or None
                granted = grant_membership(
                    form.instance,
                    Role(row.role),
                    scope,
                    starts_on=row.starts_on,
                    ends_on=row.ends_on,
                    actor=actor,
                )
                if granted.role in DECIDING_ROLES and not notify_of_officer(granted, actor=actor):
                    _warn_of_unsent(request)
            elif row.ends_on:
                end_membership(row, last_day=row.ends_on, actor=actor)
        formset.save_m2m()

    @action(description=gettext_lazy("Send sign-in instructions by text message"), url_path="invite")
    def send_invitation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        person = get_object_or_404(User, pk=object_id)
        if request.method != "POST":
            context = self.admin_site.each_context(request) | {"opts": self.opts, "object": person}
            return render(request, "admin/confirm_invitation.html", context)
        try:
            invite(person)
        except MessageNotSent as failed:
            messages.error(request, str(failed))
        else:
            messages.success(request, _("A text message with sign-in instructions was sent."))
        return redirect("admin:charity_hub_user_change", object_id)

    @override
    def get_actions_detail(self, request: HttpRequest, object_id: int | str | None = None) -> list[Any]:
        """Confirming is offered where somebody else's role waits."""
        named = str(object_id)
        holder = User.objects.filter(pk=named).first() if named.isdecimal() else None
        waits = holder is not None and holder.pk != request.user.pk and bool(_waiting(holder))
        buttons: list[Any] = super().get_actions_detail(request, object_id)
        return [one for one in buttons if waits or one.method.__name__ != "confirm_roles"]

    @action(description=gettext_lazy("Confirm the new role"), url_path="confirm-roles")
    def confirm_roles(self, request: HttpRequest, object_id: int) -> HttpResponse:
        holder = get_object_or_404(User, pk=object_id)
        waiting = _waiting(holder)
        if request.method != "POST":
            context = self.admin_site.each_context(request)
            context |= {"opts": self.opts, "object": holder, "waiting": waiting}
            return render(request, "admin/confirm_roles.html", context)
        try:
            with transaction.atomic():
                for membership, _begins in waiting:
                    confirm_role(holder, membership, actor=person(request))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Confirmed. The role is in force."))
        return redirect("admin:charity_hub_user_change", object_id)


def _waiting(holder: User) -> list[tuple[Membership | None, datetime]]:
    """What of the person's roles waits, and until when; None stands for being administrator."""
    begins = administrator_from(holder)
    return [*waiting_memberships(holder), *([(None, begins)] if begins else [])]


@admin.register(RoleConfirmation)
class RoleConfirmationAdmin(ReadOnlyAdmin):
    """Which new roles were in force before their wait was over, by whose word."""

    list_display = ["at", "person", "what", "organization", "confirmed_by"]
    fields = ["at", "person", "what", "organization", "confirmed_by"]
    readonly_fields = ["what"]
    list_filter = ["at"]
    list_select_related = ["person", "organization", "confirmed_by"]
    search_fields = ["person__name", "confirmed_by__name"]
    list_per_page = 50

    @display(description=gettext_lazy("role"))
    def what(self, row: RoleConfirmation) -> str:
        return row.get_role_display() if row.role else _("Administrator")


@admin.register(Membership)
class MembershipAdmin(TrackedAdmin, ReadOnlyAdmin):
    """Roles, to look at; they are granted on the person's page and ended there or here."""

    list_display = ["user", "role", "region", "organization", "fund_code", "starts_on", "ends_on"]
    list_filter = ["role", "starts_on", "ends_on"]
    list_select_related = ["user", "region", "organization"]
    search_fields = ["user__name", "user__phone", "region__full_name", "organization__name", "fund_code"]
    list_per_page = 50
    actions = ["end_now"]

    @action(description=gettext_lazy("End the chosen roles at once"))
    def end_now(self, request: HttpRequest, chosen: QuerySet[Membership]) -> None:
        actor = person(request)
        for membership in chosen:
            end_membership(membership, actor=actor)
        messages.success(request, _("The chosen roles have ended."))


@admin.register(TextMessage)
class TextMessageAdmin(ReadOnlyAdmin):
    """Messages that the development backend kept; the codes in them are not shown here."""

    list_display = ["sent_at", "masked_phone"]
    list_filter = ["sent_at"]
    search_fields = ["phone"]
    list_per_page = 50
    fields = ["sent_at", "masked_phone"]

    @display(description=gettext_lazy("phone"))
    def masked_phone(self, row: TextMessage) -> str:
        return mask_phone(row.phone)
