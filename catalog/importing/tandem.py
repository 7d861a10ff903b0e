"""Two connections that write in turns: while one commits a batch, the other sends the next one.

A commit checks every foreign key of the batch, and takes a quarter of the server's time; on a second core it is free. The
protocol, for batch N on one connection and N+1 on the other:

1. N begins: `share_writing`. Once nobody else writes, its transaction holds the writing lock, shared.
2. N is sent, to its last statement. Nothing that it may still wait for is held by anybody who waits for it.
3. N+1's transaction begins on the other connection and joins N's lock, at once or not at all. It is refused as soon as
   anybody waits for the lock: then N is committed alone, the lock is free, and N+1 queues behind those who wait.
4. N's commit begins, in a thread. N+1 is sent meanwhile, if it has nothing in common with N, whose rows it cannot see.
5. Only when N is known to be committed does N+1 write the run's cursor; then 3 again with N+2.

So the lock is held by one transaction or handed on between two that both hold it: from the first check to the last commit
nobody else writes, and whoever waits, waits for one batch, as ever. All locks end with their transactions. What is left:

| the process dies, or a connection is lost | N | N+1 |
| --- | --- | --- |
| before N's commit was sent | gone | gone |
| while N is being committed | as the server has it, cursor and rows alike | gone: nobody commits it |
| N is committed, N+1 is sent or waits | there | gone |
| N's commit is refused | written anew, alone | taken back, then written anew, alone |

Whoever takes the run up waits for the lock before it reads the cursor (`runs.hold_run`): a commit may outlive its process.
"""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from catalog.importing.runs import join_writing, share_writing


@dataclass(frozen=True, slots=True)
class _Commit:
    connection: BaseDatabaseWrapper
    turn: transaction.Atomic
    done: "Future[None]"


class Tandem:
    """For the thread that makes it: in a turn, `django.db.connection` is whichever of the two has the turn."""

    def __init__(self) -> None:
        self._own: BaseDatabaseWrapper = connections[DEFAULT_DB_ALIAS]
        self._second: BaseDatabaseWrapper | None = None
        self._turn: transaction.Atomic | None = None
        self._commit: _Commit | None = None
        self._clerk = ThreadPoolExecutor(max_workers=1)
        self.is_possible = not self._own.in_atomic_block
        """Not within somebody's transaction, and not once a second connection was refused."""

    @property
    def is_whole(self) -> bool:
        """Whether the connections answer; asked between transactions."""
        return self._own.is_usable() and (self._second is None or self._second.is_usable())

    @property
    def is_committing(self) -> bool:
        return self._commit is not None

    def open_turn(self) -> None:
        """The transaction that joined already, or one of its own when everybody else has written."""
        if self._turn is None:
            self._turn = _begin()
            share_writing()

    def drop_turn(self) -> None:
        """Roll back what the open transaction wrote, if there is one."""
        turn, self._turn = self._turn, None
        try:
            if turn is not None:
                _roll_back(turn)
        finally:
            self._come_home()

    def hand_over(self, following: "Future[Any] | None") -> None:
        """Commit the open transaction: aside, if `following` is awaited and can join; else here and now.

        Nothing is held open longer than the commit takes when `following` is not there by then. Raises DatabaseError.
        """
        assert self._turn is not None
        mine, turn = connections[DEFAULT_DB_ALIAS], self._turn
        joined = None if following is None else self._join()
        self._turn = joined
        if following is None or joined is None:
            try:
                turn.__exit__(None, None, None)
            finally:
                self._come_home()
            return
        self._commit = _Commit(mine, turn, self._clerk.submit(_commit, mine))
        wait((following, self._commit.done), return_when=FIRST_COMPLETED)
        if not following.done():
            self.drop_turn()

    def finish_commit(self) -> None:
        """Until what was handed over is committed, if anything was. Raises DatabaseError when it was refused."""
        if self._commit is None:
            return
        commit, self._commit = self._commit, None
        current = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = commit.connection
        try:
            commit.done.result()
        except BaseException:
            _roll_back(commit.turn)
            raise
        else:
            commit.turn.__exit__(None, None, None)
        finally:
            connections[DEFAULT_DB_ALIAS] = current
            self._come_home()

    def close(self) -> None:
        """What was handed over is committed or refused; nothing else is left, whatever happened."""
        try:
            self.drop_turn()
            with suppress(DatabaseError):
                self.finish_commit()
        finally:
            connections[DEFAULT_DB_ALIAS] = self._own
            self._clerk.shutdown()
            if self._second is not None:
                self._second.close()

    def _join(self) -> transaction.Atomic | None:
        """The next turn, on the other connection, which is the thread's from now on."""
        if self._second is None:
            self._second = self._own.copy()
        mine = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = self._second if mine is self._own else self._own
        joined = None
        try:
            turn = _begin()
            try:
                joined = turn if join_writing() else None
            finally:
                if joined is None:
                    _roll_back(turn)
        except DatabaseError:  # No second connection is to be had.
            self.is_possible = False
        finally:
            if joined is None:
                connections[DEFAULT_DB_ALIAS] = mine
        return joined

    def _come_home(self) -> None:
        if self._turn is None and self._commit is None:
            connections[DEFAULT_DB_ALIAS] = self._own


def _begin() -> transaction.Atomic:
    turn = transaction.atomic()
    turn.__enter__()
    return turn


def _roll_back(turn: transaction.Atomic) -> None:
    """Of the connection that has the turn."""
    transaction.set_rollback(True)
    turn.__exit__(None, None, None)


def _commit(database: BaseDatabaseWrapper) -> None:
    """In the clerk's thread; what Django does after a commit is done by the thread that waits for it."""
    with database.wrap_database_errors:
        database.connection.commit()
