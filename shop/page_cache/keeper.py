"""Keeps pages and answers true: hears of every change before one is given out, and takes in only what nothing has overtaken."""

import threading
import time
from collections.abc import Hashable, Mapping

from shop.page_cache.changes import START, News, ask_news
from shop.page_cache.moments import ALWAYS, NEVER, next_moments
from shop.page_cache.shelf import KEPT_FOR, Kept, Shelf


class Keeper:
    """One for each process, shared by its threads.

    `seen`: all changes that this snapshot sees have been applied to the shelf. `epoch` counts the times that anything was
    forgotten: a page that was begun in an earlier one is not taken in.
    """

    def __init__(self, *, most_bytes: int) -> None:
        self.shelf = Shelf(most_bytes=most_bytes)
        self.lock = threading.Lock()
        self.seen, self.home, self.epoch = START, "", 0
        self.moments: Mapping[str, str] = {}
        self.moment = NEVER
        self.heard_at = time.monotonic()

    def hear(self) -> int:
        """Forget what changed before now; returns the epoch. Raises what the database raises, the shelf then empty."""
        seen, moment = self.seen, self.moment
        try:
            news = ask_news(seen=seen, moment=moment)
            is_quiet = not news.relations and not news.is_due and news.home == self.home
            if is_quiet and time.monotonic() - self.heard_at < KEPT_FOR:
                with self.lock:
                    if self.seen == seen:
                        self.seen, self.heard_at = news.snapshot, time.monotonic()
                    return self.epoch
            moments = next_moments()
        except Exception:
            self.forget_everything()
            raise
        with self.lock:
            self._apply(news, moments, asked=seen)
            return self.epoch

    def find(self, key: Hashable) -> Kept | None:
        with self.lock:
            return self.shelf.find(key)

    def has(self, key: Hashable) -> bool:
        """A hint that asks nobody and may be wrong a moment later."""
        return key in self.shelf.things

    def put(self, key: Hashable, kept: Kept, *, epoch: int) -> None:
        """Take in a page that was begun in that epoch, unless something was forgotten since."""
        with self.lock:
            if epoch == self.epoch:
                self.shelf.put(key, kept)

    def forget_everything(self) -> None:
        with self.lock:
            self.shelf.clear()
            self.seen, self.home, self.moments, self.moment = START, "", {}, NEVER
            self.epoch += 1

    def _apply(self, news: News, moments: Mapping[str, str], *, asked: str) -> None:
        passed = {table for table, moment in self.moments.items() if moments.get(table) != moment}
        if news.home != self.home or ALWAYS in passed or time.monotonic() - self.heard_at >= KEPT_FOR:
            self.shelf.clear()
        else:
            self.shelf.forget(news.relations | passed)
        self.epoch += 1
        # Otherwise another thread was quicker: what it heard stands, and what came since will be heard again.
        if self.seen == asked:
            self.seen, self.home, self.heard_at = news.snapshot, news.home, time.monotonic()
            self.moments = moments
            self.moment = next(iter(moments.values()), NEVER)
