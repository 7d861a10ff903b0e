"""What one unit weighs, for any query that has a stock record as `record` and its price detail as `detail`."""

from typing import Final

UNIT_WEIGHT: Final = """COALESCE(detail.weight_kg, (
    SELECT sum(inside.weight_kg * part.quantity) FROM catalog_kitpart part
    JOIN catalog_pricedetail inside ON inside.stock_record_id = part.component_id
    WHERE part.kit_id = record.id))"""
"""In kg. A kit that has no weight of its own weighs what its parts weigh."""
