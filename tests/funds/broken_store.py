"""A store of files that fails as a full disk does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

SAVE = "_save"


def fill_the_disk(monkeypatch: pytest.MonkeyPatch, *, after: int = 0) -> None:
    """Let ``after`` more files in; from then on there is no space left."""
    left = [after]
    save: Callable[[FileSystemStorage, str, Any], str] = getattr(FileSystemStorage, SAVE)

    def full(storage: FileSystemStorage, name: str, content: Any) -> str:
        if not left[0]:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, SAVE, full)
