"""The desk of collections: nothing is saved before it was seen who joins and who leaves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import display

from catalog.collections.changing import save_collection
from catalog.collections.preview import preview_change
from catalog.collections.records import Collection
from inventory.availability import ids_in_stock
from shop.backoffice.acts import see_other
from shop.backoffice.collection_form import CollectionForm
from shop.backoffice.dressing import Desk
from shop.backoffice.row_pages import read_key


class CollectionDesk(Desk):
    list_display = ("name", "show_address", "kind", "is_public")
    list_filter = ("kind", "is_public")
    search_fields = ("name", "slug")

    @display(description="Address")
    def show_address(self, collection: Collection) -> str:
        return f"/collection/{collection.slug}/"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its address lives on in links: it is hidden instead."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._edit(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._edit(request, get_object_or_404(Collection, pk=read_key(object_id)))

    def _edit(self, request: HttpRequest, collection: Collection | None) -> HttpResponse:
        form = CollectionForm(collection, request.POST or None)
        may_write = self.has_change_permission(request)
        preview, seen = None, ""
        if request.method == "POST":
            if not may_write:
                raise PermissionDenied
            if form.is_valid():
                if request.POST.get("act") == "save" and form.cleaned_data["seen"] == form.digest:
                    saved = save_collection(
                        collection.pk if collection else None,
                        form.values,
                        members=form.cleaned_data["members"],
                        actor=request.user,
                    )
                    messages.success(request, f"{saved.name} is saved.")
                    return see_other(reverse("admin:catalog_collection_change", args=(saved.pk,)))
                seen = form.digest
                preview = preview_change(
                    collection,
                    form.within,
                    only_in_stock=form.cleaned_data["only_in_stock"],
                    saleable=ids_in_stock,
                )
        return self.show_page(
            request,
            "admin/collection.html",
            title=collection.name if collection else "New collection",
            form=form,
            collection=collection,
            preview=preview,
            seen=seen,
            may_write=may_write,
        )
