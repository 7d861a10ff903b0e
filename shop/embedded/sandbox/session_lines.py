"""The line items of a Checkout Session, each with a price made on the spot (`price_data`)."""

from typing import Any

from shop.embedded.sandbox.errors import invalid_parameter, missing_resource, not_modelled
from shop.embedded.sandbox.params import (
    Params,
    Reader,
    currency,
    decimal,
    integer,
    metadata,
    one_of,
    read,
    table,
    text,
    texts,
)
from shop.embedded.sandbox.shapes.checkout import shape_line_item
from shop.embedded.sandbox.store import Json

MOST_LINES = 100
LINE: dict[str, Reader] = {"price_data": table, "quantity": integer, "price": text, "metadata": metadata}
PRICE: dict[str, Reader] = {
    "currency": currency,
    "product": text,
    "product_data": table,
    "tax_behavior": one_of("exclusive", "inclusive", "unspecified"),
    "unit_amount": integer,
    "unit_amount_decimal": decimal,
}
PRODUCT: dict[str, Reader] = {
    "name": text,
    "description": text,
    "images": texts,
    "metadata": metadata,
    "tax_code": text,
    "unit_label": text,
}


def read_lines(given: Any, *, created: int) -> list[Json]:
    """Typed line items in one currency; sums in minor units."""
    if not isinstance(given, list) or not given:
        raise invalid_parameter("Invalid array: line_items must hold at least one line.", param="line_items")
    if len(given) > MOST_LINES:
        raise invalid_parameter(f"A Checkout Session takes at most {MOST_LINES} line items.", param="line_items")
    lines = [_read_line(line, name=f"line_items[{n}]", created=created) for n, line in enumerate(given)]
    if len({line["currency"] for line in lines}) > 1:
        raise invalid_parameter("All line items must have the same currency.", param="line_items")
    return lines


def _read_line(given: Any, *, name: str, created: int) -> Json:
    values = read(table(given, name), LINE)
    if values.get("price"):
        raise missing_resource(noun="price", id=values["price"], param=f"{name}[price]", status=400)
    price = read(values.get("price_data", {}), PRICE, required=("currency",))
    if price.get("product"):
        raise missing_resource(noun="product", id=price["product"], param=f"{name}[price_data][product]", status=400)
    product = read(price.get("product_data", {}), PRODUCT, required=("name",))
    quantity = values.get("quantity")
    if quantity is None or quantity < 1 or quantity > 999_999:
        raise invalid_parameter("Quantity is required: an integer from 1 to 999999.", param=f"{name}[quantity]")
    line = shape_line_item(
        name=product["name"],
        description=product.get("description"),
        images=product.get("images", []),
        quantity=quantity,
        unit_amount=_read_unit_amount(price, name=name),
        currency=price["currency"],
        created=created,
    )
    line["metadata"] = {key: value for key, value in values.get("metadata", {}).items() if value}
    return line


def _read_unit_amount(price: Params, *, name: str) -> int:
    amount = price.get("unit_amount")
    if amount is None and "unit_amount_decimal" in price:
        exact = price["unit_amount_decimal"]
        if exact != int(exact):
            raise not_modelled("fractions of a minor unit.", param=f"{name}[price_data][unit_amount_decimal]")
        amount = int(exact)
    if amount is None or amount < 0:
        raise invalid_parameter(
            "This value must be greater than or equal to 0.", param=f"{name}[price_data][unit_amount]"
        )
    return int(amount)
