"""The search desks: words that mean the same, and products that stand first, higher or last."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from oscar.apps.catalogue.models import Category, Product
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from catalog.search.languages import base_language
from catalog.search.placements import PlacementRefused, place_product, remove_rows
from catalog.search.staff_words import Placement, SynonymGroup
from catalog.search.synonyms import SynonymRefused, write_synonym
from shop.backoffice.dressing import Desk


class SynonymForm(forms.ModelForm):
    """Phrases apart by commas; the room's function folds, checks and writes them."""

    asked = forms.CharField(
        label="When shoppers type",
        widget=UnfoldAdminTextInputWidget,
        help_text="Words or phrases with commas between them, for example: couch, settee",
    )
    meant = forms.CharField(
        label="also look for",
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Empty: all of the words above mean the same, both ways. Otherwise they also find these, one way.",
    )
    language = forms.CharField(max_length=8, widget=UnfoldAdminTextInputWidget, help_text="For example en or de.")

    class Meta:
        model = SynonymGroup
        fields = ("language",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked"].initial = ", ".join(self.instance.terms or ())
        self.fields["meant"].initial = ", ".join(self.instance.means)
        self.fields["language"].initial = self.instance.language or base_language()

    def clean_language(self) -> str:
        language = self.cleaned_data["language"].strip().lower()
        if not (language.isascii() and language.isalpha() and len(language) in (2, 3)):
            raise ValidationError("Write the language's code of two or three letters, for example en.")
        return language

    def write(self, actor: Any) -> SynonymGroup:
        return write_synonym(
            terms=self.cleaned_data["asked"].split(","),
            means=self.cleaned_data["meant"].split(","),
            language=self.cleaned_data["language"],
            group=SynonymGroup.objects.get(pk=self.instance.pk) if self.instance.pk else None,
            actor=actor,
        )


class PlacementForm(forms.ModelForm):
    kind = forms.ChoiceField(choices=Placement.Kind.choices, widget=UnfoldAdminSelectWidget, label="What")
    address = forms.CharField(
        label="Product",
        widget=UnfoldAdminTextInputWidget,
        help_text="The last part of its address (/p/blue-lamp/ is blue-lamp), or its SKU.",
    )
    category = forms.ModelChoiceField(
        queryset=Category.objects.all(),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="Its list on this category's page …",
    )
    words = forms.CharField(
        required=False,
        max_length=120,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 1}),
        label="Search",
        help_text="… or the answers to these words.",
    )
    position = forms.IntegerField(
        min_value=1, max_value=100, initial=1, help_text="Among several pinned products: 1 is first."
    )

    class Meta:
        model = Placement
        fields = ("kind", "category", "words", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["address"].initial = self.instance.product.slug

    def clean_address(self) -> Product:
        address = self.cleaned_data["address"].strip().strip("/").rpartition("/")[2]
        found = (
            Product.objects.exclude(structure=Product.CHILD).filter(slug=address).order_by("pk").first()
            or Product.objects.filter(stockrecords__partner_sku=address).order_by("pk").first()
        )
        if found is None:
            raise ValidationError(f"No product has the address or the SKU “{address[:60]}”.")
        return found.parent if found.parent_id else found

    def write(self, actor: Any) -> Placement:
        return place_product(
            product=self.cleaned_data["address"],
            kind=self.cleaned_data["kind"],
            words=self.cleaned_data["words"],
            category=self.cleaned_data["category"],
            position=self.cleaned_data["position"],
            placement=Placement.objects.get(pk=self.instance.pk) if self.instance.pk else None,
            actor=actor,
        )


class WrittenDesk(Desk):
    """Its form writes through the room's function, which checks, audits and refuses in words."""

    refusals: tuple[type[Exception], ...] = ()
    actions = ("remove",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        desk = self

        class Asked(form):  # type: ignore[misc, valid-type]
            def clean(self) -> dict[str, Any]:
                """Writes, and takes it back at once: what the room would refuse, the form says."""
                data = super().clean() or {}
                if not self.errors:
                    try:
                        with transaction.atomic():
                            self.write(request.user)
                            transaction.set_rollback(True)
                    except desk.refusals as refusal:
                        raise ValidationError(str(refusal)) from refusal
                return data

            def _post_clean(self) -> None:
                """The database's rules are the room's to ask."""

        return Asked

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        written = form.write(request.user)
        obj.pk = written.pk
        obj.refresh_from_db()

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The room has written the audit entry."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The room has written the audit entry."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on these rows."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Removed by an action that names each in the audit log."""
        return False

    @action(description="Remove", permissions=["change"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        number = remove_rows(queryset, actor=request.user)
        messages.success(request, f"{number} removed. The next search goes without.")


class SynonymDesk(WrittenDesk):
    name = "Synonyms"
    form = SynonymForm
    refusals = (SynonymRefused,)
    list_display = ("show_terms", "show_means", "language", "created_at")
    list_filter = ("language",)
    search_fields = ("terms",)
    ordering = ("-pk",)
    fields = ("asked", "meant", "language")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"asked": request.GET.get("asked", "")[:80], "language": base_language()}

    @display(description="When shoppers type")
    def show_terms(self, group: SynonymGroup) -> str:
        return ", ".join(group.terms)

    @display(description="they also find")
    def show_means(self, group: SynonymGroup) -> str:
        return ", ".join(group.means) if group.means else "what the others find"


class PlacementDesk(WrittenDesk):
    name = "Placements"
    form = PlacementForm
    refusals = (PlacementRefused,)
    list_display = ("show_product", "show_kind", "show_list", "position", "created_at")
    list_filter = ("kind",)
    list_select_related = ("product", "category")
    search_fields = ("product__title", "words", "category__name")
    ordering = ("category__path", "words", "position", "pk")
    fields = ("kind", "address", ("category", "words"), "position")

    @display(description="Product")
    def show_product(self, placement: Placement) -> str:
        return placement.product.title

    @display(description="What", ordering="kind")
    def show_kind(self, placement: Placement) -> str:
        return placement.get_kind_display()

    @display(description="Where")
    def show_list(self, placement: Placement) -> str:
        return f"category “{placement.category.name}”" if placement.category else f"search “{placement.words}”"
