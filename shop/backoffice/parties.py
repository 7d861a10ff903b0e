"""Makers, importers and responsible persons, kept once and named by many products."""

from typing import Any

from django import forms
from django.http import HttpRequest
from unfold.decorators import display

from catalog.customs import WrongFact, read_origin
from catalog.safety.records import Party
from catalog.safety.writing import refresh_products_of
from shop.backoffice.dressing import Desk


class PartyForm(forms.ModelForm):
    def clean_country(self) -> str:
        text = self.cleaned_data["country"]
        try:
            return read_origin(text) if text else ""
        except WrongFact as problem:
            raise forms.ValidationError(str(problem)) from problem


class PartyDesk(Desk):
    form = PartyForm
    list_display = ("name", "country", "show_electronic", "show_products")
    search_fields = ("name",)
    fields = ("name", "postal_address", "country", "email", "url")

    @display(description="Mail or page")
    def show_electronic(self, party: Party) -> str:
        return party.email or party.url

    @display(description="Complete", boolean=True)
    def show_products(self, party: Party) -> bool:
        return bool(party.postal_address and party.country and (party.email or party.url))

    def save_model(self, request: HttpRequest, obj: Party, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            refresh_products_of(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Products that were sold name them."""
        return False
