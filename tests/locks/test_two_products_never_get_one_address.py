"""Two people who rename two products at once: the second is told who has the address; without turns both would have it."""

import itertools

import pytest
from oscar.apps.catalogue.models import Product

from catalog.addresses.renaming import AddressRefused, rename_product
from tests.locks.race import Proof, Race
from tests.shopfloor import make_product

pytestmark = pytest.mark.usefixtures("committed")
_serial = itertools.count(1)


def two_products_for_one_address() -> Race:
    one, other, wanted = make_product(), make_product(), f"lock-address-{next(_serial)}"
    return Race(
        first=lambda: rename_product(one.pk, slug=wanted),
        rival=lambda: rename_product(other.pk, slug=wanted),
        is_broken=lambda first, second: (
            Product.objects.filter(slug=wanted).count() != 1 or not isinstance(second, AddressRefused)
        ),
    )


PROOF = Proof(
    "catalog/importing/runs.py: lock_writing",
    "no two products get the same address",
    two_products_for_one_address,
)


def test_the_second_is_told_who_has_the_address() -> None:
    assert PROOF.run(is_locked=True) == ""


def test_without_turns_both_would_have_it() -> None:
    assert PROOF.run(is_locked=False) != ""
