"""Save a product's page: texts, categories, attributes, variants, prices, counts and pictures in one transaction.

Prices go through the price history, counts through the stock ledger, and the search document follows.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from oscar.apps.catalogue.models import Product, ProductAttribute, ProductCategory
from oscar.apps.partner.models import Partner, StockRecord

from catalog.attributes.storing import save_value
from catalog.importing.naming import make_code, make_handle
from catalog.importing.runs import lock_writing
from catalog.kits.writing import KitRefused
from catalog.media.store import PictureRefused, attach_picture, store_picture
from catalog.pricing.change import NewPrice, PriceRefused, change_prices
from catalog.pricing.records import PriceDetail
from catalog.publication.obstacles import NO_ALT, publication_obstacles
from catalog.publication.records import Publication
from catalog.publication.schedule import schedule_products
from catalog.search.index import refresh_documents
from catalog.variant_options import find_duplicates
from catalog.variants import VariantAxis
from inventory.ledger import Entry, count_stock
from inventory.locking import lock_stock_records
from shop.audit.record import record_action
from shop.backoffice.edits import describe_edit
from shop.backoffice.fact_writing import write_facts
from shop.backoffice.kit_writing import write_recipes
from shop.backoffice.product_forms import ProductForms
from shop.backoffice.refusal import Refused
from shop.backoffice.sellable_form import SellableForm


def create_product(data: Mapping[str, Any], *, actor: Any) -> Product:
    """A hidden product with its choices; SKU, price and pictures follow on its page."""
    product_class = data["product_class"]
    with transaction.atomic():
        lock_writing()
        product = Product.objects.create(
            title=data["title"],
            slug=_free_slug(data["title"]),
            product_class=product_class,
            structure=Product.PARENT if data["choices"] else Product.STANDALONE,
            is_public=False,
        )
        for position, name in enumerate(data["choices"]):
            attribute, _ = ProductAttribute.objects.get_or_create(
                product_class=product_class,
                code=make_code(name),
                defaults={"name": name, "type": ProductAttribute.TEXT, "required": False},
            )
            VariantAxis.objects.create(product=product, attribute=attribute, name=name, position=position)
        record_action(
            action="add", subject_type="product", subject_id=product.pk, actor=actor, after={"title": product.title}
        )
    return product


def save_product(forms: ProductForms, *, actor: Any) -> str:
    """The sentence to show. Raises Refused, StockRefused; then nothing was written."""
    picture = _store_upload(forms)
    try:
        with transaction.atomic():
            if any(form.sellable.product is None for form in forms.sellables):
                lock_writing()  # Before any row, as imports take it.
            product = _lock_product(forms.sheet.product.pk)
            if forms.rights.texts:
                _write_texts(product, forms)
                _write_attributes(product, forms)
                _write_pictures(forms)
                write_facts(product.pk, forms.facts)
                if picture is not None:
                    attach_picture(product, picture, alt=forms.upload.cleaned_data["alt"])
            records = [_write_sellable(product, form) for form in forms.sellables if form.has_changed()]
            rows = [one for one in records if one is not None]
            _write_details(rows)
            prices = _write_figures(forms, rows, actor=actor)
            if problem := find_duplicates():
                raise Refused(problem)
            if forms.rights.texts and forms.product.cleaned_data["is_public"]:
                _refuse_unpublishable(product)
            refresh_documents([product.pk])
            _audit(product, forms, actor=actor)
    except IntegrityError as problem:
        raise Refused(
            "Somebody else has just used one of these SKUs or names. Reload the page and try again."
        ) from problem
    except (PriceRefused, KitRefused) as refusal:
        raise Refused(str(refusal)) from refusal
    return f"Saved. {prices} {'price has' if prices == 1 else 'prices have'} changed." if prices else "Saved."


def _lock_product(product_id: int) -> Product:
    """So that it is neither deleted nor archived between the look and the writing."""
    found = Product.objects.select_for_update(of=("self",), no_key=True).filter(pk=product_id).first()
    if found is None:
        raise Refused("Somebody has deleted this product in the meantime. Nothing was saved.")
    return found


def _refuse_unpublishable(product: Product) -> None:
    """Asked at the end, so that one save may both complete a product and publish it."""
    reasons = publication_obstacles([product.pk]).get(product.pk)
    if reasons:
        raise Refused(" ".join(reasons))


def _store_upload(forms: ProductForms) -> Any:
    """Rendering takes a second, so it comes before the transaction."""
    file = forms.upload.cleaned_data["picture"] if forms.rights.texts else None
    if not file:
        return None
    try:
        stored = store_picture(file.read())
    except PictureRefused as refusal:
        raise Refused(str(refusal)) from refusal
    if forms.product.cleaned_data["is_public"] and not forms.upload.cleaned_data["alt"].strip():
        raise Refused(NO_ALT)
    return stored


def _write_texts(product: Product, forms: ProductForms) -> None:
    data = forms.product.cleaned_data
    if data["product_class"].pk != product.product_class_id and (forms.sheet.axes or forms.sheet.values):
        raise Refused("This product has attributes or variants of its class. Clear them first, or keep the class.")
    if data["is_public"] and Publication.objects.filter(pk=product.pk, archived_at__isnull=False).exists():
        raise Refused("This product is archived. Take it out of the archive before you show it.")
    product.title, product.description, product.is_public = data["title"], data["description"], data["is_public"]
    product.product_class = data["product_class"]
    Product.objects.filter(pk=product.pk).update(
        title=product.title,
        description=product.description,
        is_public=product.is_public,
        product_class=product.product_class,
    )
    if {"publish_from", "publish_to"} & set(forms.product.changed_data):
        schedule_products([product.pk], publish_from=data["publish_from"], publish_to=data["publish_to"], refresh=False)
    wanted = {category.pk for category in data["categories"]}
    ProductCategory.objects.filter(product=product).exclude(category__in=wanted).delete()
    ProductCategory.objects.bulk_create(
        ProductCategory(product=product, category_id=pk) for pk in sorted(wanted - set(forms.sheet.category_ids))
    )


def _write_attributes(product: Product, forms: ProductForms) -> None:
    for attribute in forms.sheet.attributes:
        name = f"attribute_{attribute.pk}"
        if name in forms.product.changed_data:
            save_value(product, attribute, forms.product.cleaned_data[name])


def _write_pictures(forms: ProductForms) -> None:
    for picture, form in forms.pictures:
        if form.cleaned_data["remove"]:
            picture.placed.delete()
        elif form.has_changed():
            picture.placed.alt = form.cleaned_data["alt"]
            picture.placed.position = form.cleaned_data["position"]
            picture.placed.save(update_fields=["alt", "position"])


def _write_sellable(product: Product, form: SellableForm) -> tuple[StockRecord, SellableForm] | None:
    """The row's own product and stock record, made when missing; its price is not touched here."""
    data, sellable = form.cleaned_data, form.sellable
    if not data.get("sku"):
        return None
    bought = sellable.product or _make_variant(product, data)
    values = {code: data[f"axis_{code}"] for code in sellable.values}
    if values and (sellable.product is None or values != sellable.values):
        _write_axis_values(product, bought, values)
    if bought.pk != product.pk and "is_public" in form.changed_data and bought.is_public != data["is_public"]:
        Product.objects.filter(pk=bought.pk).update(is_public=data["is_public"])
    if "gtin" in form.changed_data:
        Product.objects.filter(pk=bought.pk).update(upc=data["gtin"] or None)
    record = sellable.record
    if record is None:
        house, _ = Partner.objects.get_or_create(code="house", defaults={"name": settings.SHOP_NAME})
        record = StockRecord.objects.create(
            product=bought,
            partner=house,
            partner_sku=data["sku"],
            price_currency=settings.SHOP_CURRENCY,
            num_in_stock=0,
            num_allocated=0,
        )
    elif record.partner_sku != data["sku"]:
        StockRecord.objects.filter(pk=record.pk).update(partner_sku=data["sku"])
    return record, form


