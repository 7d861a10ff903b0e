"""Two people who give two products one address at once take turns; without turns both would have it.

Who renames is told who has the address, who makes a product gets the next one. So do two people who make one variant.
"""

import itertools

import pytest
from oscar.apps.catalogue.models import Product

from catalog.addresses.renaming import AddressRefused, rename_product
from catalog.matrix import making
from catalog.matrix.choices import Choice, MatrixRefused
from catalog.matrix.making import InCommon, NewVariant
from shop.backoffice.product_writing import create_product
from tests.locks.race import Proof, Race
from tests.shopfloor import make_product, make_variants

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


def two_new_products_of_one_title() -> Race:
    title = f"Lock address {next(_serial)}"
    data = {"title": title, "product_class": make_product().product_class, "choices": []}
    return Race(
        first=lambda: create_product(data, actor=None),
        rival=lambda: create_product(data, actor=None),
        is_broken=lambda first, second: first.slug == second.slug,
    )


def two_people_at_one_matrix() -> Race:
    """The second is told that the combination is there, instead of meeting the database's refusal."""
    parent, children = make_variants(f"Lock matrix {next(_serial)}")
    sku = f"LOCK-{parent.pk}"

    def make_green() -> list[int]:
        choice = Choice(name="Colour", values=(*children, "green"))
        new = [NewVariant(values=("green",), sku=sku)]
        return making.make_variants(parent.pk, [choice], new, common=InCommon(actor_name="tests", reason="A test."))

    return Race(
        first=make_green,
        rival=make_green,
        is_broken=lambda first, second: (
            Product.objects.filter(parent=parent).count() != 3 or not isinstance(second, MatrixRefused)
        ),
    )


LOCK = "catalog/importing/runs.py: lock_writing"
PROOF = Proof(LOCK, "no two products get the same address", two_products_for_one_address)
OF_NEW_ONES = Proof(LOCK, PROOF.protects, two_new_products_of_one_title)
OF_VARIANTS = Proof(LOCK, "no combination is made twice", two_people_at_one_matrix)


@pytest.mark.parametrize("proof", [PROOF, OF_NEW_ONES, OF_VARIANTS], ids=lambda proof: proof.name)
def test_the_second_gets_another_address_or_is_told(proof: Proof) -> None:
    assert proof.run(is_locked=True) == ""


@pytest.mark.parametrize("proof", [PROOF, OF_NEW_ONES, OF_VARIANTS], ids=lambda proof: proof.name)
def test_without_turns_both_would_have_it(proof: Proof) -> None:
    assert proof.run(is_locked=False) != ""
