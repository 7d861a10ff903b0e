"""A generated catalogue is the same for the same seed, satisfies the doctor, and is found by the shop's own search."""

import random

import pytest

from catalog.models import SearchDocument
from catalog.search.query import Query, find_products
from shop.doctor.checks import run_checks
from tests.bench.catalogue import build_catalogue, lay_ground, write_chunk

pytestmark = pytest.mark.django_db


def test_the_same_seed_writes_the_same_rows() -> None:
    ground = lay_ground()
    first, second, other = (
        write_chunk(50, dice=random.Random(seed), ground=ground, number=1, record=1)[0].lines for seed in (7, 7, 8)
    )
    assert first == second
    assert first != other


def test_a_generated_catalogue_is_listed_found_and_free_of_contradictions() -> None:
    ids = build_catalogue(products=120, seed=3)
    ids += build_catalogue(products=30, seed=4)
    assert len(set(ids)) == 150
    assert sorted(SearchDocument.objects.values_list("pk", flat=True)) == sorted(ids)
    found = find_products(Query(text="lamp", facets={"colour": ("Sage", "Clay", "Ink", "Sand")}))
    assert found.total > 0
    assert {"brand", "colour", "material", "style", "room", "height"} <= {group.code for group in found.facet_groups}
    assert [outcome.check.name for outcome in run_checks() if outcome.violations] == []
