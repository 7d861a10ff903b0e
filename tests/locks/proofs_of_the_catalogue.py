"""Locks of products, prices in bulk, content, imports and redirects."""

import itertools
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from oscar.apps.catalogue.models import Product

from catalog.bulk import edit as bulk
from catalog.bulk.records import BulkEdit
from catalog.collections.changing import save_collection
from catalog.collections.records import Collection
from catalog.content.models import Page, Version
from catalog.content.publishing import keep_version
from catalog.importing.apply import import_file
from catalog.importing.import_options import ImportOptions
from catalog.importing.runs import hold_run
from catalog.importing.upload_records import ImportUpload
from catalog.importing.uploads import _hold
from catalog.media.records import MediaFile
from catalog.media.store import attach_picture
from catalog.models import PriceDetail, ProductMedia, SearchDocument, VariantAxis
from catalog.pricing.change import NewPrice, change_prices
from catalog.publication.archive import archive_products, restore_products
from catalog.search.index import refresh_documents
from catalog.search.placements import place_product, remove_rows
from catalog.search.staff_words import Placement
from catalog.together import BoughtTogether, replace_bought_together
from catalog.variant_options import NewOption, add_option
from shop.audit.models import AuditEntry
from shop.redirects.models import Redirect
from shop.redirects.moves import Move, add_redirects, remove_redirects
from tests.live.running_shop import ROOT
from tests.locks.proofs_of_people import make_user
from tests.locks.race import Proofs, Race
from tests.shopfloor import make_product, record_of

PROOFS = Proofs()
_serial = itertools.count(1)
FIRST_READ = "SELECT"


def _edit(product: Product, kind: str, **choices: Any) -> BulkEdit:
    """Previewed, not applied."""
    edit = bulk.begin_edit([product.pk], actor=make_user())
    bulk.preview_edit(edit.pk, kind=kind, choices=choices, reason="A test.")
    return edit


def _applying(product: Product, kind: str, **choices: Any) -> BulkEdit:
    edit = _edit(product, kind, **choices)
    BulkEdit.objects.filter(pk=edit.pk).update(state="applying")
    return edit


def _outcomes(*edits: BulkEdit) -> list[str]:
    return [outcome for edit in edits for outcome in edit.rows.values_list("outcome", flat=True)]


@PROOFS("catalog/bulk/edit.py: _lock", protects="a bulk edit is begun once")
def two_presses_of_apply() -> Race:
    edit = _edit(make_product(), "prices", way="set", value="8")

    def is_broken(*_: Any) -> bool:
        return AuditEntry.objects.filter(action="apply bulk edit", subject_id=str(edit.pk)).count() != 1

    return Race(first=lambda: bulk.apply_edit(edit.pk), rival=lambda: bulk.apply_edit(edit.pk), is_broken=is_broken)


@PROOFS("catalog/bulk/edit.py: _do_batch", protects="what a bulk edit did is told as done")
def two_workers_on_one_batch() -> Race:
    edit = _applying(make_product(price="10.00"), "prices", way="set", value="8")
    return Race(
        first=lambda: bulk._do_batch(edit.pk),
        rival=lambda: bulk._do_batch(edit.pk),
        is_broken=lambda *_: _outcomes(edit) != ["applied"],
        before="SELECT id, price, price_currency FROM partner_stockrecord",
    )


@PROOFS("catalog/bulk/prices.py: _NOW", protects="a bulk edit does not overwrite a price that somebody has just set")
def a_price_set_while_a_bulk_edit_runs() -> Race:
    thing = make_product(price="10.00")
    edit, record = _applying(thing, "prices", way="set", value="8"), record_of(thing)
    new = NewPrice(stock_record_id=record.pk, price=Decimal("7.00"))
    return Race(
        first=lambda: bulk._do_batch(edit.pk),
        rival=lambda: change_prices([new], actor_name="Ann", reason="A test."),
        is_broken=lambda *_: record_of(thing).price != Decimal("7.00"),
        before=FIRST_READ,
    )


@PROOFS("catalog/bulk/wording.py: _LOCK", protects="two bulk edits of one tax class do not both say they were applied")
def two_bulk_edits_of_one_tax_class() -> Race:
    thing = make_product()
    known = ["reduced", "books"]
    one, other = (_applying(thing, "tax_class", tax_class=name, known=known) for name in known)

    def is_broken(*_: Any) -> bool:
        return _outcomes(one, other).count("applied") != 1 or not PriceDetail.objects.filter(
            stock_record=record_of(thing), tax_class="reduced"
        )

    return Race(first=lambda: bulk._do_batch(one.pk), rival=lambda: bulk._do_batch(other.pk), is_broken=is_broken)


