from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from charity_hub.notices.channels import open_channels
from charity_hub.notices.models import Channel, NoticeChoice
from charity_hub.notices.registry import NoticeKind, kinds_for
from charity_hub.people.models import User
from charity_hub.portal.forms import HubForm


class ChoiceForm(HubForm):
    """A box for each kind that may concern the person and each channel that the installation has."""

    submit_label = _("Save")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels = open_channels()
        self.kinds = kinds_for(user)
        chosen = {
            (choice.kind, choice.channel): choice.wanted
            for choice in NoticeChoice.objects.filter(person=user)
        }
        for kind in self.kinds:
            for channel in self.channels:
                default = chosen.get((kind.code, channel), channel != Channel.TEXT or kind.by_text)
                label = f"{kind.label}: {channel.label}"
                self.fields[_name(kind, channel)] = forms.BooleanField(
                    required=False, initial=default, label=label
                )

    def rows(self) -> list[tuple[NoticeKind, list[BoundField]]]:
        """Each kind with its boxes, in the order of the channels."""
        return [(kind, [self[_name(kind, channel)] for channel in self.channels]) for kind in self.kinds]

    def wanted(self) -> dict[tuple[str, str], bool]:
        """What was chosen, by kind and channel."""
        return {
            (kind.code, channel): self.cleaned_data[_name(kind, channel)]
            for kind in self.kinds
            for channel in self.channels
        }


def _name(kind: NoticeKind, channel: Channel) -> str:
    return f"{kind.code}-{channel}"
