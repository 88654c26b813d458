"""Static files: those used from ``node_modules``, and their public names.

There is no bundler: a package's own build is served unchanged. Only the listed files are served.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

COMPRESSOR: Final = Compressor(quiet=True)

# Public folder, the package's folder, the files.
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


class CompressedOnDemand(WhiteNoiseMiddleware):
    """WhiteNoise in development: each file in its present version, compressed on first request.

    Without it a first visit under ``make run`` loads six times as many bytes as in production, where
    ``collectstatic`` compresses beforehand.
    """

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> Any:
        if not self.autorefresh or not Path(path).is_file() or not COMPRESSOR.should_compress(path):
            return super().get_static_file(path, url, stat_cache)
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        copy = _compressed(Path(path))
        return StaticFile(path, headers.items(), encodings={"gzip": f"{copy}.gz", "br": f"{copy}.br"})


def _compressed(file: Path) -> Path:
    """The path of the compressed copies of the file's present version, without ``.gz`` and ``.br``."""
    folder: Path = settings.VAR_DIR / "compressed"
    state = file.stat()
    place = folder / hashlib.sha256(f"{file} {state.st_mtime_ns} {state.st_size}".encode()).hexdigest()
    if not Path(f"{place}.gz").exists():
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as apart:
            COMPRESSOR.compress(str(shutil.copy(file, Path(apart) / place.name)))
            for made in sorted(Path(apart).glob("*.*")):
                made.replace(folder / made.name)
    return place


class HashedFilesStorage(CompressedManifestStaticFilesStorage):
    """File names that change with the content, also in scripts that import one another."""

    support_js_module_import_aggregation = True
