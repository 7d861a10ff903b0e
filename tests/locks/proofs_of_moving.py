"""Locks of transfers between locations and of counts."""

import itertools
from typing import Any

from inventory import counting
from inventory.counting import Counted, cancel_sheet, count_lines, finish_counting, open_sheet
from inventory.models import CountSheet
from inventory.transfers import cancel_transfer, draft_transfer, send_transfer
from tests.locks.race import Proofs, Race
from tests.shopfloor import make_location, make_product, record_of

PROOFS = Proofs()
_serial = itertools.count(1)


@PROOFS("inventory/transfers.py: _lock", protects="a transfer is sent or given up, not both")
def a_transfer_is_given_up_while_it_is_sent() -> Race:
    record = record_of(make_product(stock=5))
    make_location("lock east", country="DE")
    transfer = draft_transfer(
        origin_code="main",
        destination_code="lock east",
        quantities={record.pk: 2},
        note="",
        actor_name="Ann",
        key=f"lock:{next(_serial)}",
    )
    return Race(
        first=lambda: send_transfer(transfer.pk, actor_name="Ann"),
        rival=lambda: cancel_transfer(transfer.pk),
        is_broken=lambda *answers: not any(isinstance(answer, Exception) for answer in answers),
    )


def _counted_sheet() -> CountSheet:
    """One line, of which three of five units were found."""
    record = record_of(make_product(stock=5))
    sheet = open_sheet(
        location_code="main",
        name="A shelf",
        stock_record_ids=[record.pk],
        actor_name="Ann",
        key=f"lock:{next(_serial)}",
    )
    count_lines(sheet.pk, [Counted(line_id=sheet.lines.get().pk, units=3)], actor_name="Ann")
    return sheet


@PROOFS("inventory/counting.py: _lock_sheet", protects="a count that was thrown away does not come back")
def a_count_is_thrown_away_while_it_is_finished() -> Race:
    sheet = _counted_sheet()
    return Race(
        first=lambda: finish_counting(sheet.pk),
        rival=lambda: cancel_sheet(sheet.pk),
        is_broken=lambda *_: CountSheet.objects.get(pk=sheet.pk).state != CountSheet.State.CANCELLED,
    )


@PROOFS("inventory/counting.py: _lock_line", protects="the difference of a count is posted once")
def two_postings_of_one_line() -> Race:
    sheet = _counted_sheet()
    finish_counting(sheet.pk)
    line_id = sheet.lines.get().pk

    def post() -> Any:
        return counting._post_line(line_id, reason="Two are gone.", actor_name="Ann")

    return Race(first=post, rival=post, is_broken=lambda *answers: answers not in ((1, 0), (0, 1)))
