"""Several files in one form field, each kept with the row it belongs to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.documents.file_types import Kind
from charity_hub.documents.models import Document
from charity_hub.documents.uploads import checked, store_upload
from charity_hub.errors import Refused
from charity_hub.people.models import User

MOST_FILES = 10

type Papers = Iterable[UploadedFile[bytes]]


class PapersInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Up to ten files, each checked; ``cleaned_data`` is a list of them."""

    widget = PapersInput

    def __init__(self, *, kinds: Kind = Kind.ALL, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", gettext_lazy("PDF, picture, Word or Excel, up to 20 MB each, ten at most.")
        )
        super().__init__(**kwargs)
        self.kinds = kinds

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = [data] if isinstance(data, UploadedFile) else list(data or [])
        if not files:
            super().clean(None, initial)
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("These are more than ten files. Add the others afterwards."))
        for file in files:
            super().clean(file, initial)
            self._look_into(file)
        return files

    def _look_into(self, file: UploadedFile[bytes]) -> None:
        try:
            checked(file, kinds=self.kinds)
        except Refused as refused:
            raise forms.ValidationError(f"{file.name}: {refused}") from refused


def keep_papers(files: Papers, *, owner: models.Model, actor: User, field: str = "papers") -> list[Document]:
    """Store files that ``PapersField`` has checked, for the readers of ``owner``: all of them or none.

    Call it last in the transaction that creates or changes ``owner``, so that a file that cannot be stored
    rolls the transaction back. Raises ``Refused`` at ``field``.
    """
    kept: list[Document] = []
    try:
        kept.extend(store_upload(file, owner=owner, actor=actor) for file in files)
    except Exception as error:
        for document in kept:
            document.file.delete(save=False)
        if isinstance(error, OSError):
            raise Refused(
                _(
                    "The files could not be stored, so nothing was sent. What you typed is still here: send "
                    "it again, or send it without the files and add them afterwards."
                ),
                field,
            ) from error
        raise
    return kept
