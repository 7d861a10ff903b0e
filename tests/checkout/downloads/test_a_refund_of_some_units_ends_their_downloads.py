"""A line that is paid back can no longer be downloaded; of a line in part, its share; the rest of the order stays."""

import pytest
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Order

from checkout.downloads.granting import deliver_downloads
from checkout.downloads.records import Entitlement
from checkout.payments.records import Refund
from checkout.refunds.asking import approve_refund
from shop.audit.models import AuditEntry
from tests.checkout.downloads.conftest import draft_of
from tests.checkout.refunds.refunding import ask, clerk, paid_by_hand
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product

pytestmark = pytest.mark.django_db


def bought(pattern: Product, units: int) -> tuple[Order, Entitlement]:
    """Patterns, and a vase beside them."""
    order = make_paid_order(draft=draft_of((pattern, units), make_product("Vase", price="50.00")))
    paid_by_hand(order)
    deliver_downloads(order.pk)
    return order, Entitlement.objects.get(order=order)


def test_a_line_that_is_paid_back_is_no_longer_downloaded(pattern: Product) -> None:
    order, right = bought(pattern, 1)
    ask(order, goodwill=1, key="a")
    right.refresh_from_db()
    assert right.revoked_at is None
    ask(order, units={right.line_id: 1}, reason="Not what she wanted.", key="b")
    ask(order, units={right.line_id: 1}, key="b")
    right.refresh_from_db()
    assert right.revoked_at is not None
    assert right.revoked_reason == "Its money goes back: Not what she wanted."
    assert order.events.filter(message__contains="can no longer be downloaded").count() == 1
    assert AuditEntry.objects.filter(action="revoke download", subject_id=str(right.pk)).count() == 1
    assert Refund.objects.count() == 2


def test_other_lines_keep_theirs(pattern: Product) -> None:
    order, right = bought(pattern, 1)
    vase = order.lines.exclude(pk=right.line_id).get()
    ask(order, units={vase.pk: 1})
    right.refresh_from_db()
    assert right.revoked_at is None


def test_of_three_units_each_takes_its_share_along(pattern: Product) -> None:
    order, right = bought(pattern, 3)
    each = right.downloads // 3
    Entitlement.objects.update(used=2 * each)
    for units, allowed in ((1, 2 * each), (1, 2 * each)):
        ask(order, units={right.line_id: units}, key=f"{units}{Entitlement.objects.get().downloads}")
        right.refresh_from_db()
        assert (right.allowed, right.revoked_at) == (allowed, None), "never below what was used"
    assert right.downloads == each
    ask(order, units={right.line_id: 1}, key="last")
    right.refresh_from_db()
    assert right.revoked_at is not None


def test_a_refund_that_waits_for_a_second_person_ends_nothing_yet(pattern: Product) -> None:
    order, right = bought(pattern, 1)
    request = ask(order, units={right.line_id: 1}, limit="1.00")
    right.refresh_from_db()
    assert (request.state, right.revoked_at) == ("waiting", None)
    approve_refund(request.pk, actor=clerk("boss@shop.example", "owner"))
    right.refresh_from_db()
    assert right.revoked_at is not None