def _showing(thing: Product) -> BulkEdit:
    Product.objects.filter(pk=thing.pk).update(is_public=False)
    return _applying(thing, "standing", standing="shown")


@PROOFS("catalog/bulk/shelving.py: _LOCK", protects="what is archived while a bulk edit runs is not shown again by it")
def an_archiving_while_a_bulk_edit_shows() -> Race:
    thing = make_product()
    edit = _showing(thing)
    return Race(
        first=lambda: bulk._do_batch(edit.pk),
        rival=lambda: archive_products([thing.pk]),
        is_broken=lambda *_: Product.objects.get(pk=thing.pk).is_public,
        before='UPDATE "?catalogue_product',
    )


@PROOFS("catalog/publication/archive.py: archive_products", protects="an archiving waits for the bulk edit that shows")
def a_bulk_edit_that_shows_while_somebody_archives() -> Race:
    thing = make_product()
    edit = _showing(thing)
    return Race(
        first=lambda: bulk._do_batch(edit.pk),
        rival=lambda: archive_products([thing.pk]),
        is_broken=lambda *_: Product.objects.get(pk=thing.pk).is_public,
        before='UPDATE "?catalogue_product',
        is_rivals=True,
    )


@PROOFS(
    "catalog/collections/changing.py: save_collection",
    protects="the log says what each change of a collection replaced",
)
def two_changes_of_one_collection() -> Race:
    collection = Collection.objects.create(name="Before", slug=f"lock-{next(_serial)}", kind="manual")
    ann = make_user()

    def save(name: str) -> Any:
        return save_collection(collection.pk, {"name": name, "kind": "manual"}, members=[], actor=ann)

    def is_broken(*_: Any) -> bool:
        entries = AuditEntry.objects.filter(subject_type="collection", subject_id=str(collection.pk))
        return sum(one.before["name"] == "Before" for one in entries) != 1

    return Race(first=lambda: save("One"), rival=lambda: save("Other"), is_broken=is_broken)


@PROOFS("catalog/content/publishing.py: _lock", protects="versions of a page are numbered one after the other")
def two_versions_of_one_page() -> Race:
    number = next(_serial)
    page, ann = Page.objects.create(slug=f"lock-{number}", title=f"Page {number}"), make_user()

    def keep() -> Any:
        return keep_version(page, actor=ann)

    return Race(first=keep, rival=keep, is_broken=lambda *_: Version.objects.filter(subject=page.subject).count() != 1)


@PROOFS("catalog/importing/runs.py: _try_lock", protects="a file is imported by one process at a time")
def two_processes_with_one_file() -> Race:
    name = f"lock{next(_serial)}"

    def run() -> int:
        with hold_run(kind=name[:16], format_name="native", path=ROOT / "manage.py", actor_id=None) as held:
            return held.pk

    return Race(
        first=run,
        rival=run,
        waits=False,
        before=FIRST_READ,
        is_broken=lambda *answers: not any(isinstance(answer, Exception) for answer in answers),
    )


@PROOFS("catalog/importing/runs.py: lock_writing", protects="two imports of the same new product make it once")
def two_files_with_one_new_product() -> Race:
    number, folder = next(_serial), Path(tempfile.mkdtemp(prefix="shop-lock-"))

    def bring_in(name: str) -> Any:
        file = folder / f"{name}.csv"
        file.write_text(f"handle,sku,title,price\nlock-{number},LOCK-{number},{name},5.00\n")
        return import_file(ImportOptions(path=file), watch=lambda change: None)

    def is_broken(*answers: Any) -> bool:
        return [one.failed for one in answers] != [0, 0] or sum(one.created for one in answers) != 1

    return Race(first=lambda: bring_in("One"), rival=lambda: bring_in("Other"), is_broken=is_broken)


@PROOFS("catalog/importing/uploads.py: _hold", protects="an uploaded file is imported by one worker at a time")
def two_workers_with_one_upload() -> Race:
    upload = ImportUpload.objects.create(kind="products", file_name="one.csv", stored_as="one.csv")

    def work() -> Any:
        with _hold("catalog.import_checked", {"upload_id": upload.pk}) as held:
            return held

    return Race(first=work, rival=work, waits=False, before=FIRST_READ, is_broken=lambda *answers: None not in answers)


