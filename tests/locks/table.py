"""The table of all locks: which one, what it protects, which test shows that by taking it away."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.locks import (
    proofs_of_desks,
    proofs_of_downloads,
    proofs_of_giving_back,
    proofs_of_money,
    proofs_of_moving,
    proofs_of_people,
    proofs_of_search,
    proofs_of_stock,
    proofs_of_the_catalogue,
)
from tests.locks.found import ROOT
from tests.locks.proofs_of_keys import KEYS
from tests.locks.race import Proof

PAGE: Final = ROOT / "docs" / "locks.md"
PROOFS: Final[tuple[Proof, ...]] = (
    *proofs_of_money.PROOFS,
    *proofs_of_giving_back.PROOFS,
    *proofs_of_downloads.PROOFS,
    *proofs_of_moving.PROOFS,
    *proofs_of_stock.PROOFS,
    *proofs_of_people.PROOFS,
    *proofs_of_the_catalogue.PROOFS,
    *proofs_of_search.PROOFS,
    *proofs_of_desks.PROOFS,
)
# Proven by a test of its own, because what it guards is no row.
OF_ITS_OWN: Final[Mapping[str, tuple[str, str]]] = {
    "catalog/importing/runs.py: _SHARE_WRITING": (
        "an import that writes by two connections begins when nobody else writes",
        "test_two_connections_of_an_import_let_nobody_between_them.py",
    ),
    "catalog/importing/runs.py: join_writing": (
        "nobody writes between two batches of which one is committed while the other is sent",
        "test_two_connections_of_an_import_let_nobody_between_them.py",
    ),
    "checkout/payments/turns.py: _turns": (
        "a provider that hangs does not take every thread of a web worker",
        "test_turns_at_the_provider_are_missed_when_they_are_gone.py",
    ),
    "checkout/tax/reverse_charge.py: _turns": (
        "a register of VAT ids that hangs does not take every thread of a web worker",
        "test_turns_at_the_register_are_missed_when_they_are_gone.py",
    ),
}

_HEAD: Final = """# Locks

Every lock that the code takes in the database (and the turns at the payment provider), found by reading the code; a test
fails when one is missing here. A proof runs a rival exactly between another's check and its write: with the lock, the
rival waits (or is turned away) and the books are right; with the lock's words cut out of the SQL, the same run ends
wrong, or the database refuses it. So a proof goes red when its lock is taken away.

Written by `python -m tests.locks`; run by `pytest tests/locks`.

| lock | protects | the run that ends wrong without it |
| --- | --- | --- |
"""

_KEYS_HEAD: Final = """## Unique keys

Behind the locks stand unique keys. For each of these a race is run with the key and with the key dropped.

| key | protects | the run that ends wrong without it |
| --- | --- | --- |
"""


def write_page() -> str:
    rows = [(proof.lock, proof.protects, proof.name.replace("_", " ")) for proof in PROOFS]
    rows += [(lock, protects, f"`tests/locks/{file}`") for lock, (protects, file) in OF_ITS_OWN.items()]
    lines = [f"| `{lock}` | {protects} | {run} |" for lock, protects, run in sorted(rows)]
    keys = [f"| `{one.lock}` | {one.protects} | {one.name.replace('_', ' ')} |" for one in KEYS]
    return _HEAD + "\n".join(lines) + "\n\n" + _KEYS_HEAD + "\n".join(keys) + "\n"


def known_locks() -> set[str]:
    return {proof.lock for proof in PROOFS} | set(OF_ITS_OWN)


def folder() -> Path:
    return Path(__file__).parent
