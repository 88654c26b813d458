import pytest
from django.conf import LazySettings

from charity_hub.portal.registry import Registry, registry
from tests.charity_hub.portal import sample_pages


@pytest.fixture
def sample(settings: LazySettings) -> str:
    """The portal with the sample pages under ``/sample/``."""
    settings.ROOT_URLCONF = "tests.charity_hub.portal.sample_pages"
    sample_pages.ACTED.clear()
    return "/sample/"


@pytest.fixture
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The one registry, with nothing registered for the length of a test."""
    for name, value in vars(Registry()).items():
        monkeypatch.setattr(registry, name, value)
    return registry
