"""Where a product stands with shoppers, in words; and the acts that put it away, take it out again, or delete it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils import timezone
from oscar.apps.catalogue.models import Product
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.publication.archive import Removal, archive_products, remove_product, restore_products
from catalog.publication.records import Publication
from catalog.variant_options import NewOption, OptionRefused, add_option
from shop.backoffice.acts import Act, PlainForm, ReasonForm
from shop.backoffice.refusal import Refused

EDIT: Final = "catalogue.change_product"


@dataclass(frozen=True, slots=True)
class Standing:
    """`kind` colours the badge; `words` and `sentence` tell it."""

    kind: str
    words: str
    sentence: str
    is_archived: bool = False


def standing_of(product: Product, publication: Publication | None, *, now: datetime | None = None) -> Standing:
    now = now or timezone.now()
    if publication is not None and publication.archived_at is not None:
        return Standing(
            "default", "archived", f"Put away on {_say(publication.archived_at)}. Nobody sees it.", is_archived=True
        )
    if not product.is_public:
        return Standing("default", "hidden", "Nobody sees it yet.")
    begins, ends = (publication.publish_from, publication.publish_to) if publication is not None else (None, None)
    if begins is not None and begins > now:
        return Standing("info", "scheduled", f"Shoppers see it from {_say(begins)}.")
    if ends is not None and ends <= now:
        return Standing("warning", "ended", f"Shoppers saw it until {_say(ends)}.")
    return Standing("success", "shown", f"Until {_say(ends)}." if ends is not None else "")


def _say(instant: datetime) -> str:
    return f"{instant.astimezone(timezone.get_default_timezone()):%-d %B %Y, %H:%M}"


def build_archive(product: Product, actor: Any) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        archive_products([product.pk])
        return f"{product.title} is archived."

    return Act(
        title=f"Archive {product.title}",
        permission=EDIT,
        sentences=[
            "It leaves the shop at once. Orders, invoices, stock and price history keep it.",
            "You find it again in the list of products under “Archived”.",
        ],
        button="Archive the product",
        form=ReasonForm,
        do=do,
        back=_page(product),
        action="archive",
        subject=("product", product.pk),
    )


def build_restore(product: Product, actor: Any) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        restore_products([product.pk])
        return f"{product.title} is out of the archive, and hidden until you show it."

    return Act(
        title=f"Take {product.title} out of the archive",
        permission=EDIT,
        sentences=["It comes back hidden, with everything that it had."],
        button="Take it out",
        do=do,
        back=_page(product),
        action="restore",
        subject=("product", product.pk),
    )


def build_removal(product: Product, actor: Any) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        removal = remove_product(product.pk, actor=actor, reason=data["reason"])
        if removal is Removal.DELETED:
            return f"{product.title} is deleted."
        return f"{product.title} is named by orders, baskets or the stock ledger: it was archived instead."

    return Act(
        title=f"Delete {product.title}",
        permission=EDIT,
        sentences=[
            "A product that was never sold and never had stock is deleted with its variants. This cannot be undone.",
            "One that orders, baskets or the stock ledger name is archived instead.",
        ],
        button="Delete the product",
        form=ReasonForm,
        do=do,
        back=reverse("admin:catalogue_product_changelist"),
    )


class OptionForm(PlainForm):
    name = forms.CharField(
        label="Comes in", max_length=60, widget=UnfoldAdminTextInputWidget, help_text="What the shopper chooses: Size."
    )
    value = forms.CharField(
        label="The present ones are", max_length=60, widget=UnfoldAdminTextInputWidget, help_text="For example: Medium."
    )


def build_option(product: Product, actor: Any) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        try:
            add_option(product.pk, NewOption(name=data["name"].strip(), value=data["value"]))
        except OptionRefused as refusal:
            raise Refused(str(refusal)) from refusal
        return f"{product.title} comes in {data['name']} now. Every SKU kept its stock, price and orders."

    return Act(
        title=f"Add a choice to {product.title}",
        permission=EDIT,
        sentences=[
            "What is sold today becomes the variants with the value that you give here.",
            "SKUs, stock, prices and orders stay as they are; further variants are added on the product's page.",
        ],
        button="Add the choice",
        form=OptionForm,
        do=do,
        back=_page(product),
        action="add option",
        subject=("product", product.pk),
    )


def _page(product: Product) -> str:
    return reverse("admin:catalogue_product_change", args=(product.pk,))


STANDING_ACTS: Final[Mapping[str, Callable[[Product, Any], Act]]] = {
    "archive": build_archive,
    "restore": build_restore,
    "remove": build_removal,
    "option": build_option,
}
