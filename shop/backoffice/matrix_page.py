"""All combinations of a product's choices on one page: look at them first, then make the missing ones at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from oscar.apps.catalogue.models import Product

from catalog.matrix.choices import MatrixRefused
from catalog.matrix.making import InCommon, make_variants
from shop.audit.record import record_action
from shop.backoffice.acts import see_other
from shop.backoffice.dressing import Desk
from shop.backoffice.matrix_form import MatrixForm
from shop.backoffice.matrix_rows import Rows, check_rows, keep_typed, list_variants, read_rows

OTHERS_WERE_FASTER = (
    "Somebody else has just used one of these SKUs or GTINs. Nothing was made; look at the table again."
)
LOOK_FIRST = "The choices are not those of the table any more. Look at the combinations below, then make them."
NOTHING_CHOSEN = "There is nothing to make: tick at least one combination, or add a value."


def show_matrix(request: HttpRequest, desk: Desk, product: Product) -> HttpResponse:
    """GET and `act=show` write nothing; `act=make` makes what the table showed. Raises PermissionDenied."""
    if not request.user.has_perm("catalogue.change_product"):
        raise PermissionDenied
    may_price = request.user.has_perm("backoffice.change_price")
    form = MatrixForm(product, request.POST if request.method == "POST" else None, may_price=may_price)
    rows = keep_typed(request.POST)
    if request.method != "POST":
        form.look_at_present()
        if form.matrix is not None:
            rows = read_rows(
                form.matrix, {}, beginning=form["sku_beginning"].value(), gtin_from="", may_price=may_price
            )
    elif form.is_valid():
        rows = _read(form, request.POST, may_price=may_price)
        if request.POST.get("act") == "make" and _may_make(form, rows, shown=request.POST.get("shown", "")):
            sentence = _make(form, rows, actor=request.user)
            if sentence:
                messages.success(request, sentence)
                return see_other(reverse("admin:catalogue_product_change", args=(product.pk,)))
    return desk.show_page(
        request,
        "admin/matrix.html",
        title=f"Combinations of {product.title}",
        product=product,
        form=form,
        table=rows,
        matrix=form.matrix,
        may_price=may_price,
    )


def _read(form: MatrixForm, sent: Any, *, may_price: bool) -> Rows:
    data = form.cleaned_data
    assert form.matrix is not None
    beginning, gtin_from = data["sku_beginning"].strip(), data["gtin_from"]
    return read_rows(form.matrix, sent, beginning=beginning, gtin_from=gtin_from, may_price=may_price)


def _may_make(form: MatrixForm, rows: Rows, *, shown: str) -> bool:
    """Only what a person has seen is made."""
    assert form.matrix is not None
    check_rows(rows)
    if shown != rows.digest:
        form.add_error(None, LOOK_FIRST)
    elif not rows.is_valid:
        form.add_error(None, "Nothing was made yet: some cells of the table need another look.")
    elif not rows.wanted and len(form.matrix.choices) == len(form.axes):
        form.add_error(None, NOTHING_CHOSEN)
    return not form.errors


def _make(form: MatrixForm, rows: Rows, *, actor: Any) -> str:
    """The sentence to show; "" when the catalogue refused, then the form says why."""
    data, product = form.cleaned_data, form.product
    assert form.matrix is not None
    variants = list_variants(rows, price=data["price"])
    common = InCommon(
        actor_name=str(actor),
        reason=data["reason"].strip(),
        tax_class=data["tax_class"],
        weight_kg=data["weight_kg"],
        is_public=data["is_public"],
    )
    try:
        with transaction.atomic():
            make_variants(product.pk, form.matrix.choices, variants, common=common)
            record_action(
                action="make variants",
                subject_type="product",
                subject_id=product.pk,
                actor=actor,
                after={
                    **{choice.name: ", ".join(choice.values)[:500] for choice in form.matrix.choices},
                    "SKUs": ", ".join(variant.sku for variant in variants),
                },
                reason=common.reason,
            )
    except MatrixRefused as refusal:
        form.add_error(None, str(refusal))
        return ""
    except IntegrityError:
        form.add_error(None, OTHERS_WERE_FASTER)
        return ""
    kept = "; what there was kept its SKUs, stock and orders" if form.present_count else ""
    return f"{len(variants)} {'variant is' if len(variants) == 1 else 'variants are'} made{kept}."
