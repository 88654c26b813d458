from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.forms import HubForm
from charity_hub.reports.models import AnnualReport
from charity_hub.workflow.forms import MoveForm

LONGEST = 8_000


class WordsField(forms.CharField):
    """A long text, as it will be printed."""

    def __init__(self, **kwargs: Any) -> None:
        area = forms.Textarea(attrs={"rows": 8})
        super().__init__(required=False, max_length=LONGEST, widget=area, **kwargs)


class WordsForm(HubForm):
    """The street's own words. ``seen`` is the version of them that the writer started from."""

    cards = [
        (
            _("Narrative"),
            ["results", "problems", "next_plan"],
            _(
                "Printed as written, each line a paragraph. All three are required before the "
                "report is issued."
            ),
        ),
    ]
    submit_label = _("Save")
    results = WordsField(
        label=_("Results"),
        help_text=_("What was achieved with the money and for whom, with concrete figures."),
    )
    problems = WordsField(
        label=_("Problems and what is done about them"), help_text=_("If there were none, say so.")
    )
    next_plan = WordsField(label=_("Plan for next year"))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, report: AnnualReport, data: Mapping[str, Any] | None = None) -> "WordsForm":
        """The form filled with a report's words."""
        initial = {name: getattr(report, name) for name in ("results", "problems", "next_plan")}
        return cls(data, initial=initial | {"seen": report.words_version})


class CorrectionForm(MoveForm):
    """Why an issued report gets a new version."""

    cards = [
        (
            _("The correction"),
            ["reason"],
            _("The issued report stays readable, marked as replaced once the new version is issued."),
        ),
    ]
    submit_label = _("Begin the correction")
    reason = forms.CharField(
        label=_("What is corrected and why"),
        help_text=_("Anyone who opens the new version reads this on its cover."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class IssueForm(MoveForm):
    """Issue a report, and close the year's books with it while they are open."""

    close_year = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, row: AnnualReport, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        report, closing = row, row.builder.closing
        if closing is None or closing.is_closed(report.subject_code, report.year):
            del self.fields["close_year"]
            return
        question = self.fields["close_year"]
        question.label = gettext("Close the books of %(year)s as well") % {"year": report.year}
        question.help_text = gettext(
            "Nothing can then be recorded with a date in %(year)s or before, and the report "
            "stays consistent with the books. This cannot be undone: late items are dated in an "
            "open month. Leave it unticked to close the months later."
        ) % {"year": report.year}


class MakeForm(forms.Form):
    """Which year's reports to make; ``code`` for one subject alone."""

    year = forms.IntegerField(min_value=2000, max_value=2200)
    code = forms.CharField(required=False, max_length=40)