@PROOFS("catalog/media/store.py: attach_picture", protects="each picture of a product has a place of its own")
def two_pictures_for_one_product() -> Race:
    thing = make_product()
    one, other = (
        MediaFile.objects.create(digest=f"{next(_serial):064d}", width=10, height=10, widths=[10], formats=["webp"])
        for _ in range(2)
    )

    def is_broken(*_: Any) -> bool:
        places = list(ProductMedia.objects.filter(product=thing).values_list("position", flat=True))
        return sorted(places) != [0, 1]

    return Race(
        first=lambda: attach_picture(thing, one), rival=lambda: attach_picture(thing, other), is_broken=is_broken
    )


@PROOFS("catalog/publication/archive.py: restore_products", protects="a product comes out of the archive once")
def two_restorings() -> Race:
    thing = make_product()
    archive_products([thing.pk])

    def restore() -> list[int]:
        return restore_products([thing.pk])

    return Race(first=restore, rival=restore, is_broken=lambda first, second: [*first, *second] != [thing.pk])


@PROOFS("catalog/search/index.py: _LOCK", protects="a list never shows a price that was replaced")
def a_price_change_while_a_document_is_written() -> Race:
    thing = make_product(price="10.00")
    refresh_documents([thing.pk])
    new = NewPrice(stock_record_id=record_of(thing).pk, price=Decimal("7.00"))
    return Race(
        first=lambda: refresh_documents([thing.pk]),
        rival=lambda: change_prices([new], actor_name="Ann", reason="A test."),
        is_broken=lambda *_: SearchDocument.objects.get(product=thing).price_min != Decimal("7.00"),
    )


@PROOFS("catalog/search/placements.py: remove_rows", protects="a placement is taken away, and logged, once")
def two_removals_of_one_placement() -> Race:
    ann = make_user()
    placed = place_product(product=make_product(), kind="pin", words=f"word{next(_serial)}", actor=ann)
    rows = Placement.objects.filter(pk=placed.pk)

    def remove() -> int:
        return remove_rows(rows.all(), actor=ann)

    return Race(first=remove, rival=remove, is_broken=lambda *answers: sum(answers) != 1)


@PROOFS("catalog/together.py: replace_bought_together", protects="the list of what is bought together is one night's")
def two_nights_at_once() -> Race:
    one, other, third = (make_product().pk for _ in range(3))

    def tell(pairs: list[tuple[int, int, int]]) -> None:
        with transaction.atomic():
            replace_bought_together(pairs)
            with connection.cursor() as cursor:
                cursor.execute("SELECT 'not committed yet'")

    def is_broken(*_: Any) -> bool:
        return set(BoughtTogether.objects.values_list("other_id", flat=True)) != {third}

    return Race(
        first=lambda: tell([(one, other, 5)]),
        rival=lambda: tell([(one, third, 7)]),
        before="SELECT 'not committed yet'",
        is_broken=is_broken,
    )


@PROOFS("catalog/variant_options.py: add_option", protects="a product's second choice knows of the first")
def two_choices_for_one_product() -> Race:
    thing = make_product()

    def add(name: str) -> Any:
        return add_option(thing.pk, NewOption(name=name, value="small"))

    def is_broken(*_: Any) -> bool:
        places = list(VariantAxis.objects.filter(product=thing).values_list("position", flat=True))
        return sorted(places) != [0, 1] or Product.objects.filter(parent=thing).count() != 1

    return Race(first=lambda: add("Lock size"), rival=lambda: add("Lock colour"), is_broken=is_broken)


@PROOFS("shop/redirects/moves.py: _lock_table", protects="redirects never lead in a circle")
def two_halves_of_a_circle() -> Race:
    here, there = (f"/lock-{next(_serial)}" for _ in range(2))

    def lead(old: str, new: str) -> Any:
        return add_redirects([Move(old=old, new=f"{new}/")], reason="A test.")

    return Race(
        first=lambda: lead(here, there),
        rival=lambda: lead(there, here),
        is_broken=lambda *_: Redirect.objects.filter(from_path__in=[here, there]).count() != 1,
    )


@PROOFS("shop/redirects/moves.py: _read_around", protects="a redirect that staff take away does not come back")
def a_removal_while_a_chain_is_flattened() -> Race:
    first, middle, last = (f"/lock-{next(_serial)}" for _ in range(3))
    add_redirects([Move(old=first, new=f"{middle}/")], reason="A test.")
    return Race(
        first=lambda: add_redirects([Move(old=middle, new=f"{last}/")], reason="A test."),
        rival=lambda: remove_redirects([first]),
        is_broken=lambda *_: Redirect.objects.filter(from_path=first).exists(),
    )
