"""However slow the machine: the batch after the one that is sent is read by then, so that two connections take turns."""

from typing import Any

import pytest

from catalog.importing.tandem import Tandem


def read_before_written(monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over = Tandem.hand_over

    def wait_and_hand_over(self: Tandem, following: Any) -> None:
        if following is not None:
            following.result()
        hand_over(self, following)

    monkeypatch.setattr(Tandem, "hand_over", wait_and_hand_over)
