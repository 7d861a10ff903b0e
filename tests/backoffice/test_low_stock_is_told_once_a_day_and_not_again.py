"""One digest a day per person of a role; nothing is told twice until its state changes; the closest rule counts."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from oscar.apps.partner.models import StockRecord

from checkout.orders.records import Mail
from inventory.ledger import Entry, count_stock
from inventory.low_stock.judging import low_levels
from inventory.models import LowStockNote, LowStockRule, StockLevel
from shop.backoffice.stock_digest import write_stock_digest
from shop.outbox.models import OutboxEvent
from tests.backoffice.desk import make_staff, staff_client
from tests.inventory.shelf import make_location, make_stock_record, run_at_once, stock
from tests.inventory.test_purchase_orders_are_received_once_and_cost_to_the_cent import make_purchase

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN08")]
RULES = "/admin/inventory/lowstockrule/"


def morning(day: int, hour: int = 8) -> datetime:
    today = timezone.localtime().replace(hour=hour, minute=5, second=0, microsecond=0)
    return today + timedelta(days=day)


def lamp_with(units: int, sku: str = "LAMP") -> StockRecord:
    return stock(make_stock_record(sku, title="Brass lamp"), units)


def count(record: StockRecord, units: int, key: str) -> None:
    count_stock(Entry(stock_record_id=record.pk, actor_name="Ann", idempotency_key=key), quantity=units)


def told(day: int) -> list[str]:
    """Subjects of the mails that this morning wrote."""
    known = set(Mail.objects.values_list("pk", flat=True))
    write_stock_digest(morning(day))
    return list(Mail.objects.exclude(pk__in=known).order_by("pk").values_list("subject", flat=True))


def test_one_mail_a_day_and_no_repeat_until_the_state_changes() -> None:
    make_staff("warehouse")
    make_staff("support")
    lamp = lamp_with(2)
    assert told(0) == ["Stock: 1 low"]
    mail = Mail.objects.get()
    assert (mail.to, mail.kind) == ("warehouse@shop.example", "stock_digest")
    assert "2 left: Brass lamp (LAMP, Main warehouse), low at 3; nothing ordered" in mail.text
    assert OutboxEvent.objects.filter(name="mail.queued").count() == 1, "through the outbox"
    vase = lamp_with(1, "VASE")
    assert told(0) == [], "one a day"
    assert told(1) == ["Stock: 1 low"], "only what is new"
    text = Mail.objects.latest("pk").text
    assert "VASE" in text
    assert "LAMP" not in text
    assert "1 more were low before" in text
    assert told(2) == []
    count(lamp, 0, "sold")
    assert told(3) == ["Stock: 1 sold out"], "a change of state"
    count(lamp, 9, "came")
    assert told(4) == []
    assert LowStockNote.objects.get().level.stock_record == vase
    count(lamp, 3, "went")
    assert told(5) == ["Stock: 1 low"], "low once more"


def test_every_person_of_a_role_hears_once_and_nobody_before_seven() -> None:
    lamp_with(1)
    assert write_stock_digest(morning(0)) == 0, "nobody to tell, so nothing counts as told"
    both = make_staff("warehouse")
    both.groups.add(make_staff("manager").groups.get())
    assert write_stock_digest(morning(0, hour=6)) == 0
    assert write_stock_digest(morning(0)) == 2
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["manager@shop.example", "warehouse@shop.example"]


def test_what_is_on_order_is_said_beside_it() -> None:
    make_staff("warehouse")
    order = make_purchase(("LAMP", 20, "4.00"), expected_on=morning(9).date())
    stock(order.lines.get().stock_record, 1)
    told(0)
    assert f"20 expected on {morning(9).date():%-d} " in Mail.objects.get().text
    assert order.number in Mail.objects.get().text


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_digest() -> None:
    make_staff("warehouse")
    lamp_with(1)
    assert sorted(run_at_once([lambda: write_stock_digest(morning(0))] * 3)) == [0, 0, 1]


def is_low(record: StockRecord) -> set[str]:
    levels = low_levels(StockLevel.objects.filter(stock_record=record))
    return set(levels.values_list("location__code", flat=True))


def test_the_closest_rule_counts() -> None:
    make_location("main", priority=1)
    east = make_location("east", priority=2)
    lamp, vase = (stock(stock(make_stock_record(), 5, "main"), 5, "east") for _ in range(2))
    assert is_low(lamp) == set(), "three, when nobody said otherwise"
    LowStockRule.objects.create(threshold=5)
    assert is_low(lamp) == is_low(vase) == {"main", "east"}
    LowStockRule.objects.create(location=east, threshold=1)
    assert is_low(lamp) == is_low(vase) == {"main"}
    LowStockRule.objects.create(product=lamp.product, threshold=4)
    assert (is_low(lamp), is_low(vase)) == (set(), {"main"})
    LowStockRule.objects.create(product=lamp.product, location=east, threshold=7)
    assert is_low(lamp) == {"east"}


def test_a_rule_of_a_product_holds_for_its_variants_unless_one_has_its_own() -> None:
    lamp, parent = lamp_with(5), make_stock_record("PARENT").product
    product = lamp.product
    type(product).objects.filter(pk=product.pk).update(parent=parent, structure="child", product_class=None)
    LowStockRule.objects.create(product=parent, threshold=9)
    assert is_low(lamp) == {"main"}
    LowStockRule.objects.create(product=product, threshold=1)
    assert is_low(lamp) == set()


def test_rules_are_kept_at_the_desk() -> None:
    lamp = lamp_with(5)
    client = staff_client("warehouse")
    assert client.post(f"{RULES}add/", {"sku": "LAMP", "location": "", "threshold": "6"}).status_code == 302
    rule = LowStockRule.objects.get()
    assert (rule.product_id, rule.location_id, rule.threshold) == (lamp.product_id, None, 6)
    page = client.post(f"{RULES}add/", {"sku": "LAMP", "location": "", "threshold": "7"}).text
    assert "There is a rule for this product and location" in page
    assert "No product has the SKU" in client.post(f"{RULES}add/", {"sku": "NONE", "threshold": "7"}).text
    assert "greater than or equal to 0" in client.post(f"{RULES}add/", {"sku": "", "threshold": "-1"}).text
    assert "LAMP" in client.get(f"{RULES}{rule.pk}/change/").text
    assert "every location" in client.get(RULES).text
    gone = client.post(RULES, {"action": "remove", "_selected_action": [rule.pk]}, follow=True).text
    assert "1 removed. The next closest rule holds" in gone
