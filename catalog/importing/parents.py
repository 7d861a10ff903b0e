"""What a first pass over a file learnt about parents and their variants, kept on disk so that memory stays constant."""

import hashlib
import json
import sqlite3
import tempfile
from functools import lru_cache
from types import TracebackType
from typing import Any

from catalog.importing.naming import make_handle


class ParentIndex:
    """Facts by key, each a JSON object; and the keys seen. Gone when closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="import-")
        self._base = sqlite3.connect(f"{self._folder.name}/parents.sqlite", isolation_level=None)
        self._base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000; BEGIN;"
            "CREATE TABLE facts (kind TEXT, key TEXT, value TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID;"
        )
        self._recent = lru_cache(maxsize=64)(self._look_up)

    def __enter__(self) -> "ParentIndex":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._base.close()
        self._folder.cleanup()

    def put(self, kind: str, key: str, value: object) -> None:
        """Stores the first value given for a key; later ones are ignored."""
        self._base.execute("INSERT OR IGNORE INTO facts VALUES (?, ?, ?)", (kind, key, json.dumps(value)))

    def replace(self, kind: str, key: str, value: object) -> None:
        self._base.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (kind, key, json.dumps(value)))

    def claim_handle(self, handle: str, sku: str) -> str:
        """`handle`, or with the SKU added when another SKU of the file has it: in words where they tell, as a digest else."""
        digest = hashlib.sha256(sku.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        choices = (handle, f"{handle[:120]}-{make_handle(sku)[:120]}", f"{handle[:120]}-{digest}")
        free = next((one for one in choices if self.get_fresh("handle", one) in (None, sku)), choices[-1])
        self.put("handle", free, sku)
        return free

    def add_to_list(self, kind: str, key: str, value: str) -> None:
        known = self.get_fresh(kind, key) or []
        if value not in known:
            self._base.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (kind, key, json.dumps([*known, value]))
            )

    def get(self, kind: str, key: str) -> Any:
        """The value, or None. For use once everything is put: answers are remembered."""
        found = self._recent(kind, key)
        return None if found is None else json.loads(found)

    def get_fresh(self, kind: str, key: str) -> Any:
        found = self._look_up(kind, key)
        return None if found is None else json.loads(found)

    def _look_up(self, kind: str, key: str) -> str | None:
        row = self._base.execute("SELECT value FROM facts WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return None if row is None else row[0]
