from collections.abc import Iterator

import pytest

from tests.charity_hub.notices.specimen import kinds


@pytest.fixture(autouse=True)
def _specimen_kinds() -> Iterator[None]:
    with kinds():
        yield
