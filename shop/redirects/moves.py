"""Write redirects so that each answer is one step: chains are flattened as they arise, loops are refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import connection, transaction

from shop.redirects.models import Redirect
from shop.redirects.paths import clean_path, clean_target, same_page

_LOCK: Final = 7_239_001


class RedirectLoop(ValueError):
    """Following the redirects would come back to where it began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Both in their clean form: `old` by `clean_path`, `new` by `clean_target`."""

    old: str
    new: str


@dataclass(slots=True, kw_only=True)
class Moved:
    """`replaced` maps addresses to where they led before, `refused` to the sentence to show, `targets` to where they lead."""

    created: list[str] = field(default_factory=list)
    replaced: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)


def record_move(*, old_path: str, new_path: str, reason: str) -> None:
    """A page of this shop got another address: `new_path` is live, so that a redirect away from it ends.

    A→B then B→C leaves A→C and B→C; moving back to A frees A. Raises UnusablePath.
    """
    move = Move(old=clean_path(old_path), new=clean_target(new_path))
    with transaction.atomic():
        _lock_table()
        Redirect.objects.filter(from_path=same_page(move.new)).delete()
        if move.old == same_page(move.new):
            return
        _write([move], reason=reason, writes=True)


def add_redirects(moves: Sequence[Move], *, reason: str, writes: bool = True) -> Moved:
    """Redirects from a file or by staff; the last of several for one address counts.

    A loop is refused by name and nothing else. With `writes` False the answer is the same and nothing is written.
    """
    with transaction.atomic():
        _lock_table()
        return _write(moves, reason=reason, writes=writes)


def remove_redirects(from_paths: Iterable[str]) -> int:
    """Number of redirects that ended; the paths are in the form of `clean_path`."""
    return Redirect.objects.filter(from_path__in=list(from_paths)).delete()[0]


def _write(moves: Sequence[Move], *, reason: str, writes: bool) -> Moved:
    asked = {move.old: move.new for move in moves}
    known = _read_around(asked, locks=writes)
    answer, after = Moved(), dict(known)
    for old, new in asked.items():
        after[old] = new
        try:
            _follow(after, start=old)
        except RedirectLoop as error:
            answer.refused[old] = str(error)
            del after[old]
            if old in known:
                after[old] = known[old]
    flat = {old: _follow(after, start=old) for old in after}
    for old in asked.keys() - answer.refused.keys():
        answer.targets[old] = flat[old]
        if known.get(old) == flat[old]:
            answer.unchanged.append(old)
        elif old in known:
            answer.replaced[old] = known[old]
        else:
            answer.created.append(old)
    if writes:
        changed = [old for old in sorted(flat) if known.get(old) != flat[old]]
        _save([old for old in changed if old in asked], flat, reason=reason, fields=["to_path", "reason"])
        _save([old for old in changed if old not in asked], flat, reason=reason, fields=["to_path"])
    return answer


def _save(paths: Sequence[str], targets: Mapping[str, str], *, reason: str, fields: Sequence[str]) -> None:
    Redirect.objects.bulk_create(
        [Redirect(from_path=path, to_path=targets[path], reason=reason[:80]) for path in paths],
        update_conflicts=True,
        unique_fields=["from_path"],
        update_fields=fields,
        batch_size=5_000,
    )


def _follow(moves: Mapping[str, str], *, start: str) -> str:
    """The last target. Raises RedirectLoop."""
    seen, target = [start], moves[start]
    while True:
        step = same_page(target)
        if step in seen:
            shown = " → ".join([*seen[:4], step])
            raise RedirectLoop(
                f"{start} would lead back to itself ({shown}). Leave one of these redirects out."
                if len(seen) > 1
                else f"{start} would lead to itself. Give the address that the page has now."
            )
        if step not in moves:
            return target
        seen.append(step)
        target = moves[step]


def _read_around(asked: Mapping[str, str], *, locks: bool) -> dict[str, str]:
    """The stored redirects that these touch: same start, start where these end, or end where these start."""
    ends = {same_page(new) for new in asked.values()}
    starts = [path for old in asked for path in (old, f"{old}/")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT from_path, to_path FROM {Redirect._meta.db_table}"
            " WHERE from_path = ANY(%s) OR to_path = ANY(%s)" + (" FOR UPDATE" if locks else ""),
            [[*asked, *ends], starts],
        )
        return dict(cursor.fetchall())


def _lock_table() -> None:
    """One writer at a time, so that two cannot close a loop together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
