"""One import of a product file at work: its place in the file, its look-ups, its counts."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from oscar.apps.partner.models import Partner

from catalog.importing import native
from catalog.importing.batches import Item, split_into_batches
from catalog.importing.column_names import spell_as_file, spell_items, spell_refusals
from catalog.importing.detect import detect_format, read_rows
from catalog.importing.draft import AfterShare
from catalog.importing.duplicates import refuse_duplicates
from catalog.importing.foresight import Drafted, Foreseen, Foresight, knows_any
from catalog.importing.import_options import ImportOptions, ImportStopped, Watch
from catalog.importing.known_rows import SettledBatch, remember_plan, settle_batches
from catalog.importing.merge_facts import know_names
from catalog.importing.merge_kit import KnownParts
from catalog.importing.merge_product import MergeContext
from catalog.importing.old_addresses import keep_old_addresses
from catalog.importing.picture_folder import PictureFolder, find_images
from catalog.importing.plan import Plan, RowChange, look_up_handles, make_plan
from catalog.importing.ports import NoStockKept, StockCountRefused, read_locations
from catalog.importing.records import ImportRun
from catalog.importing.report import ImportReport, error_as_json, first_line
from catalog.importing.rows import ProductRow, RowError
from catalog.importing.runs import defer_flush, lock_writing
from catalog.importing.settled import (
    COUNTED,
    Settled,
    list_refusals,
    name_pictures,
    split_at_subject,
    subject_of,
    tally_batch,
)
from catalog.importing.snapshot import take_snapshot
from catalog.importing.source import open_source
from catalog.importing.unread import UnreadRow
from catalog.importing.vocabulary import HOUSE, Vocabulary, house_partner_id
from catalog.importing.write_plan import write_changes
from catalog.importing.writing import Writing
from catalog.kits.writing import KitRefused
from catalog.pricing.change import PriceRefused

PLAN_ERRORS_KEPT = 1_000
UNKNOWN_SKU = "There is no such SKU in the shop. Correct it, or import the product first."


class ImportWork:
    """`report` counts what is committed. `watch` is called for every row once its fate is known."""

    def __init__(self, options: ImportOptions, *, watch: Watch, run: ImportRun | None) -> None:
        self.options = options
        self._watch = watch
        self._run = run
        self._source = open_source(options.path)
        self.format = options.format_name
        if options.format_name == "auto":
            self.format = detect_format(self._source.header, kind=options.kind)
        self.report = ImportReport(format=self.format)
        self._spell = spell_as_file(self._source, format_name=self.format)
        self._vocabulary = Vocabulary()
        self._pictures = PictureFolder(options.images or find_images(options.path), fetches=options.fetches)
        self._handles: set[int] = set()
        self._plan_errors: list[RowError] = []
        self._refused: dict[str, str] = {}
        self._sources: dict[str, int] = {}
        self._foresight = Foresight()
        self._foreseen: Foreseen | None = None
        self._share: dict[str, list[int]] | None = None
        self._locations = read_locations()
        self._started = time.monotonic()

    def take_up(self, run: ImportRun) -> None:
        """Where an earlier process was killed, its counts go on."""
        self._run = run
        self.report.import_id = run.pk
        for name in COUNTED:
            setattr(self.report, name, run.counts.get(name, 0))
        self._plan_errors = [RowError(**error) for error in run.counts.get("errors", ())]
        self.report.errors += self._plan_errors

    def items(self) -> Iterator[Item]:
        """Every row of the file, SKUs that come twice refused."""
        currency = settings.SHOP_CURRENCY
        if self.options.kind == "products" and self.format == native.NAME:
            return refuse_duplicates(native.read_lazily(self._source, currency=currency))
        rows = read_rows(self._source, kind=self.options.kind, name=self.format, currency=currency)
        return spell_items(refuse_duplicates(rows), self._spell)

    def items_to_go(self) -> Iterator[Item]:
        """Rows behind the run's cursor; those before it are only looked at for the report."""
        done = self._run.cursor if self._run else 0
        for number, item in enumerate(self.items()):
            if number >= done:
                yield item
                continue
            found = item.read() if isinstance(item, UnreadRow) else item
            if isinstance(found, RowError):
                self.report.errors.append(found)
            else:
                self._handles.add(hash(subject_of(found)))

    def batches(self, items: Iterable[Item]) -> Iterator[SettledBatch]:
        batches = split_into_batches(items)
        return settle_batches(batches, context=self._describe_context, foresee=self._foresee, ids=self._foresight.ids)

    def preview(self, batch: SettledBatch) -> None:
        settled, self._foreseen = batch.items, batch.foreseen
        partner_id = Partner.objects.filter(code=HOUSE).values_list("pk", flat=True).first()
        names = self._pictures.find_digests(name_pictures(settled))
        foreseen = self._take_foreseen(settled, partner_id=partner_id)
        plan = foreseen.plan if foreseen else self._plan(settled, pictures=names, partner_id=partner_id)
        self._count(settled, spell_refusals(plan, self._spell))

    def apply(self, batch: SettledBatch) -> None:
        """Writes the batch in one transaction; when the database refuses, in ever smaller parts, to name the culprit."""
        self._take_in_hand(batch)
        self._apply_settled(batch.items)

    def _take_in_hand(self, batch: SettledBatch) -> None:
        self._sources, self._foreseen, self._share = batch.sources, batch.foreseen, batch.share

    def _apply_settled(self, batch: list[Settled]) -> None:
        try:
            self._apply_at_once(batch)
        except StockCountRefused as error:
            self._start_anew()
            self._refused |= error.reasons
            self._apply_settled(batch)
        except (DatabaseError, PriceRefused, NoStockKept, KitRefused) as error:
            self._stop_if_lost(error)
            self._start_anew()
            subjects = list(dict.fromkeys(subject_of(item) for item in batch if isinstance(item, ProductRow)))
            if len(subjects) > 1:
                for part in split_at_subject(batch, subjects[len(subjects) // 2]):
                    self._apply_settled(part)
                return
            reason = f"This product could not be written: {first_line(error)}. Correct the row and import it again."
            self._refused |= {item.sku: reason for item in batch if isinstance(item, ProductRow)}
            self._apply_at_once(batch)

    def _stop_if_lost(self, error: Exception) -> None:
        """Raises ImportStopped."""
        if isinstance(error, OperationalError) and self._is_lost():
            raise ImportStopped(
                f"The database gave up: {first_line(error)}. Rows up to {self.report.rows} are imported; "
                "run the same command again to go on from there."
            ) from error

    def _is_lost(self) -> bool:
        return not connection.in_atomic_block and not connection.is_usable()

    def _start_anew(self) -> None:
        """After a transaction was rolled back: what was learnt in it may be gone."""
        self._vocabulary = Vocabulary()
        self._foresight.forget()

    def counts(self) -> dict[str, Any]:
        kept = [error_as_json(error) for error in self._plan_errors[:PLAN_ERRORS_KEPT]]
        return {name: getattr(self.report, name) for name in COUNTED} | {"errors": kept}

    def finish(self) -> ImportReport:
        self.report.products = len(self._handles)
        self.report.seconds = time.monotonic() - self._started
        self.report.errors.sort(key=lambda error: error.line)
        self.report.notes += self._pictures.list_notes()
        return self.report

    def _apply_at_once(self, batch: list[Settled]) -> None:
        assert self._run is not None
        pictures = self._pictures.store(name_pictures(batch))
        with transaction.atomic():
            if any(isinstance(item, ProductRow) for item in batch):
                plan = self._write(batch, run=self._run, pictures=pictures)
                keep_old_addresses(batch, changes=plan.rows, run_id=self._run.pk)
            else:
                plan = self._plan(batch, pictures={}, partner_id=None)
            self._advance(batch, spell_refusals(plan, self._spell))
        self._settle(batch, plan)

    def _advance(self, batch: list[Settled], plan: Plan) -> None:
        """Move the run's cursor, in the batch's transaction, which makes the batch and its counts one."""
        assert self._run is not None
        counts = self.counts()
        counts |= {name: counts[name] + number for name, number in tally_batch(batch, plan).items()}
        counts["errors"] += [error_as_json(error) for error in list_refusals(plan)]
        ImportRun.objects.filter(pk=self._run.pk).update(cursor=self._run.cursor + len(batch), counts=counts)

    def _settle(self, batch: list[Settled], plan: Plan) -> None:
        """Once the batch is committed."""
        assert self._run is not None
        self._run.cursor += len(batch)
        self._locations = self._locations or read_locations()
        self._count(batch, plan)

    def _write(self, batch: list[Settled], *, run: ImportRun, pictures: Mapping[str, str]) -> Plan:
        lock_writing()
        partner_id = house_partner_id()
        foreseen = self._take_foreseen(batch, partner_id=partner_id)
        if foreseen is not None and foreseen.drafted is not None:
            return self._send(foreseen.plan, foreseen.drafted)
        plan = foreseen.plan if foreseen else self._plan(batch, pictures=pictures, partner_id=partner_id)
        if not self.options.aborts and all(change.before is None for change in plan.products):
            defer_flush()
        writing = Writing(
            run_id=run.pk,
            vocabulary=self._vocabulary,
            partner_id=partner_id,
            actor_name=self.options.actor_name,
            places=self._locations or {},
            bulk=AfterShare(self._foresight.ids, share=self._share),
        )
        surroundings = write_changes(plan.products, plan.skus, writing=writing)
        self._foresight.learn(writing, vocabulary=self._vocabulary, surroundings=surroundings)
        remember_plan(plan, self._sources, are_drafted=False)
        return plan

    def _send(self, plan: Plan, drafted: Drafted) -> Plan:
        if not self.options.aborts:
            defer_flush()
        self._foresight.send(drafted, plan=plan)
        remember_plan(plan, self._sources, are_drafted=True)
        return plan

    def _take_foreseen(self, batch: list[Settled], *, partner_id: int | None) -> Foreseen | None:
        """The plan made ahead, if the shop still knows nothing of it and nothing it was made with was rolled back."""
        foreseen, self._foreseen = self._foreseen, None
        if foreseen is None or self._refused:
            return None
        if foreseen.drafted is not None and foreseen.drafted.vocabulary is not self._vocabulary:
            return None
        rows = [item for item in batch if isinstance(item, ProductRow)]
        return None if knows_any(rows, partner_id=partner_id) else foreseen

    def _plan(self, batch: list[Settled], *, pictures: Mapping[str, str], partner_id: int | None) -> Plan:
        settled = [item for item in batch if isinstance(item, RowChange)]
        rows = [item for item in batch if isinstance(item, ProductRow)]
        if not rows:
            return Plan(rows=settled)
        allowed = [row for row in rows if row.sku not in self._refused]
        snapshot = take_snapshot(
            handles={row.handle for row in allowed},
            skus={row.sku for row in allowed},
            gtins={row.gtin for row in allowed if isinstance(row.gtin, str)},
            partner_id=partner_id,
        )
        context = self._context(allowed, pictures=pictures, parts=KnownParts(allowed, partner_id=partner_id))
        known, unknown = look_up_handles(allowed, snapshot=snapshot)
        plan = make_plan(known, snapshot=snapshot, context=context)
        reasons = self._refused | dict.fromkeys(unknown, UNKNOWN_SKU)
        for row in rows:
            if row.sku in reasons:
                error = RowError(line=row.line, column="sku", value=row.sku, reason=reasons[row.sku])
                refused = RowChange(line=row.line, handle=row.handle, sku=row.sku, outcome="failed", error=error)
                plan.rows.append(refused)
        if settled:
            plan.rows = sorted((*plan.rows, *settled), key=lambda change: change.line)
        return plan

    def _foresee(self, rows: list[ProductRow]) -> Foreseen | None:
        """By the thread that reads ahead: no look at the database."""
        context = self._context((), pictures={}, parts=None)
        return self._foresight.foresee(rows, context=context, places=self._locations or {})

    def _context(
        self, rows: Iterable[ProductRow], *, pictures: Mapping[str, str], parts: KnownParts | None
    ) -> MergeContext:
        return MergeContext(
            vocabulary=self._vocabulary,
            currency=settings.SHOP_CURRENCY,
            location_codes=None if self._locations is None else list(self._locations),
            pictures=pictures,
            makes_categories=self.options.makes_categories,
            parts=parts,
            names=know_names(rows),
        )

    def _describe_context(self) -> str:
        """What beside the file decides what a row means."""
        place = next(iter(self._locations or [""]))
        fetches = self.options.fetches is not None
        return f"1 {settings.SHOP_CURRENCY} {place} {self.options.makes_categories} {fetches}"

    def _count(self, batch: list[Settled], plan: Plan) -> None:
        for name, number in tally_batch(batch, plan).items():
            setattr(self.report, name, getattr(self.report, name) + number)
        errors = [item for item in batch if isinstance(item, RowError)]
        of_plan = list_refusals(plan)
        self._plan_errors += of_plan[: PLAN_ERRORS_KEPT - len(self._plan_errors)]
        self.report.keep_errors([*errors, *of_plan])
        self._handles |= {hash(subject_of(item)) for item in batch if not isinstance(item, RowError)}
        for error in errors:
            self._watch(RowChange(line=error.line, handle="", sku="", outcome="failed", error=error))
        for change in plan.rows:
            self._watch(change)
