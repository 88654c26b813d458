"""The forms behind the admin pages about people."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from charity_hub.admin_model import CheckedSelect
from charity_hub.people.actions import scope_problem
from charity_hub.people.fund_keys import fund_key
from charity_hub.people.models import Membership, Role, User
from charity_hub.people.phones import PhoneField


class PersonForm(forms.ModelForm[User]):
    """A person: phone and name. There is no password here: people set their own by way of a code."""

    phone = PhoneField(widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "tel"}))
    administrator = forms.BooleanField(
        label=_("Administrator"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Holds every role everywhere. The two-person rule applies to administrators too."),
    )

    class Meta:
        model = User
        fields = ["name", "phone", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        if "administrator" in self.fields:
            self.fields["administrator"].initial = self.instance.is_superuser

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's
        if "administrator" in self.cleaned_data:
            self.instance.is_superuser = self.instance.is_staff = self.cleaned_data["administrator"]
        if "phone" in self.changed_data:
            self.instance.phone_verified = False
        if self.instance.pk is None:
            self.instance.set_unusable_password()
        return super().save(commit)


class OwnAccountForm(PersonForm):
    """One's own page: nobody gives themselves a rank or takes it away, or a number without proving it."""

    # Django's way to leave an inherited field out.
    administrator = None  # type: ignore[assignment]
    phone = None  # type: ignore[assignment]


class GrantForm(forms.ModelForm[Membership]):
    """A role to grant, none chosen beforehand; whether its scope fits is said at the row."""

    role = forms.ChoiceField(
        label=_("role"), choices=[("", _("Choose a role")), *Role.choices], widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = Membership
        fields = ["role", "region", "organization", "fund_code", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if key := fund_key():
            search = CheckedSelect(key, admin.site)
            self.fields["fund_code"] = key.formfield(  # type: ignore[assignment]
                label=_("fund"), required=False, widget=search
            )

    def clean_fund_code(self) -> str:
        """The code of the fund that was found."""
        fund = self.cleaned_data["fund_code"]
        return str(getattr(fund, "code", fund) or "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        scope = self.scope()
        given = [cleaned.get(name) for name in ("region", "organization", "fund_code")]
        if sum(bool(one) for one in given) > 1:
            raise ValidationError(_("Name one region, one organization or one fund, not several."))
        if cleaned.get("role") and (problem := scope_problem(cleaned["role"], scope)):
            raise ValidationError(problem)
        return cleaned

    def validate_constraints(self) -> None:
        """One sentence for one fault: PostgreSQL's rules say the same once more, and less clearly."""
        if not self.errors:
            super().validate_constraints()

    def scope(self) -> Any:
        cleaned = self.cleaned_data
        return cleaned.get("region") or cleaned.get("organization") or cleaned.get("fund_code") or None
