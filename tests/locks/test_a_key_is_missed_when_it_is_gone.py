"""One race for each unique key that guards money, stock or a job done once: right with the key, wrong without it.

Three of them run always; the rest with the long runs.
"""

import pytest

from tests.locks.proofs_of_keys import KEYS
from tests.locks.race import Proof

pytestmark = pytest.mark.usefixtures("committed")
ALWAYS = 3


def check(proof: Proof) -> None:
    assert proof.run(is_locked=True) == ""
    assert proof.run(is_locked=False) != "", "nothing broke: the key is not needed here, or this race proves nothing"


@pytest.mark.parametrize("proof", KEYS[:ALWAYS], ids=lambda proof: proof.name)
def test_it_ends_right_with_the_key_and_wrong_without(proof: Proof) -> None:
    check(proof)


@pytest.mark.long
@pytest.mark.parametrize("proof", KEYS[ALWAYS:], ids=lambda proof: proof.name)
def test_so_it_does_for_every_other_key(proof: Proof) -> None:
    check(proof)
