"""A lock that is not in docs/locks.md, or stands there without its code, fails here."""

from tests.locks.found import find_locks
from tests.locks.table import OF_ITS_OWN, PAGE, PROOFS, folder, known_locks, write_page

# Taken by a statement without a locking word: an upsert that holds its row until the paper is written.
IMPLICIT = {"checkout/invoices/numbering.py: take_number"}


def test_every_lock_of_the_code_stands_in_the_table() -> None:
    new = sorted(set(find_locks()) - known_locks())
    assert new == [], "give each of these a proof in tests/locks, then run python -m tests.locks"


def test_the_table_names_no_lock_that_is_gone() -> None:
    assert sorted(known_locks() - set(find_locks()) - IMPLICIT) == []


def test_the_page_is_what_the_proofs_say() -> None:
    assert PAGE.read_text() == write_page(), "run python -m tests.locks"


def test_each_lock_is_proven_once() -> None:
    locks = [*(proof.lock for proof in PROOFS), *OF_ITS_OWN]
    assert sorted(locks) == sorted(set(locks))
    assert all((folder() / file).is_file() for _, file in OF_ITS_OWN.values())
