"""What must hold between shipments and allocations."""

from shop.doctor.checks import Check, register_check

SHIPPED_WITHIN_ALLOCATED = Check(
    id="I5.2",
    name="Parcels hold what was allocated: dispatched units equal the allocation's, open units do not exceed the rest",
    sql="""
        SELECT allocation.id AS allocation, allocation.claim, allocation.quantity, allocation.dispatched,
               coalesce(sum(line.quantity) FILTER (WHERE shipment.state = 'dispatched'), 0) AS in_dispatched_parcels,
               coalesce(sum(line.quantity) FILTER (WHERE shipment.state = 'open'), 0) AS in_open_parcels
        FROM inventory_allocation allocation
        LEFT JOIN fulfilment_shipmentline line ON line.allocation_id = allocation.id
        LEFT JOIN fulfilment_shipment shipment ON shipment.id = line.shipment_id
        GROUP BY allocation.id
        HAVING coalesce(sum(line.quantity) FILTER (WHERE shipment.state = 'dispatched'), 0) <> allocation.dispatched
            OR coalesce(sum(line.quantity) FILTER (WHERE shipment.state = 'open'), 0)
               > allocation.quantity - allocation.dispatched - allocation.cancelled
    """,
    repair="Compare the parcel with the carrier's list and post a count for the stock record; cancel the surplus shipment.",
)

DISPATCHED_IN_LEDGER = Check(
    id="I1.9",
    name="Every dispatched unit stands in the stock ledger",
    sql="""
        SELECT shipment.id AS shipment, shipment.number, line.id AS line, line.quantity
        FROM fulfilment_shipmentline line
        JOIN fulfilment_shipment shipment ON shipment.id = line.shipment_id AND shipment.state = 'dispatched'
        LEFT JOIN inventory_stockmovement movement
            ON movement.idempotency_key = 'shipment:' || shipment.id || ':line:' || line.id
        WHERE movement.id IS NULL OR movement.quantity_delta <> -line.quantity
    """,
    repair="Post a correction for the missing movement with the shipment as its reference.",
)

STOPPED_PARCELS_STAY = Check(
    id="I5.3",
    name="No parcel is open of an order whose parcels are stopped",
    sql="""
        SELECT shipment.id AS shipment, shipment.number, stop.reason
        FROM fulfilment_shipment shipment JOIN fulfilment_parcelstop stop ON stop.order_id = shipment.order_id
        WHERE shipment.state = 'open'
    """,
    repair="Do not send it; look at the order's timeline, and cancel the parcel or take the doubt away.",
)


def register() -> None:
    register_check(SHIPPED_WITHIN_ALLOCATED)
    register_check(DISPATCHED_IN_LEDGER)
    register_check(STOPPED_PARCELS_STAY)