def _write_details(rows: list[tuple[StockRecord, SellableForm]]) -> None:
    PriceDetail.objects.bulk_create(
        [
            PriceDetail(
                stock_record=record, tax_class=form.cleaned_data["tax_class"], weight_kg=form.cleaned_data["weight_kg"]
            )
            for record, form in rows
            if form.sellable.record is None or {"tax_class", "weight_kg"} & set(form.changed_data)
        ],
        update_conflicts=True,
        unique_fields=["stock_record"],
        update_fields=["tax_class", "weight_kg"],
    )


def _make_variant(product: Product, data: Mapping[str, Any]) -> Product:
    words = " / ".join(value for name, value in data.items() if name.startswith("axis_"))
    title = f"{product.title}, {words}"[:255]
    return Product.objects.create(
        parent=product, structure=Product.CHILD, title=title, slug=_free_slug(title), is_public=data["is_public"]
    )


def _write_axis_values(product: Product, bought: Product, values: Mapping[str, str]) -> None:
    for axis in VariantAxis.objects.filter(product=product).select_related("attribute"):
        save_value(bought, axis.attribute, values[axis.attribute.code])


def _write_figures(forms: ProductForms, rows: list[tuple[StockRecord, SellableForm]], *, actor: Any) -> int:
    reason = forms.product.cleaned_data["reason"].strip()
    lock_stock_records(record.pk for record, _ in rows)
    changed = 0
    write_recipes(rows, actor_name=str(actor), reason=reason)
    if forms.rights.prices:
        new = [
            NewPrice(
                stock_record_id=record.pk, price=form.cleaned_data["price"], compare_at=form.cleaned_data["compare_at"]
            )
            for record, form in rows
            if {"price", "compare_at"} & set(form.changed_data)
        ]
        changed = change_prices(new, actor_name=str(actor), reason=reason, refresh=False)
    if forms.rights.stock:
        for record, form in rows:
            _count(record, form, key=forms.product.cleaned_data["key"], reason=reason, actor=actor)
    return changed


