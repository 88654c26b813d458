"""PDFs from typst templates: the same data gives the same bytes.

A template is a ``.typ`` file in its room (``donations/money/typst/acknowledgement.typ``). It imports the
common layout, ``charity_hub/documents/typst/hub.typ``, whose header explains its use. Data is passed as JSON
and never
inserted into markup, so text typed by a person is never executed.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from charity_hub.documents import fonts

_own = threading.local()


def _compiler() -> typst.Compiler:
    """One compiler per thread: it caches what it has read, so later documents are much faster."""
    compiler: typst.Compiler | None = getattr(_own, "compiler", None)
    if compiler is None:
        compiler = typst.Compiler(root=str(settings.BASE_DIR), font_paths=fonts.loaded())
        _own.compiler = compiler
    return compiler


def _moment(dated: date | datetime | None) -> datetime:
    """The creation date of the file; typst needs one, in whole seconds, or it uses the clock."""
    if isinstance(dated, datetime):
        return dated.astimezone(UTC).replace(microsecond=0)
    day = dated or date(1970, 1, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _files(template: str, assets: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield "main.typ", (Path(settings.BASE_DIR) / template).read_bytes()
    for name, content in assets.items():
        yield f"assets/{name}", content


def _printable(value: Any) -> Any:
    """The data with unprintable characters in every text replaced."""
    match value:
        case str():
            return fonts.printable(value)
        case Mapping():
            return {key: _printable(item) for key, item in value.items()}
        case list() | tuple():
            return [_printable(item) for item in value]
        case _:
            return value


def render(
    template: str,
    data: Mapping[str, Any],
    *,
    assets: Mapping[str, bytes] | None = None,
    dated: date | datetime | None = None,
) -> bytes:
    """Render a PDF; the same arguments give the same bytes.

    ``template`` is a path from the project's root. ``data`` must be JSON values (money as integer fen,
    days as ISO text). ``assets`` are pictures, available to the template as ``/assets/<name>``. ``dated`` is
    the
    creation date in the file; without it the file has none. Raises ``typst.TypstError`` for an
    error in the template.
    """
    text = json.dumps(_printable(data), ensure_ascii=False, sort_keys=True)
    inputs = {"data": text} | ({"dated": "yes"} if dated else {})
    made = _compiler().compile(
        input=dict(_files(template, assets or {})),  # type: ignore[type-var]
        format="pdf",
        sys_inputs=inputs,
        timestamp=_moment(dated),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst returned no single file")
    return made
