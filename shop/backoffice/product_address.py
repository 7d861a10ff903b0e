"""The act that gives a product another address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from oscar.apps.catalogue.models import Product
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.addresses.renaming import rename_product
from shop.backoffice.acts import Act, ReasonForm


class AddressForm(ReasonForm):
    slug = forms.CharField(
        label="New address /p/…/",
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="Small letters, digits, - and _ .",
    )
    field_order = ("slug", "reason")


def build_rename(product: Product) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        path = rename_product(product.pk, slug=data["slug"])
        return f"{product.title} is at {path} now; /p/{product.slug}/ leads there."

    return Act(
        title=f"Change the address of {product.title}",
        permission="catalogue.change_product",
        sentences=[
            f"It is at /p/{product.slug}/ now. That address, and every earlier one, will lead to the new one.",
            "An import finds a product by this address: a file that still has the old one will make a second product.",
        ],
        button="Change the address",
        form=AddressForm,
        initial={"slug": product.slug},
        do=do,
        back=reverse("admin:catalogue_product_change", args=(product.pk,)),
        action="change address",
        subject=("product", product.pk),
    )
