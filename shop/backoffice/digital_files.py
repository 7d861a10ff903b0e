"""Files for sale: upload, replace by a new edition, say which products are sold with them."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from oscar.apps.catalogue.models import Product
from unfold import widgets
from unfold.decorators import display

from catalog.digital.kinds import HEAD, KINDS, MOST_BYTES, FileRefused, check_kind, check_name
from catalog.digital.offered import NotDigital, check_digital, name_of_size, place_file, skus_with
from catalog.digital.records import DigitalFile
from catalog.digital.store import store_file
from catalog.personal.writing import find_families
from shop.backoffice.dressing import Desk
from shop.backoffice.sayings import SayingForm


class DigitalFileForm(SayingForm):
    upload = forms.FileField(
        label="File",
        required=False,
        widget=widgets.UnfoldAdminFileFieldWidget,
        help_text=f"Up to {MOST_BYTES // 2**20} MB: {', '.join(sorted(KINDS))}. Kept where no address leads.",
    )
    skus = forms.CharField(
        label="Products",
        required=False,
        max_length=100_000,
        widget=widgets.UnfoldAdminTextareaWidget,
        help_text="One SKU a line; of a product with variants any of its SKUs. Its class neither travels nor is counted.",
    )

    class Meta:
        model = DigitalFile
        fields = ("name", "downloads", "hours")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product_ids: list[int] = []
        if "name" in self.fields:
            self.fields["name"].required = False
            self.fields["name"].help_text = "What the buyer gets and import files say. Empty: the file's own name."
        if self.instance.pk and "upload" in self.fields:
            self.fields["upload"].help_text = "Another file is a new edition: who has bought it gets that from then on."
            self.initial["skus"] = "\n".join(skus_with(self.instance))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload: UploadedFile | None = data.get("upload")
        name = data.get("name") or self.instance.name or (upload.name if upload else "") or ""
        if upload is None and not self.instance.pk:
            raise forms.ValidationError("Choose the file to sell.")
        try:
            data["name"] = check_name(name)
            if upload is not None:
                if (upload.size or 0) > MOST_BYTES:
                    raise FileRefused(f"The file is larger than {MOST_BYTES // 2**20} MB, the most in one piece.")
                check_kind(data["name"], upload.read(HEAD))
                upload.seek(0)
            elif data["name"].rpartition(".")[2] != self.instance.name.rpartition(".")[2]:
                raise FileRefused("The ending says what the file is, so it stays. Upload another file to change it.")
        except FileRefused as refusal:
            self.add_error("upload" if upload is not None else "name", str(refusal))
        else:
            if DigitalFile.objects.filter(name=data["name"]).exclude(pk=self.instance.pk).exists():
                self.add_error("name", "Another file for sale has this name. Open that one, or choose another name.")
        return data

    def clean_skus(self) -> str:
        named = self.cleaned_data["skus"].split()
        known = find_families(named)
        missing = [sku for sku in named if sku not in known]
        if missing:
            raise forms.ValidationError(f"There is no SKU {', '.join(missing[:5])}. Correct it, or leave it out.")
        self.product_ids = sorted({known[sku] for sku in named})
        for product in Product.objects.filter(pk__in=self.product_ids).select_related("product_class"):
            try:
                check_digital(product)
            except NotDigital as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return "\n".join(named)


class DigitalFileDesk(Desk):
    form = DigitalFileForm
    name = "Files for sale"
    list_display = ("name", "show_size", "downloads", "hours", "created_at")
    search_fields = ("name",)
    search_help_text = "Name"
    ordering = ("name",)
    fields = ("upload", "name", ("downloads", "hours"), "skus")

    @display(description="Size", ordering="size")
    def show_size(self, file: DigitalFile) -> str:
        return name_of_size(file.size)

    def save_model(self, request: HttpRequest, obj: DigitalFile, form: Any, change: bool) -> None:
        data = form.cleaned_data
        upload: UploadedFile | None = data["upload"]
        with transaction.atomic():
            if change:
                obj.save(update_fields=["name", "downloads", "hours"])
            if upload is not None:
                kept = store_file(name=data["name"], chunks=upload.chunks(), actor=request.user)
                DigitalFile.objects.filter(pk=kept.pk).update(downloads=data["downloads"], hours=data["hours"])
                obj.pk = kept.pk
            place_file(obj.pk, product_ids=form.product_ids)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who bought it has a right to it: take the products out of its list instead."""
        return False
