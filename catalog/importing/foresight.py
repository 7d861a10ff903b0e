"""Plans made ahead of their turn: of products that the shop does not know, which the rows alone decide.

While the database is busy with one batch, the thread that reads the next one plans it and writes its rows out (`draft`).
That thread reads no table, and takes ids from sequences alone. Whether the shop still knows none of it, and all that was taken for granted still
holds, is asked when the batch is written, under the lock of whoever writes; otherwise it is planned anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import DatabaseError, connection
from django.utils import timezone

from catalog.importing.bulk import NotForeseen
from catalog.importing.draft import Draft, IdShares
from catalog.importing.merge_product import MergeContext
from catalog.importing.new_sources import choose_told, describe_products, list_surroundings
from catalog.importing.plan import Plan, make_plan
from catalog.importing.ports import StockCountRefused
from catalog.importing.rows import ProductRow
from catalog.importing.snapshot import Snapshot
from catalog.importing.vocabulary import Vocabulary
from catalog.importing.write_plan import keep_images
from catalog.importing.write_products import write_products
from catalog.importing.write_stock_records import write_stock_records
from catalog.importing.writing import Writing
from catalog.pricing.change import PriceRefused
from catalog.search.new_documents import NewDocuments, add_documents, write_out_documents
from catalog.search.surroundings import Surroundings, read_surroundings

_KNOWS_HANDLE = "SELECT EXISTS (SELECT 1 FROM catalogue_product WHERE slug = ANY(%s) AND parent_id IS NULL)"
_KNOWS = """
SELECT EXISTS (SELECT 1 FROM catalogue_product WHERE slug = ANY(%s) AND parent_id IS NULL)
    OR EXISTS (SELECT 1 FROM partner_stockrecord WHERE partner_sku = ANY(%s) AND partner_id = %s)
    OR EXISTS (SELECT 1 FROM catalogue_product WHERE upc = ANY(%s))
"""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The rows of a plan and its search documents, made with what these words and surroundings said."""

    rows: Draft
    documents: NewDocuments
    vocabulary: Vocabulary
    writing: Writing
    surroundings: Surroundings


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`drafted` is None when something of the plan has to be looked up or made first."""

    plan: Plan
    drafted: Drafted | None = None


class Foresight:
    """Of one import: what its batches have learnt, so that the next one can be drafted."""

    def __init__(self) -> None:
        self.ids = IdShares()
        self._vocabulary: Vocabulary | None = None
        self._writing: Writing | None = None
        self._surroundings = Surroundings()

    def learn(self, writing: Writing, *, vocabulary: Vocabulary, surroundings: Surroundings) -> None:
        """From a batch, in its transaction."""
        self._writing, self._vocabulary = writing, vocabulary
        self._surroundings = self._surroundings.with_all_of(surroundings)

    def forget(self) -> None:
        """After a transaction was rolled back: ids may be of rows that are gone."""
        self._writing, self._vocabulary = None, None

    def foresee(
        self, rows: Sequence[ProductRow], *, context: MergeContext, places: Mapping[str, int]
    ) -> Foreseen | None:
        """None when the rows name what would have to be looked up (pictures, parts, files), or leave their handle to the
        shop.
        """
        for row in rows:
            if not row.handle or row.images or row.gallery or row.facts or row.components is not None:
                return None
        if not rows:
            return None
        plan = make_plan(rows, snapshot=Snapshot(), context=context)
        try:
            return Foreseen(plan, self._draft(plan, places=places))
        except DatabaseError:  # No second connection is to be had: the writer's own does it.
            connection.close()
        except (NotForeseen, PriceRefused, StockCountRefused):
            pass
        _forget_ids(plan)
        return Foreseen(plan)

    def send(self, drafted: Drafted, *, plan: Plan) -> None:
        """In the caller's transaction."""
        drafted.rows.send()
        taken, documents = drafted.surroundings, drafted.documents
        found = read_surroundings(attribute_ids=taken.kinds, category_ids=taken.shelves)
        if found != taken:
            told = choose_told(plan.products, plan.skus)
            documents = write_out_documents(
                describe_products(told, surroundings=found, writing=drafted.writing).values()
            )
            self._surroundings = self._surroundings.with_all_of(found)
        add_documents(documents)

    def _draft(self, plan: Plan, *, places: Mapping[str, int]) -> Drafted:
        """Raises NotForeseen, and what writing would raise."""
        known, vocabulary = self._writing, self._vocabulary  # The writer's thread may forget them at any time.
        if known is None or vocabulary is None:
            raise NotForeseen("Nothing was written yet.")
        draft, words = Draft(self.ids), vocabulary.only_known()
        writing = replace(known, vocabulary=words, bulk=draft, places=places, begun_at=timezone.now())
        if any(code not in places for change in plan.skus for code in change.after.stock):
            raise NotForeseen("A location is not known yet.")
        write_products(plan.products, plan.skus, writing=writing)
        write_stock_records(plan.skus, writing=writing)
        keep_images(plan.products, plan.skus, writing=writing)
        told = choose_told(plan.products, plan.skus)
        attribute_ids, category_ids = list_surroundings(told, words=words)
        surroundings = self._surroundings.only(attribute_ids=attribute_ids, category_ids=category_ids)
        if surroundings is None:
            raise NotForeseen("An attribute or a category is not known yet.")
        sources = describe_products(told, surroundings=surroundings, writing=writing)
        return Drafted(draft, write_out_documents(sources.values()), vocabulary, writing, surroundings)


def knows_handles(handles: Iterable[str]) -> bool:
    """A hint, asked ahead of time. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWS_HANDLE, (list(handles),))
        return bool(cursor.fetchone()[0])


def knows_any(rows: Sequence[ProductRow], *, partner_id: int | None) -> bool:
    """Whether a snapshot for these rows would hold anything. One query."""
    handles = {row.handle for row in rows}
    gtins = {row.gtin for row in rows if isinstance(row.gtin, str)}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWS, (list(handles), [row.sku for row in rows], partner_id, list(gtins)))
        return bool(cursor.fetchone()[0])


def _forget_ids(plan: Plan) -> None:
    """What a draft that came to nothing has put into the states."""
    for change in plan.products:
        change.after.id = None
    for change in plan.skus:
        change.after.id = change.after.stock_record_id = None
