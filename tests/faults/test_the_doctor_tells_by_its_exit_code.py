"""`manage.py doctor` on the live shop: 0 and silence when all is well, 1 and the row when it is not."""

import json

import psycopg
import pytest

from tests.faults.books import assert_all_is_well
from tests.live.running_shop import RunningShop

pytestmark = pytest.mark.live


def test_the_doctor_of_a_well_shop_ends_with_zero(shop: RunningShop) -> None:
    assert_all_is_well(shop)
    result = shop.manage("doctor", "--json", check=False)
    report = json.loads(result.stdout)
    assert result.returncode == 0
    assert report["ok"] is True
    families = {check["id"].split(".")[0] for check in report["checks"]}
    assert {"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12"} <= families


def test_the_doctor_of_a_damaged_shop_ends_with_one_and_names_the_row(shop: RunningShop) -> None:
    """Damage that somebody does past the shop; put back afterwards."""
    sql = (
        "UPDATE partner_stockrecord SET num_in_stock = num_in_stock + %s WHERE partner_sku = 'QUIET-VASE' RETURNING id"
    )
    with psycopg.connect(shop.services["DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(sql, (5,)).fetchone()
        try:
            result = shop.manage("doctor", "--json", check=False)
            words = shop.manage("doctor", check=False)
        finally:
            connection.execute(sql, (-5,))
    assert row is not None
    assert (result.returncode, words.returncode) == (1, 1)
    report = json.loads(result.stdout)
    assert report["ok"] is False
    broken = [check for check in report["checks"] if check["violations"]]
    assert {check["id"].split(".")[0] for check in broken} == {"I1", "I2"}
    assert all(check["repair"] for check in broken)
    assert str(row[0]) in json.dumps(broken[0]["examples"])
    assert "broken" in words.stdout
    assert shop.broken_invariants() == []
