"""Carry units between locations: drafted, sent, received in one or several deliveries, differences explained.

From the moment they are sent until they are received, units are on neither shelf: nobody can sell or count them.
Locks: the transfer's row first, then all its stock records.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models.functions import Now

from catalog.kits.records import Kit
from inventory.ledger import (
    Entry,
    StockRefused,
    correct_stock,
    put_on_shelf,
    take_off_shelf,
    write_off_on_the_way,
)
from inventory.locations import find_location
from inventory.locking import lock_stock_records
from inventory.models import StockMovement, Transfer, TransferLine

State = Transfer.State
MOST_LINES = 500


class TransferRefused(StockRefused):
    """The transfer cannot do this now; nothing was written. The message is for the person at the desk."""


@transaction.atomic
def draft_transfer(
    *, origin_code: str, destination_code: str, quantities: Mapping[int, int], note: str, actor_name: str, key: str
) -> Transfer:
    """Write down what shall be carried (units by stock record id); nothing moves yet. The same key answers the first.

    Raises TransferRefused and UnknownLocation.
    """
    known = Transfer.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    origin, destination = find_location(origin_code), find_location(destination_code)
    if origin == destination:
        raise TransferRefused("A transfer needs two different locations.")
    if not 0 < len(quantities) <= MOST_LINES or any(units <= 0 for units in quantities.values()):
        raise TransferRefused(f"Name 1 to {MOST_LINES} SKUs, each with at least one unit.")
    if Kit.objects.filter(pk__in=quantities).exists():
        raise TransferRefused("One of these is a kit: it has no units of its own. Carry its parts.")
    transfer = Transfer.objects.create(
        origin=origin, destination=destination, note=note[:250], created_by=actor_name, idempotency_key=key
    )
    TransferLine.objects.bulk_create(
        TransferLine(transfer=transfer, stock_record_id=pk, quantity=units) for pk, units in sorted(quantities.items())
    )
    return transfer


@transaction.atomic
def send_transfer(transfer_id: int, *, actor_name: str) -> Transfer:
    """Take the units off the origin's shelf. Sent before: unchanged. Raises StockRefused when too few are free."""
    transfer = _lock(transfer_id)
    if transfer.state == State.IN_TRANSIT:
        return transfer
    if transfer.state != State.DRAFTED:
        raise TransferRefused(f"{transfer} is {transfer.get_state_display().lower()}; it cannot be sent.")
    lines = _lock_lines(transfer)
    for line in lines:
        take_off_shelf(_entry(transfer, line, transfer.origin.code, actor_name, key="out"), quantity=line.quantity)
    Transfer.objects.filter(pk=transfer.pk).update(state=State.IN_TRANSIT, sent_at=Now())
    transfer.refresh_from_db()
    return transfer


@transaction.atomic
def receive_transfer(
    transfer_id: int, *, arrived: Mapping[int, int], reason: str, actor_name: str, key: str
) -> Transfer:
    """Put what arrived (units by transfer line id) on the destination's shelf; the rest stays in transit.

    More than was sent is put on the shelf too, and needs a reason. `key` names the delivery: the same one again changes
    nothing. The transfer closes with its last unit. Raises TransferRefused.
    """
    transfer = _lock(transfer_id)
    lines = {line.pk: line for line in _lock_lines(transfer)}
    if _is_known(transfer, key):
        return transfer
    if transfer.state != State.IN_TRANSIT:
        raise TransferRefused(f"{transfer} is {transfer.get_state_display().lower()}; nothing of it is on the way.")
    if set(arrived) - lines.keys() or any(units < 0 for units in arrived.values()) or not any(arrived.values()):
        raise TransferRefused("Say of at least one line of this transfer how many units arrived.")
    for pk, units in arrived.items():
        line, expected = lines[pk], min(units, lines[pk].in_transit)
        entry = _entry(transfer, line, transfer.destination.code, actor_name, key=f"in:{key}")
        if expected:
            put_on_shelf(entry, quantity=expected)
            line.received += expected
        if units > expected:
            _put_surplus(transfer, line, units - expected, reason=reason, actor_name=actor_name, key=key)
        line.save(update_fields=["received", "surplus", "reason"])
    if not any(line.in_transit for line in lines.values()):
        _close(transfer)
    transfer.refresh_from_db()
    return transfer


@transaction.atomic
def close_transfer(transfer_id: int, *, reason: str, actor_name: str) -> Transfer:
    """Nothing more will come: what is still in transit is missing, and written off with a reason. Raises TransferRefused."""
    transfer = _lock(transfer_id)
    if transfer.state == State.CLOSED:
        return transfer
    if transfer.state != State.IN_TRANSIT:
        raise TransferRefused(f"{transfer} is {transfer.get_state_display().lower()}; nothing of it is on the way.")
    if not reason.strip():
        raise TransferRefused("Say why the units did not arrive.")
    for line in _lock_lines(transfer):
        if units := line.in_transit:
            origin = transfer.origin.code
            entry = _entry(transfer, line, origin, actor_name, key="missing", reason=reason.strip())
            write_off_on_the_way(entry, quantity=units)
            line.missing, line.reason = units, reason.strip()[:250]
            line.save(update_fields=["missing", "reason"])
    _close(transfer)
    transfer.refresh_from_db()
    return transfer


@transaction.atomic
def cancel_transfer(transfer_id: int) -> Transfer:
    """Give up a transfer that was not sent. Raises TransferRefused."""
    transfer = _lock(transfer_id)
    if transfer.state not in (State.DRAFTED, State.CANCELLED):
        raise TransferRefused(
            f"{transfer} is {transfer.get_state_display().lower()}; only what was not sent is given up."
        )
    Transfer.objects.filter(pk=transfer.pk).update(state=State.CANCELLED, closed_at=Now())
    transfer.refresh_from_db()
    return transfer


def _lock(transfer_id: int) -> Transfer:
    found = Transfer.objects.select_for_update(of=("self",)).select_related("origin", "destination")
    transfer = found.filter(pk=transfer_id).first()
    if transfer is None:
        raise TransferRefused(f"There is no transfer {transfer_id}.")
    return transfer


def _lock_lines(transfer: Transfer) -> list[TransferLine]:
    lines = list(transfer.lines.order_by("pk"))
    lock_stock_records(line.stock_record_id for line in lines)
    return lines


def _is_known(transfer: Transfer, key: str) -> bool:
    return StockMovement.objects.filter(
        reference=f"transfer:{transfer.pk}", idempotency_key__endswith=f":in:{key}"
    ).exists()


def _put_surplus(transfer: Transfer, line: TransferLine, units: int, *, reason: str, actor_name: str, key: str) -> None:
    if not reason.strip():
        raise TransferRefused("More arrived than was sent: say why, or correct the figure.")
    entry = _entry(transfer, line, transfer.destination.code, actor_name, key=f"surplus:{key}", reason=reason.strip())
    correct_stock(entry, quantity_delta=units)
    line.surplus += units
    line.reason = reason.strip()[:250]


def _close(transfer: Transfer) -> None:
    Transfer.objects.filter(pk=transfer.pk).update(state=State.CLOSED, closed_at=Now())


def _entry(
    transfer: Transfer, line: TransferLine, location_code: str, actor_name: str, *, key: str, reason: str = ""
) -> Entry:
    return Entry(
        stock_record_id=line.stock_record_id,
        location_code=location_code,
        actor_name=actor_name,
        reason=(reason or transfer.note or f"From {transfer.origin} to {transfer.destination}")[:200],
        reference=f"transfer:{transfer.pk}",
        idempotency_key=f"transfer:{transfer.pk}:{line.pk}:{key}",
    )
