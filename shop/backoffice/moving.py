"""What the desks that move stock share: the right, the locations to choose from, SKUs as they are typed."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from oscar.apps.partner.models import StockRecord

from inventory.models import Location
from shop.backoffice.refusal import Refused

MOVE = "backoffice.move_stock"


class MovesStock:
    """For desks with acts that are for who may move stock (`permissions=["move"]`)."""

    def has_move_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MOVE)


def location_choices() -> list[tuple[str, str]]:
    return list(Location.objects.filter(is_active=True).values_list("code", "name"))


def find_stock_records(skus: Collection[str]) -> dict[str, int]:
    """Their ids by SKU. Raises Refused, naming up to five that do not exist."""
    known = dict(StockRecord.objects.filter(partner_sku__in=skus).values_list("partner_sku", "pk"))
    if unknown := [sku for sku in skus if sku not in known]:
        raise Refused(f"There is no SKU {', '.join(unknown[:5])}. Copy them from the stock levels.")
    return known
