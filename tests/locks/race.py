"""Runs a rival exactly between another's check and its write: with the lock in place, and with the lock taken away.

The lock is taken away by cutting its words out of the SQL, for the statements that the named function sends, itself or
through others; everything else of the code runs as it is.
"""

import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection

FIRST_WRITE = r"INSERT|UPDATE|DELETE"
_ROW_LOCK = re.compile(r'\s+FOR (NO KEY )?UPDATE( OF [\w".]+(, [\w".]+)*)?( SKIP LOCKED| NOWAIT)?', re.I)
_ADVISORY_LOCK = re.compile(r"pg_(try_)?advisory_(xact_)?lock\s*\((?:[^()]|\([^()]*\))*\)", re.I)


@dataclass(frozen=True, kw_only=True)
class Race:
    """`first` is interrupted just before its first statement that begins with `before`, once it has taken the lock.

    `is_broken` gets what `first` and `rival` answered, or the exceptions that they raised. An error of the database
    instead of an answer is broken too.
    """

    first: Callable[[], Any]
    rival: Callable[[], Any]
    is_broken: Callable[[Any, Any], bool]
    before: str = FIRST_WRITE
    is_rivals: bool = False
    """The lock in question stands in what the rival does; `first` holds another one that it has to meet."""
    waits: bool = True
    """Whether the lock makes the rival wait; else it passes by (SKIP LOCKED, a refusal)."""


@dataclass(frozen=True)
class Proof:
    lock: str
    protects: str
    arrange: Callable[[], Race]
    without: Callable[[], AbstractContextManager[Any]] | None = None
    """How the lock is taken away when it is no words of an SQL statement."""

    @property
    def name(self) -> str:
        return self.arrange.__name__

    def run(self, *, is_locked: bool) -> str:
        """ "" when everything is right, else what is broken."""
        race = self.arrange()
        path, _, function = self.lock.partition(": ")
        is_sql = self.without is None
        place = _Place(path, function.rsplit(".", 1)[-1], is_cut=is_sql and not is_locked)
        place.has_locked = race.is_rivals or not is_sql
        with nullcontext() if is_locked or self.without is None else self.without():
            met, answers = _run(race, place)
        if is_locked and race.waits:
            assert met == "blocked", f"the rival was not held back: it {met}, answers {answers}"
        broken = [answer for answer in answers if isinstance(answer, DatabaseError | psycopg.Error)]
        if broken:
            return f"{type(broken[0]).__name__}: {broken[0]}"
        return f"the rival {met}; answers {answers}" if race.is_broken(*answers) else ""


@dataclass
class _Place:
    """Where in the code the lock stands; and whether its words are cut out."""

    path: str
    function: str
    is_cut: bool
    has_locked: bool = False

    def handles(self, sql: str) -> bool:
        return (_ROW_LOCK.search(sql) or _ADVISORY_LOCK.search(sql)) is not None and self._is_sender()

    def _is_sender(self) -> bool:
        frame: Any = sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            if code.co_filename.endswith(f"/{self.path}") and self.function in (code.co_name, self._constant(code)):
                return True
            frame = frame.f_back
        return False

    def _constant(self, code: Any) -> str:
        """SQL in a constant is sent by whichever function of the file reads it."""
        return self.function if self.function in code.co_names else ""

    def cut(self, sql: str) -> str:
        return _ADVISORY_LOCK.sub("true", _ROW_LOCK.sub("", sql)) if self.is_cut else sql


class _Rival:
    """On a connection of its own."""

    def __init__(self, act: Callable[[], Any], place: _Place) -> None:
        self._act, self._place = act, place
        self._thread = threading.Thread(target=self._run)
        self._known = threading.Event()
        self._pid = 0
        self.answer: Any = None

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self._pid = cursor.fetchone()[0]
            self._known.set()
            with connection.execute_wrapper(self._send):
                self.answer = self._act()
        except Exception as problem:
            self.answer = problem
        finally:
            self._known.set()
            connection.close()

    def _send(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        return execute(*_without_lock(self._place, sql, params), many, context)

    def run_until_done_or_blocked(self) -> str:
        self._thread.start()
        assert self._known.wait(timeout=20)
        with psycopg.connect(
            os.environ["DATABASE_URL"], dbname=settings.DATABASES["default"]["NAME"], autocommit=True
        ) as watcher:
            for _ in range(2000):
                if not self._thread.is_alive():
                    return "was done"
                waits = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
                if watcher.execute(waits, [self._pid]).fetchone():
                    return "blocked"
                time.sleep(0.005)
        raise AssertionError("the rival neither finished nor waited for a lock")

    def finish(self) -> Any:
        self._thread.join(timeout=30)
        assert not self._thread.is_alive(), "the rival never got an answer"
        return self.answer


def _without_lock(place: _Place, sql: str, params: Any) -> tuple[str, Any]:
    if not place.is_cut or not place.handles(sql):
        return sql, params
    cut = place.cut(sql)
    lost = sql.count("%s") - cut.count("%s")
    return cut, list(params)[lost:] if lost else params


def _run(race: Race, place: _Place) -> tuple[str, tuple[Any, Any]]:
    rival = _Rival(race.rival, place)
    met: list[str] = []

    def send(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if place.has_locked and not met and re.match(race.before, sql.strip(), re.I):
            met.append(rival.run_until_done_or_blocked())
        is_lock = place.handles(sql)
        answer = execute(*_without_lock(place, sql, params), many, context)
        place.has_locked = place.has_locked or is_lock
        return answer

    with connection.execute_wrapper(send):
        try:
            first = race.first()
        except Exception as problem:
            first = problem
    assert met, (
        f"{place.path}: {place.function} never locked, or never wrote what was waited for; it answered {first!r}"
    )
    return met[0], (first, rival.finish())


@dataclass
class Proofs:
    """A list that is filled by its decorator."""

    all: list[Proof] = field(default_factory=list)

    def __call__(
        self, lock: str, *, protects: str, without: Callable[[], AbstractContextManager[Any]] | None = None
    ) -> Callable[[Callable[[], Race]], Callable[[], Race]]:
        def add(arrange: Callable[[], Race]) -> Callable[[], Race]:
            self.all.append(Proof(lock, protects, arrange, without))
            return arrange

        return add

    def __iter__(self) -> Iterator[Proof]:
        return iter(self.all)


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Another function in place of the locking one, for all threads."""
    kept = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, kept)
