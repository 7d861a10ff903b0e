"""The attributes products are filtered and compared by: their type, their name for shoppers, their unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class AttributeText:
    """`kind` is one of Oscar's attribute types; `is_facet` says whether shoppers filter by it."""

    label: str
    kind: Literal["text", "integer", "float", "boolean"]
    unit: str = ""
    is_facet: bool = False


ATTRIBUTES: dict[str, AttributeText] = {
    "colour": AttributeText("Colour", "text", is_facet=True),
    "material": AttributeText("Material", "text", is_facet=True),
    "wood": AttributeText("Wood", "text", is_facet=True),
    "frame": AttributeText("Frame", "text", is_facet=True),
    "origin": AttributeText("Made in", "text", is_facet=True),
    "height_cm": AttributeText("Height", "float", unit="cm"),
    "diameter_cm": AttributeText("Diameter", "float", unit="cm"),
    "length_cm": AttributeText("Length", "float", unit="cm"),
    "size_cm": AttributeText("Size", "text", unit="cm"),
    "capacity_ml": AttributeText("Capacity", "integer", unit="ml"),
    "bulb": AttributeText("Bulb", "text", is_facet=True),
    "wattage_max": AttributeText("Bulb up to", "integer", unit="W"),
    "dimmable": AttributeText("Dimmable", "boolean", is_facet=True),
    "wax": AttributeText("Wax", "text"),
    "scent": AttributeText("Scent", "text", is_facet=True),
    "burn_hours": AttributeText("Burns for", "integer", unit="hours"),
    "dishwasher_safe": AttributeText("Dishwasher safe", "boolean", is_facet=True),
    "microwave_safe": AttributeText("Microwave safe", "boolean", is_facet=True),
    "watertight": AttributeText("Watertight", "boolean"),
    "tea_type": AttributeText("Tea", "text", is_facet=True),
    "caffeine": AttributeText("Caffeine", "text", is_facet=True),
    "brew_minutes": AttributeText("Brew for", "float", unit="minutes"),
    "organic": AttributeText("Organic", "boolean", is_facet=True),
    "machine_washable": AttributeText("Machine washable", "boolean", is_facet=True),
    "pages": AttributeText("Pages", "integer"),
    "pieces": AttributeText("Pieces", "integer"),
    "format": AttributeText("Format", "text", is_facet=True),
    "ruling": AttributeText("Ruling", "text", is_facet=True),
    "paper": AttributeText("Paper", "text"),
    "motif": AttributeText("Motif", "text", is_facet=True),
    "framed": AttributeText("Framed", "boolean"),
    "use": AttributeText("For", "text", is_facet=True),
    "drainage": AttributeText("Drainage hole", "boolean", is_facet=True),
    "handmade": AttributeText("Handmade", "boolean"),
    "silent": AttributeText("Silent", "boolean"),
    "battery": AttributeText("Battery", "text"),
    "assembly": AttributeText("Assembly", "text"),
}