def _count(record: StockRecord, form: SellableForm, *, key: str, reason: str, actor: Any) -> None:
    for shelf in form.sellable.shelves:
        name = f"count_{shelf.location.pk}"
        counted = form.cleaned_data[name]
        if name in form.changed_data and counted is not None:
            entry = Entry(
                stock_record_id=record.pk,
                location_code=shelf.location.code,
                actor_name=str(actor),
                reason=reason,
                reference="back office",
                idempotency_key=f"desk:{key}:{record.pk}:{shelf.location.pk}",
            )
            count_stock(entry, quantity=counted)


def _audit(product: Product, forms: ProductForms, *, actor: Any) -> None:
    before, after = describe_edit(forms.product, [], is_new=False)
    was, became = describe_edit(forms.facts, [], is_new=False)
    before, after = before | was, after | became
    for form in forms.sellables:
        was, became = describe_edit(form, [], is_new=form.sellable.product is None)
        sku = form.cleaned_data.get("sku", "")
        before |= {f"{sku}: {name}": value for name, value in was.items()}
        after |= {f"{sku}: {name}": value for name, value in became.items()}
    record_action(
        action="change",
        subject_type="product",
        subject_id=product.pk,
        actor=actor,
        before=before,
        after=after,
        reason=forms.product.cleaned_data["reason"],
    )


def _free_slug(title: str) -> str:
    """Free until the end of the transaction, which holds lock_writing."""
    slug, number = make_handle(title), 2
    wanted = slug
    while Product.objects.filter(slug=wanted).exists():
        wanted, number = f"{slug}-{number}", number + 1
    return wanted
