"""Units are promised while what is carried beside the books is worked out again: the sums of both are in what stays."""

import pytest
from django.db import transaction
from oscar.apps.partner.models import StockRecord

from inventory.allocation import LineDemand, allocate
from inventory.models import StockLevel
from inventory.recounting import recount_stock
from tests.inventory.shelf import stocked
from tests.inventory.test_the_doctor_finds_damaged_stock import damage
from tests.inventory.test_the_lock_is_what_stops_overselling import Competitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IN07")]


@pytest.mark.parametrize(
    "broken",
    ["UPDATE inventory_stocklevel SET allocated = 1", "UPDATE partner_stockrecord SET num_allocated = 9"],
    ids=["level", "total"],
)
def test_what_was_promised_meanwhile_is_counted_too(broken: str) -> None:
    record = stocked(10)
    allocate(claim="order:1", lines=[LineDemand("line:1", record.pk, 2)])
    damage(broken)
    recount = Competitor(lambda: recount_stock(writes=True, actor_name="tests"))
    with transaction.atomic():
        allocate(claim="order:2", lines=[LineDemand("line:2", record.pk, 3)])
        assert recount.run_until_done_or_blocked() == "blocked"
    assert [one.refused for one in recount.finish()] == [""]
    assert recount_stock(writes=False, actor_name="tests") == []
    assert StockLevel.objects.get().allocated == 5
    assert StockRecord.objects.get().num_allocated == 5
