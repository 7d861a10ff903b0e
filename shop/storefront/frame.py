"""What every page's frame shows: the shop's name and the top categories."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame_context(request: HttpRequest) -> dict[str, Any]:
    return {"shop_name": settings.SHOP_NAME, "currency": settings.SHOP_CURRENCY}
