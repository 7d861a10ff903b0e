"""Every object the sandbox knows: dictionaries in memory, each change in a SQLite file before it is answered.

A killed process loses nothing it acknowledged: a transaction is in the file's log (the kernel holds it) before the
answer leaves. Objects are plain dictionaries in Stripe's shape; a key that begins with `_` is ours and never shown.
"""

import json
import secrets
import sqlite3
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

ALPHABET = string.ascii_letters + string.digits


def make_id(prefix: str, *, length: int = 24) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def show(thing: Json) -> Json:
    """The object as the API shows it: without our own keys."""
    return {key: value for key, value in thing.items() if key[0] != "_"}


def snapshot(thing: Json) -> Json:
    """A deep copy that later changes do not touch."""
    copy: Json = json.loads(json.dumps(show(thing)))
    return copy


class Store:
    """Tables by kind (`payment_intent`, `charge` ...), each an insertion-ordered dictionary by id.

    Read and change objects only inside `transaction()`; call `put` for every object that changed.
    """

    def __init__(self, path: Path | None) -> None:
        self.lock = threading.RLock()
        self._depth = 0
        self._tables: dict[str, dict[str, Json]] = {}
        self._dirty: dict[tuple[str, str], Json | None] = {}
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=WAL")
        # A kill of the process keeps what the kernel has; only a power cut could lose the tail, and this is a sandbox.
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS objects (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL,"
            " body TEXT NOT NULL, UNIQUE (kind, id))"
        )
        for kind, id, body in self._file.execute("SELECT kind, id, body FROM objects ORDER BY seq"):
            self._tables.setdefault(kind, {})[id] = json.loads(body)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lock; on the way out, refusals included, write what changed in one go."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0 and self._dirty:
                    self._flush()

    def _flush(self) -> None:
        changes, self._dirty = self._dirty, {}
        written = [(kind, id, json.dumps(thing)) for (kind, id), thing in changes.items() if thing is not None]
        removed = [key for key, thing in changes.items() if thing is None]
        self._file.execute("BEGIN")
        self._file.executemany("DELETE FROM objects WHERE kind = ? AND id = ?", removed)
        self._file.executemany(
            "INSERT INTO objects (kind, id, body) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            written,
        )
        self._file.execute("COMMIT")

    def put(self, kind: str, thing: Json) -> Json:
        """Keep a new or changed object; written when the transaction ends."""
        self._tables.setdefault(kind, {})[thing["id"]] = thing
        self._dirty[kind, thing["id"]] = thing
        return thing

    def get(self, kind: str, id: str) -> Json | None:
        return self._tables.get(kind, {}).get(id)

    def remove(self, kind: str, id: str) -> None:
        if self._tables.get(kind, {}).pop(id, None) is not None:
            self._dirty[kind, id] = None

    def every(self, kind: str) -> list[Json]:
        """All of a kind, oldest first."""
        return list(self._tables.get(kind, {}).values())

    def newest(self, kind: str) -> Iterator[Json]:
        """All of a kind, newest first, without a copy."""
        return reversed(self._tables.get(kind, {}).values())

    def clear(self, *, keep: tuple[str, ...] = ()) -> None:
        """Forget everything but the kinds in `keep`."""
        with self.lock:
            for kind in [kind for kind in self._tables if kind not in keep]:
                self._tables[kind].clear()
                self._file.execute("DELETE FROM objects WHERE kind = ?", (kind,))
            self._dirty.clear()

    def close(self) -> None:
        """The end of the process: the lock is kept, so that no thread writes any more."""
        self.lock.acquire()
        self._file.close()
