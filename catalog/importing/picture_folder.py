"""Pictures of an import come from a folder on this machine, found by the last part of the name in the file.

Addresses of other shops are fetched only when the caller asks for it, and only those that are public. A picture that
cannot be had is no error: it is counted, and what the shop shows stays.
"""

import os
import re
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urlsplit

from catalog.media.store import (
    PictureRefused,
    RenderedPicture,
    digest_of,
    render_renditions,
    store_renditions,
    stored_pictures,
)
from shop.outgoing import FetchLimits, FetchRefused, fetch_file

REMOTE = re.compile(r"https?://", re.IGNORECASE)
FETCHERS = 4
LARGEST_FILE = 20_000_000
BY_DIGEST = re.compile(r"([0-9a-f]{64})\.jpg")


class PictureFolder:
    """Remembers the digest of every name asked for. `refused` maps names to sentences."""

    def __init__(self, folder: Path | None, *, fetches: FetchLimits | None = None) -> None:
        """`fetches` None: nothing is fetched from other machines."""
        self._fetches = fetches
        self._fetched: dict[str, Path] = {}
        self._kept = tempfile.TemporaryDirectory(prefix="pictures-") if fetches else None
        self._paths: dict[str, Path] = {}
        for place, _, names in os.walk(folder) if folder else ():
            for name in sorted(names):
                self._paths.setdefault(name.casefold(), Path(place) / name)
        self._digests: dict[str, str] = {}
        self.missing: set[str] = set()
        self.refused: dict[str, str] = {}

    def list_notes(self) -> list[str]:
        """What the report says of pictures that cannot be had."""
        notes = [f"{name[:100]}: {reason}" for name, reason in list(self.refused.items())[:20]]
        if self.missing:
            some = ", ".join(sorted(self.missing)[:3])
            notes.insert(0, f"{len(self.missing)} pictures are not in the images folder and were left out: {some} …")
        return notes

    def find_digests(self, names: Iterable[str]) -> dict[str, str]:
        """Digest of the bytes by name, of those that are in the folder."""
        names = list(names)
        self._find_stored(names)
        for name in names:
            if name in self._digests or name in self.missing or name in self.refused:
                continue
            path = self._path_of(name)
            if path is None:
                self.missing.add(name)
                continue
            try:
                if path.stat().st_size > LARGEST_FILE:
                    self.refused[name] = f"{path.name} is larger than {LARGEST_FILE // 10**6} MB. Make it smaller."
                else:
                    self._digests[name] = digest_of(path.read_bytes())
            except OSError as error:
                self.refused[name] = f"{path.name} cannot be read: {error.strerror}."
        return {name: self._digests[name] for name in names if name in self._digests}

    def store(self, names: Iterable[str]) -> dict[str, str]:
        """The same, with every picture rendered and stored. Files come before rows, so nothing is half there."""
        names = list(names)
        self._find_stored(names)
        self._fetch(names)
        digests = self.find_digests(names)
        by_digest = {digest: name for name, digest in digests.items()}
        known = stored_pictures(by_digest) if by_digest else {}
        new = [name for digest, name in by_digest.items() if digest not in known]
        if not new:
            self._drop_fetched()
            return digests
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            rendered = [(name, pool.submit(self._render, name)) for name in new]
            for name, future in rendered:
                try:
                    store_renditions(future.result())
                except (PictureRefused, OSError) as error:
                    self.refused[name] = str(error)
                    lost = self._digests.pop(name)
                    digests = {other: digest for other, digest in digests.items() if digest != lost}
        self._drop_fetched()
        return digests

    def _path_of(self, name: str) -> Path | None:
        return self._fetched.get(name) or self._paths.get(_file_name(name))

    def _fetch(self, names: Iterable[str]) -> None:
        """What lies in the folder, or was fetched before, is not asked for again."""
        limits, kept = self._fetches, self._kept
        if limits is None or kept is None:
            return
        wanted = [
            name
            for name in dict.fromkeys(names)
            if REMOTE.match(name) and name not in self._digests and name not in self.refused and not self._path_of(name)
        ]

        def fetch(name: str) -> Path | str:
            try:
                path = Path(kept.name) / digest_of(name.encode())
                path.write_bytes(fetch_file(name, limits=limits))
            except FetchRefused as refusal:
                return str(refusal)
            return path

        with ThreadPoolExecutor(max_workers=FETCHERS) as pool:
            for name, found in zip(wanted, pool.map(fetch, wanted), strict=True):
                if isinstance(found, Path):
                    self._fetched[name] = found
                else:
                    self.refused[name] = found

    def _drop_fetched(self) -> None:
        """Once rendered, a picture is known by its digest; the disk does not fill with the others."""
        for path in self._fetched.values():
            path.unlink(missing_ok=True)
        self._fetched.clear()

    def _find_stored(self, names: Iterable[str]) -> None:
        """Exports name pictures by their digest: those that the shop has need no file."""
        named = {found[1]: name for name in names if name not in self._digests and (found := BY_DIGEST.fullmatch(name))}
        for digest in stored_pictures(named) if named else ():
            self._digests[named[digest]] = digest

    def _render(self, name: str) -> RenderedPicture:
        path = self._path_of(name)
        if path is None:
            raise PictureRefused("This picture is gone. Import the file again.")
        return render_renditions(path.read_bytes())


def _file_name(name: str) -> str:
    """`https://cdn/x/photo.jpg?v=1` and `/m/h/photo.jpg` are both `photo.jpg`."""
    path = urlsplit(name).path if "://" in name else name.split("?", 1)[0]
    return unquote(path).replace("\\", "/").rsplit("/", 1)[-1].casefold()


def find_images(path: Path) -> Path | None:
    """`images` beside the file, or in the folder above."""
    folder = path.resolve().parent
    return next((place for place in (folder / "images", folder.parent / "images") if place.is_dir()), None)
