"""A competing match is run exactly between the check and the write of another: with the lock, and without it."""

from typing import Any

import pytest
from django.db import IntegrityError

from checkout.models import StatementEntry, TransferMatch
from checkout.payments.transfer import matching
from checkout.payments.transfer.matching import CannotMatch, match_entry
from tests.checkout.transfer.bank import arrive, transfer_order
from tests.inventory.test_the_lock_is_what_stops_overselling import Competitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("PA11")]


def race(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], Competitor, Any]:
    one, two = transfer_order(), transfer_order()
    (entry,) = arrive(("24.90", "no words"), name="Grace")
    rival = Competitor(lambda: match_entry(entry.pk, two.pk, how="hand"))
    seen: list[str] = []
    check = matching._check_fitting

    def interrupted(*args: Any) -> Any:
        found = check(*args)
        if not seen:
            seen.append("")
            seen[0] = rival.run_until_done_or_blocked()
        return found

    monkeypatch.setattr(matching, "_check_fitting", interrupted)
    return seen, rival, lambda: match_entry(entry.pk, one.pk, how="hand")


def test_the_second_match_waits_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, rival, act = race(monkeypatch)
    act()
    assert seen == ["blocked"]
    assert isinstance(rival.finish(), CannotMatch)
    assert TransferMatch.objects.count() == 1


def test_without_the_lock_the_database_itself_refuses_the_second_match(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, rival, act = race(monkeypatch)
    monkeypatch.setattr(matching, "_lock_entry", lambda pk: StatementEntry.objects.get(pk=pk))
    with pytest.raises(IntegrityError, match="checkout_entry_pays_one_order"):
        act()
    assert seen == ["done"]
    rival.finish()
    assert TransferMatch.objects.count() == 1
