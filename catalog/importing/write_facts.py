"""Facts of a plan into their tables: in bulk, and nothing asked for products without a changed fact."""

from collections.abc import Sequence
from typing import Any

from oscar.apps.catalogue.models import Product, ProductClass

from catalog.digital.records import DigitalFile, ProductFile
from catalog.importing.bulk import copy_rows
from catalog.importing.fact_cells import FILES, LOGISTICS, SHARED, split_documents, split_names
from catalog.importing.plan import Change
from catalog.logistics import Logistics
from catalog.personal.records import TextRule
from catalog.publication.instants import read_instant
from catalog.publication.records import Publication
from catalog.safety.records import Party, ProductSafety, SafetyDocument

_SAFETY = ("maker", "responsible_person", "safety_warnings", "safety_documents")


def make_digital_classes(products: Sequence[Change], skus: Sequence[Change]) -> None:
    """A class that comes with files and is new neither travels nor is counted; before products are written."""
    owners = {change.after.handle: change.after for change in products}
    named = {owners[change.after.handle].product_class for change in skus if change.after.facts.get(FILES)}
    named |= {change.after.product_class for change in products if change.after.facts.get(FILES)}
    known = set(ProductClass.objects.filter(name__in=named).values_list("name", flat=True)) if named else set()
    for name in sorted(named - known):
        ProductClass.objects.create(name=name, requires_shipping=False, track_stock=False)


def write_facts(products: Sequence[Change], skus: Sequence[Change]) -> None:
    """After the products are written, so that all have their ids."""
    shared = [change for change in products if _differ(change, SHARED)]
    _write_windows([change for change in shared if _differ(change, ("publish_from", "publish_to"))])
    _write_safety([change for change in shared if _differ(change, _SAFETY)])
    _write_texts([change for change in shared if _differ(change, ("personalisation",))])
    _write_logistics([change for change in skus if _differ(change, LOGISTICS)])
    _write_files([change for change in (*products, *skus) if _differ(change, (FILES,))])


def list_guarded(products: Sequence[Change]) -> list[Any]:
    """Ids of known products that the law may see in another light now: kits that hold them do too."""
    return [
        change.after.id
        for change in products
        if change.before is not None and (_differ(change, _SAFETY) or "categories" in change.fields)
    ]


def _differ(change: Change, names: Sequence[str]) -> bool:
    before = change.before.facts if change.before is not None else {}
    return any(before.get(name) != change.after.facts.get(name) for name in names)


def _write_windows(changes: Sequence[Change]) -> None:
    def instant(change: Change, name: str) -> Any:
        text = change.after.facts.get(name)
        return read_instant(text) if text else None

    Publication.objects.bulk_create(
        [
            Publication(
                product_id=change.after.id,
                publish_from=instant(change, "publish_from"),
                publish_to=instant(change, "publish_to"),
            )
            for change in changes
        ],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["publish_from", "publish_to"],
    )


def _write_safety(changes: Sequence[Change]) -> None:
    """A maker whom nobody knows yet is made with the name alone; a covered category waits for the contact."""
    named = {change.after.facts.get(column, "") for change in changes for column in ("maker", "responsible_person")}
    named -= {""}
    Party.objects.bulk_create([Party(name=name) for name in sorted(named)], ignore_conflicts=True)
    parties = dict(Party.objects.filter(name__in=named).values_list("name", "pk"))
    ProductSafety.objects.bulk_create(
        [
            ProductSafety(
                product_id=change.after.id,
                maker_id=parties.get(change.after.facts.get("maker", "")),
                responsible_id=parties.get(change.after.facts.get("responsible_person", "")),
                warnings=change.after.facts.get("safety_warnings", ""),
            )
            for change in changes
        ],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["maker", "responsible", "warnings"],
    )
    papers = [change for change in changes if _differ(change, ("safety_documents",))]
    SafetyDocument.objects.filter(safety__in=[change.after.id for change in papers]).delete()
    SafetyDocument.objects.bulk_create(
        SafetyDocument(safety_id=change.after.id, title=title, url=url, position=position)
        for change in papers
        for position, (title, url) in enumerate(split_documents(change.after.facts.get("safety_documents", "")))
    )


def _write_texts(changes: Sequence[Change]) -> None:
    """Only fields of personalisation: other options of Oscar's stay as they are."""
    if not changes:
        return
    names = {name for change in changes for name in split_names(change.after.facts.get("personalisation", ""))}
    rules = TextRule.objects.filter(option__name__in=names).order_by("-pk")
    options = dict(rules.values_list("option__name", "option_id"))
    links = Product.product_options.through.objects
    ids = [change.after.id for change in changes]
    links.filter(product__in=ids, option__text_rule__isnull=False).delete()
    rows = [
        (change.after.id, options[name])
        for change in changes
        for name in split_names(change.after.facts.get("personalisation", ""))
    ]
    copy_rows("catalogue_product_product_options", ("product_id", "option_id"), rows)


def _write_logistics(changes: Sequence[Change]) -> None:
    Logistics.objects.bulk_create(
        [
            Logistics(
                product_id=change.after.id,
                hs_code=change.after.facts.get("hs_code", ""),
                origin=change.after.facts.get("origin", ""),
                **{name: change.after.facts.get(name) for name in LOGISTICS if name.endswith("_mm")},
            )
            for change in changes
        ],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=list(LOGISTICS),
    )


def _write_files(changes: Sequence[Change]) -> None:
    if not changes:
        return
    names = {name for change in changes for name in split_names(change.after.facts.get(FILES, ""))}
    files = dict(DigitalFile.objects.filter(name__in=names).values_list("name", "pk"))
    ProductFile.objects.filter(product__in=[change.after.id for change in changes]).delete()
    ProductFile.objects.bulk_create(
        ProductFile(product_id=change.after.id, file_id=files[name], position=position)
        for change in changes
        for position, name in enumerate(split_names(change.after.facts.get(FILES, "")))
        if name in files
    )
