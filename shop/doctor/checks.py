"""The register of invariants. Rooms add theirs in AppConfig.ready(); the doctor asks them all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant. `sql` answers one row per violation (expected: none); columns become the example's keys.

    `repair` is a sentence that proposes the compensating act; the doctor itself never edits. `entry` words that act for
    one row, with the row's columns in braces.
    """

    id: str
    name: str
    sql: str
    repair: str
    params: Mapping[str, Any] = field(default_factory=dict)
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    check: Check
    violations: int
    examples: list[dict[str, Any]]


_checks: dict[str, Check] = {}


def register_check(check: Check) -> None:
    _checks[f"{check.id} {check.name}"] = check


def registered_checks() -> list[Check]:
    return sorted(_checks.values(), key=lambda check: (int(check.id[1:].split(".")[0]), check.id, check.name))


def run_check(check: Check, *, examples: int = 5) -> Finding:
    """Ask one question; at most `examples` rows are kept, all are counted."""
    with connection.cursor() as cursor:
        cursor.execute(check.sql, check.params or None)
        columns = [column.name for column in cursor.description or ()]
        kept: list[dict[str, Any]] = []
        count = 0
        while rows := cursor.fetchmany(1000):
            for row in rows:
                count += 1
                if len(kept) < examples:
                    kept.append(_read_example(check, dict(zip(columns, row, strict=True))))
    return Finding(check=check, violations=count, examples=kept)


def _read_example(check: Check, row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "entry": check.entry.format(**row)} if check.entry else row


def run_checks(*, examples: int = 5) -> list[Finding]:
    return [run_check(check, examples=examples) for check in registered_checks()]
