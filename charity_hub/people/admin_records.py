"""The administration's lists of what happened at the door and who saw personal data."""

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from import_export.admin import ExportMixin
from import_export.resources import ModelResource
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import display

from charity_hub.admin_model import ReadOnlyAdmin
from charity_hub.organizations.admin import ExcelCSV
from charity_hub.people.disclosures import MATCHED
from charity_hub.people.masks import mask_phone
from charity_hub.people.models import FactorChange, Look, SignIn
from charity_hub.people.user_agents import browser_name

# How allauth calls the proofs that a session gave.
PROOFS: dict[str, str | Promise] = {
    "password": gettext_lazy("password"),
    "code": gettext_lazy("code by text message"),
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery code"),
    "socialaccount": gettext_lazy("WeChat"),
}


def proofs_in_words(method: str) -> str:
    """``password, totp`` in words."""
    return "、".join(str(PROOFS.get(one, one)) for one in method.split(", ")) if method else ""


def subject_in_words(subject: str) -> str:
    """``charity_hub.user:14`` with the name of its kind; a kind that is gone stays as it was written."""
    label, _colon, number = subject.partition(":")
    try:
        return f"{apps.get_model(label)._meta.verbose_name} {number}"
    except (LookupError, ValueError):
        return subject


def field_in_words(subject: str, field: str) -> str:
    """A field by its name on the pages."""
    if field == MATCHED:
        return gettext("a number that was typed")
    try:
        model = apps.get_model(subject.partition(":")[0])
        return str(getattr(model._meta.get_field(field), "verbose_name", field))
    except (LookupError, ValueError, FieldDoesNotExist):
        return field


class SignInResource(ModelResource):
    """Audit rows for a table; the phone that was typed stays here."""

    class Meta:
        model = SignIn
        fields = ["at", "event", "user__name", "method", "address", "browser"]


class LookResource(ModelResource):
    """Audit rows for a table."""

    class Meta:
        model = Look
        fields = ["at", "user__name", "subject", "field", "address"]


@admin.register(SignIn)
class SignInAdmin(ExportMixin, ReadOnlyAdmin):
    """Who came through the door, and who tried to."""

    resource_classes = [SignInResource]
    list_display = ["at", "event", "user", "masked_phone", "proofs", "address"]
    fields = ["at", "event", "user", "masked_phone", "proofs", "address", "device"]
    readonly_fields = ["masked_phone", "proofs", "device"]
    list_filter = ["event", "at"]
    list_select_related = ["user"]
    search_fields = ["user__name", "phone", "address"]
    list_per_page = 50
    date_hierarchy = "at"
    export_form_class = ExportForm
    formats = [ExcelCSV]

    @display(description=gettext_lazy("phone as given"))
    def masked_phone(self, row: SignIn) -> str:
        return mask_phone(row.phone)

    @display(description=gettext_lazy("proven by"))
    def proofs(self, row: SignIn) -> str:
        return proofs_in_words(row.method)

    @display(description=gettext_lazy("browser"))
    def device(self, row: SignIn) -> str:
        return browser_name(row.browser)


@admin.register(FactorChange)
class FactorChangeAdmin(ReadOnlyAdmin):
    """Whose second factors came and went, whoever did it."""

    list_display = ["at", "person", "factor_in_words", "event", "by"]
    fields = ["at", "person", "factor_in_words", "event", "by"]
    readonly_fields = ["factor_in_words"]
    list_filter = ["event", "at"]
    list_select_related = ["person", "by"]
    search_fields = ["person__name"]
    list_per_page = 50
    date_hierarchy = "at"

    @display(description=gettext_lazy("factor"))
    def factor_in_words(self, row: FactorChange) -> str:
        return str(PROOFS.get(row.type, row.type))


@admin.register(Look)
class LookAdmin(ExportMixin, ReadOnlyAdmin):
    """Who saw whole personal data."""

    resource_classes = [LookResource]
    list_display = ["at", "user", "what", "which", "address"]
    fields = ["at", "user", "what", "which", "address"]
    readonly_fields = ["what", "which"]
    list_filter = ["field", "at"]
    list_select_related = ["user"]
    search_fields = ["user__name", "subject", "address"]
    list_per_page = 50
    date_hierarchy = "at"
    export_form_class = ExportForm
    formats = [ExcelCSV]

    @display(description=gettext_lazy("what was shown"))
    def what(self, row: Look) -> str:
        return subject_in_words(row.subject)

    @display(description=gettext_lazy("field"))
    def which(self, row: Look) -> str:
        return field_in_words(row.subject, row.field)
