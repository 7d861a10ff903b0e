"""What every step of writing a plan has to know beside the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from catalog.importing.bulk import AtOnce, Bulk
from catalog.importing.vocabulary import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """`partner_id` is the house's. `places` are ids of locations by code, as far as they are known. New rows go to `bulk`,
    and say that they were made at `begun_at`.
    """

    run_id: int
    vocabulary: Words
    partner_id: int
    actor_name: str
    places: Mapping[str, int] = field(default_factory=dict)
    bulk: Bulk = field(default_factory=AtOnce)
    begun_at: datetime = field(default_factory=timezone.now)

    @property
    def reason(self) -> str:
        """What histories say."""
        return f"import {self.run_id}"

    @property
    def reference(self) -> str:
        """What the stock ledger says."""
        return f"import:{self.run_id}"
