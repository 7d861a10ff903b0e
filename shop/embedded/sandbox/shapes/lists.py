"""Shapes that appear inside others."""

from shop.embedded.sandbox.store import Json


def blank_address() -> Json:
    return {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def blank_billing_details() -> Json:
    return {"address": blank_address(), "email": None, "name": None, "phone": None, "tax_id": None}


def shape_list(data: list[Json], *, url: str, has_more: bool = False) -> Json:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
