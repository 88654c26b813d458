"""Static files: the few that pages use out of ``node_modules``, and the names they are served under.

No bundler: a package's own build is served as it is. Only what is listed here leaves ``node_modules``.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Where it is served, the package's folder, the files.
NODE_FILES: Final[dict[str, tuple[str, list[str]]]] = {
    "tabler/css": ("@tabler/core/dist/css", ["tabler.min.css", "tabler.min.css.map"]),
    "htmx": ("htmx.org/dist", ["htmx.min.js"]),
    "vega": ("vega/build", ["vega.min.js"]),
    "vega-lite": ("vega-lite/build", ["vega-lite.min.js", "vega-lite.min.js.map"]),
    "vega-embed": ("vega-embed/build", ["vega-embed.min.js", "vega-embed.min.js.map"]),
}


class FolderStorage(FileSystemStorage):
    """A folder whose files are collected below ``prefix``."""

    def __init__(self, folder: Path, *, prefix: str) -> None:
        super().__init__(location=folder)
        self.prefix = prefix


class NodeFinder(BaseFinder):
    """Finds the files of ``NODE_FILES``."""

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's
        for served, file in _node_files():
            if served == path.replace("\\", "/") and file.exists():
                return [str(file)] if find_all else str(file)
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for served, file in _node_files():
            if not matches_patterns(served, list(ignore_patterns or [])):
                yield file.name, FolderStorage(file.parent, prefix=served.rpartition("/")[0])


def _node_files() -> Iterator[tuple[str, Path]]:
    for served, (folder, names) in NODE_FILES.items():
        for name in names:
            yield f"{served}/{name}", settings.BASE_DIR / "node_modules" / folder / name


class HashedFilesStorage(CompressedManifestStaticFilesStorage):
    """Names that change with the content, in scripts that import one another too."""

    support_js_module_import_aggregation = True
