"""An import whose new products are committed by one connection while another one sends the next (`tandem`)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError

from catalog.importing.column_names import spell_refusals
from catalog.importing.import_work import ImportWork
from catalog.importing.known_rows import SettledBatch
from catalog.importing.plan import Plan
from catalog.importing.rows import ProductRow
from catalog.importing.settled import Settled
from catalog.importing.tandem import Tandem
from catalog.importing.vocabulary import house_partner_id


@dataclass(frozen=True, slots=True)
class _Sent:
    """Committed, perhaps; written anew if it was refused."""

    batch: SettledBatch
    plan: Plan
    names: frozenset[tuple[str, str]]


class TandemWork(ImportWork):
    """Only batches that were drafted go this way: nothing of them has to be made first, and nothing names what another
    batch may make. Everything else is written alone, once all that was sent is committed.
    """

    _tandem: Tandem
    _sent: _Sent | None = None

    @contextmanager
    def in_tandem(self) -> Iterator[None]:
        """Whatever happens in it, no transaction is left open at its end."""
        self._tandem = Tandem()
        try:
            yield
        finally:
            self._tandem.close()

    def apply(self, batch: SettledBatch) -> None:
        names = _list_names(batch.items)
        if not (self._tandem.is_possible and batch.is_drafted and self._is_apart(names)):
            self._retreat()
            super().apply(batch)
            return
        self._take_in_hand(batch)
        if not self._apply_aside(batch, names=names):
            self._retreat()
            super().apply(SettledBatch(batch.items, batch.sources))

    def catch_up(self) -> bool:
        """Until what was sent is committed and counted. False: it was refused, and is written anew."""
        if self._sent is None:
            return True
        sent, self._sent = self._sent, None
        try:
            self._tandem.finish_commit()
        except DatabaseError as error:
            self._tandem.drop_turn()
            self._stop_if_lost(error)
            self._start_anew()
            self._take_in_hand(SettledBatch(sent.batch.items, sent.batch.sources))
            self._apply_settled(sent.batch.items)
            return False
        self._settle(sent.batch.items, sent.plan)
        return True

    def _apply_aside(self, batch: SettledBatch, *, names: frozenset[tuple[str, str]]) -> bool:
        """False when it has to be written another way; nothing of it is written then."""
        try:
            self._tandem.open_turn()
            foreseen = self._take_foreseen(batch.items, partner_id=house_partner_id())
            if foreseen is None or foreseen.drafted is None:
                return False
            plan = spell_refusals(self._send(foreseen.plan, foreseen.drafted), self._spell)
            if not self.catch_up():
                return False
            self._advance(batch.items, plan)
            self._tandem.hand_over(batch.following)
        except DatabaseError as error:
            self._retreat()
            self._stop_if_lost(error)
            self._start_anew()
            return False
        self._sent = _Sent(batch, plan, names)
        if not self._tandem.is_committing:
            self.catch_up()
        return True

    def _retreat(self) -> None:
        """To one connection, on which everything that was sent is committed."""
        self._tandem.drop_turn()
        self.catch_up()

    def _is_lost(self) -> bool:
        return not self._tandem.is_whole

    def _is_apart(self, names: frozenset[tuple[str, str]]) -> bool:
        """Whether a connection that does not see what was sent meets nothing of it."""
        return bool(names) and (self._sent is None or names.isdisjoint(self._sent.names))


def _list_names(items: Sequence[Settled]) -> frozenset[tuple[str, str]]:
    """What no two new products may share; nothing when a row says more than a draft holds."""
    names: set[tuple[str, str]] = set()
    for row in items:
        if isinstance(row, ProductRow):
            if row.old_path:
                return frozenset()
            names.update((("handle", row.handle), ("sku", row.sku)))
            if isinstance(row.gtin, str):
                names.add(("gtin", row.gtin))
    return frozenset(names)
