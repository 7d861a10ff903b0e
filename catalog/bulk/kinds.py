"""What every kind of bulk change can do: plan rows, tell what is so now, and write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class BulkRefused(ValueError):
    """The choices make no change that could be shown; the message is the sentence to show."""


@dataclass(slots=True, kw_only=True)
class PlannedRow:
    """`before` and `after` are plain values (JSON). A row with a `refusal` is shown and not applied."""

    subject_id: int
    label: str
    before: Any
    after: Any
    notes: list[str] = field(default_factory=list)
    refusal: str = ""


class BulkKind(Protocol):
    """`name` is stored with the edit; `permission` is what its writer needs."""

    name: str
    title: str
    permission: str

    def plan(self, product_ids: Sequence[int], choices: Mapping[str, Any]) -> list[PlannedRow]:
        """Rows that would change, and those that a rule keeps out. Raises BulkRefused."""

    def read(self, subject_ids: Sequence[int]) -> dict[int, Any]:
        """What is so now, in the form of `before` and `after`, locked until the transaction ends."""

    def write(self, values: Mapping[int, Any], *, actor_name: str, reason: str) -> None:
        """Set each subject to its value, with history and search documents."""

    def say(self, value: Any) -> str:
        """A value as the preview shows it."""
