"""The products desk: a list with what a person asks first (picture, price, stock), and the page of one product."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from oscar.apps.catalogue.models import Product
from unfold.decorators import action, display

from catalog.bulk.edit import begin_edit
from catalog.publication.openness import is_published
from shop.backoffice import badges
from shop.backoffice.acts import attempt, see_other, show_act
from shop.backoffice.dressing import Desk
from shop.backoffice.finding import find_products
from shop.backoffice.matrix_page import show_matrix
from shop.backoffice.new_product_form import NewProductForm
from shop.backoffice.product_address import build_rename
from shop.backoffice.product_facts import facts_of
from shop.backoffice.product_forms import ProductForms, rights_of
from shop.backoffice.product_sheet import read_sheet
from shop.backoffice.product_standing import STANDING_ACTS, standing_of
from shop.backoffice.product_writing import create_product, save_product
from shop.backoffice.row_pages import read_key


class ListedFilter(SimpleListFilter):
    """What is archived is left out unless it is asked for."""

    title = "in the shop"
    parameter_name = "listed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", "Shown now"),
            ("no", "Hidden"),
            ("later", "Scheduled"),
            ("ended", "Ended"),
            ("archived", "Archived"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() == "archived":
            return queryset.filter(publication__archived_at__isnull=False)
        left = queryset.filter(publication__archived_at__isnull=True)
        match self.value():
            case "yes":
                return left.filter(is_published())
            case "no":
                return left.filter(is_public=False)
            case "later":
                return left.filter(is_public=True, publication__publish_from__gt=Now())
            case "ended":
                return left.filter(is_public=True, publication__publish_to__lte=Now())
            case _:
                return left


class ProductDesk(Desk):
    """Lists what shoppers see as one product: stand-alone ones and parents; variants stand on their parent's page."""

    list_display = (
        "show_picture",
        "show_title",
        "show_class",
        "show_variants",
        "show_price",
        "show_units",
        "show_listed",
    )
    list_display_links = ("show_title",)
    list_filter = (ListedFilter, "product_class")
    list_select_related = ("product_class", "publication")
    search_fields = ("title",)
    search_help_text = "Title or SKU"
    ordering = ("title", "pk")
    actions = ("edit_in_bulk",)
    actions_detail = ("rename_one",)

    @action(description="Change in bulk …", permissions=["change"])
    def edit_in_bulk(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse:
        edit = begin_edit(list(queryset.order_by("pk").values_list("pk", flat=True)), actor=request.user)
        return see_other(reverse("admin:catalog_bulkedit_change", args=(edit.pk,)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).exclude(structure=Product.CHILD)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        return (find_products(queryset, search_term) if search_term.strip() else queryset), False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Pictures, prices and stock of the page's rows in two questions, whatever their number."""
        changes = super().get_changelist_instance(request)
        facts = facts_of([product.pk for product in changes.result_list])
        for product in changes.result_list:
            product.facts = facts[product.pk]
        return changes

    @display(description="")
    def show_picture(self, product: Product) -> str:
        address = product.facts.picture
        return format_html('<img src="{}" alt="" width="32" height="40" loading="lazy">', address) if address else ""

    @display(description="Product", ordering="title")
    def show_title(self, product: Product) -> str:
        return product.title

    @display(description="Class", ordering="product_class__name")
    def show_class(self, product: Product) -> str:
        return str(product.product_class or "")

    @display(description="Variants")
    def show_variants(self, product: Product) -> str:
        return str(product.facts.variants) if product.is_parent else ""

    @display(description="Price")
    def show_price(self, product: Product) -> str:
        return product.facts.price

    @display(description="On hand")
    def show_units(self, product: Product) -> str:
        return str(product.facts.units)

    @display(description="In the shop", label=badges.STANDING, ordering="is_public")
    def show_listed(self, product: Product) -> str:
        return standing_of(product, getattr(product, "publication", None)).words

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Orders and ledgers name products: its own page deletes what may be deleted and archives the rest."""
        return False

    def get_urls(self) -> list[URLPattern]:
        acts = [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(self.standing_view),
                {"name": name},
                name=f"product_{name}",
            )
            for name in STANDING_ACTS
        ]
        matrix = path("<int:object_id>/matrix/", self.admin_site.admin_view(self.matrix_view), name="product_matrix")
        return [*acts, matrix, *super().get_urls()]

    def standing_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        product = get_object_or_404(Product.objects.filter(parent=None), pk=object_id)
        return show_act(request, self, STANDING_ACTS[name](product, request.user))

    def matrix_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        products = Product.objects.select_related("product_class").filter(parent=None)
        return show_matrix(request, self, get_object_or_404(products, pk=object_id))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            form = NewProductForm(request.POST)
            if form.is_valid():
                product_id = attempt(form, lambda: str(create_product(form.cleaned_data, actor=request.user).pk))
                if product_id is not None:
                    messages.success(request, "The product is made, and hidden until you show it in the shop.")
                    page = "product_matrix" if form.cleaned_data["choices"] else "catalogue_product_change"
                    return see_other(reverse(f"admin:{page}", args=(product_id,)))
        else:
            form = NewProductForm()
        return self.show_page(request, "admin/product_new.html", title="New product", form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        products = Product.objects.select_related("product_class", "parent").exclude(product_class=None, parent=None)
        product = get_object_or_404(products, pk=read_key(object_id))
        if product.is_child:
            return redirect("admin:catalogue_product_change", product.parent_id)
        return self._edit(request, product)

    @action(description="Change its address", permissions=["change"], url_path="address", icon="edit_location")
    def rename_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        products = Product.objects.exclude(structure=Product.CHILD)
        return show_act(request, self, build_rename(get_object_or_404(products, pk=object_id)))

    def _edit(self, request: HttpRequest, product: Product) -> HttpResponse:
        sheet = read_sheet(product)
        rights = rights_of(request.user)
        forms = ProductForms(sheet, rights, data=request.POST or None, files=request.FILES or None)
        if request.method == "POST":
            if not rights.may_anything:
                raise PermissionDenied
            if forms.is_valid():
                sentence = attempt(forms.product, lambda: save_product(forms, actor=request.user))
                if sentence is not None:
                    messages.success(request, sentence)
                    return see_other(reverse("admin:catalogue_product_change", args=(product.pk,)))
        return self.show_page(
            request,
            "admin/product.html",
            title=product.title,
            sheet=sheet,
            forms=forms,
            rights=rights,
            standing=standing_of(product, sheet.publication),
        )
