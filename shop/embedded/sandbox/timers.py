"""Things that happen later by themselves: expiries, settlements, payouts. They survive a restart."""

import heapq

from shop.embedded.sandbox.store import Json, Store, make_id


class Timers:
    """A heap over the stored timers; `due` is the sandbox clock in seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heap: list[tuple[float, str]] = []
        self.reload()

    def reload(self) -> None:
        self._heap = [(timer["due"], timer["id"]) for timer in self._store.every("timer")]
        heapq.heapify(self._heap)

    def set(self, *, due: float, action: str, target: str) -> None:
        """Call the action named in `later.ACTIONS` with that object's id once the clock has reached `due`."""
        timer = self._store.put("timer", {"id": make_id("tim_"), "due": due, "action": action, "target": target})
        heapq.heappush(self._heap, (due, timer["id"]))

    def take_due(self, now: float) -> list[Json]:
        """Remove and return what is due, earliest first. Inside a transaction."""
        taken: list[Json] = []
        while self._heap and self._heap[0][0] <= now:
            _, id = heapq.heappop(self._heap)
            timer = self._store.get("timer", id)
            if timer is not None:
                self._store.remove("timer", id)
                taken.append(timer)
        return taken
