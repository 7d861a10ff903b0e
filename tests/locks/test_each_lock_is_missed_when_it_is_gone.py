"""One race for each lock, run twice: with the lock it ends right, without it wrong."""

import pytest

from tests.locks.race import Proof
from tests.locks.table import PROOFS

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.name)
def test_it_ends_right_with_the_lock_and_wrong_without(proof: Proof) -> None:
    assert proof.run(is_locked=True) == ""
    assert proof.run(is_locked=False) != "", "nothing broke: the lock is not needed here, or this race proves nothing"
