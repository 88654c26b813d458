"""Strings of other packages that appear on our pages without a Chinese translation.

They are not used in code: listed here, they are collected into our catalog, whose translations have priority.
"""

from typing import Final

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

UNFOLD: Final = [
    _("Add new item"),
    _("Add row"),
    _("All applications"),
    _("Apply Filters"),
    _("Available shortcuts"),
    _("Changelist shortcuts"),
    _("Choose file to upload"),
    _("Click to cancel"),
    _("Click to download"),
    _("Collapse"),
    _("Command tool shortcuts"),
    _("Create new record"),
    _("Current file"),
    _("Dark"),
    _("Date from"),
    _("Date to"),
    _("Default"),
    _("Enter an URL"),
    _("False"),
    _("Filters"),
    _("From"),
    _("General"),
    _("Global shortcuts"),
    _("Go back"),
    _("Image preview"),
    _("Light"),
    _("Navigate"),
    _("Next"),
    _("No data"),
    _("No results found"),
    _("Not enough data."),
    _("Nothing matched your search"),
    _("Object"),
    _("Open command tool"),
    _("Open selection in new tab"),
    _("Open selection"),
    _("Open shortcuts list"),
    _("Previous"),
    _("Recent searches"),
    _("Record picture"),
    _("Reset filters"),
    _("Reset to default"),
    _("Return to site"),
    _("Run the selected action"),
    _("Search apps and models..."),
    _("Select action to run"),
    _("Select action"),
    _("Select format"),
    _("Select record"),
    _("Select value"),
    _("Select"),
    _("System"),
    _("This exporter will export the following fields"),
    _("This item will be deleted."),
    _("This page yielded into no results."),
    _("To"),
    _("Toggle dark/light mode"),
    _("Toggle filter"),
    _("Toggle password visibility"),
    _("Toggle sidebar"),
    _("True"),
    _("Type to search"),
    _("Value"),
    _("View traceback"),
    _("Welcome"),
    _("You have been successfully logged out from the administration"),
    _("hide warning"),
]

IMPORT_EXPORT: Final = [
    _(
        "%(exc_name)s encountered while trying to read file. "
        "Ensure you have chosen the correct format for the file."
    ),
    _("No valid data to import. Ensure your file has the correct headers or data for import."),
    _("Resource"),
    _('Select at least 1 field for "%(resource_name)s" to export'),
    _("Select all"),
    _("Value could not be parsed."),
]

FILTERS: Final = [
    _("%s (descending)"),
    _("Multiple values may be separated by commas."),
    _("Ordering"),
    _("Range query expects two values."),
    _("Select a lookup."),
    _("Yesterday"),
]

DJANGO: Final = [_("- Select an option -"), _("Logout"), _('The app "%s" could not be found.')]

# These have a Chinese translation with other wording: we say 您 and 身份验证器, and how to correct a mistake.
SAID_OTHERWISE: Final = [
    _("Add another %(verbose_name)s"),
    _("Log out"),
    _("Site administration"),
    _("View site"),
    _("Null characters are not allowed."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Enter a number."),
    _("Enter a whole number."),
    _("Enter a valid date."),
    _("Use a security key"),
    _("Use authenticator app or code"),
    _("This field is required."),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be too similar to your other personal information."),
    _("This password is too common."),
    _("Your password can’t be a commonly used password."),
    _("This password is entirely numeric."),
    _("Your password can’t be entirely numeric."),
]
COUNTED_OTHERWISE: Final = [
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        1,
    ),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        1,
    ),
    ngettext_lazy(
        "Ensure this filename has at most %(max)d character (it has %(length)d).",
        "Ensure this filename has at most %(max)d characters (it has %(length)d).",
        1,
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        1,
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        1,
    ),
]
