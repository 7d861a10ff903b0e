"""The part of a product's page for customs, packing and the law: tariff code, origin, size, maker, warnings."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from unfold import widgets

from catalog.customs import READERS, WrongFact
from catalog.logistics import Logistics
from catalog.safety.records import Party, ProductSafety

LOGISTICS = tuple(READERS)
SIDE = {"inputmode": "numeric"}


class FactField(forms.CharField):
    """Read by the catalogue's own function, as in files."""

    def __init__(self, name: str, **options: Any) -> None:
        self.fact = name
        super().__init__(required=False, max_length=60, widget=widgets.UnfoldAdminTextInputWidget, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return READERS[self.fact](text) if text else ""
        except WrongFact as problem:
            raise forms.ValidationError(str(problem)) from problem


def _party(label: str, help_text: str) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        queryset=Party.objects.order_by("name"), required=False, label=label, empty_label="nobody named",
        widget=widgets.UnfoldAdminSelectWidget, help_text=help_text,
    )  # fmt: skip


class FactsForm(forms.Form):
    hs_code = FactField("hs_code", label="Tariff code", help_text="6, 8 or 10 digits (HS).")
    origin = FactField("origin", label="Country of origin", help_text="Two letters, for example DE.")
    length_mm = FactField("length_mm", label="Length in mm", help_text="As packed.")
    width_mm = FactField("width_mm", label="Width in mm")
    height_mm = FactField("height_mm", label="Height in mm")
    maker = _party("Maker", "")
    responsible = _party("Responsible in the EU", "Importer or responsible person, when the maker is outside the EU.")
    warnings = forms.CharField(
        required=False, max_length=4000, widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="One a line, in the words of the law.",
    )  # fmt: skip
    documents = forms.CharField(
        required=False, max_length=8000, widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="One a line: Manual | https://example.com/manual.pdf",
    )  # fmt: skip

    def __init__(self, logistics: Logistics | None, safety: ProductSafety | None, data: Any = None) -> None:
        initial: dict[str, Any] = {name: getattr(logistics, name) for name in LOGISTICS} if logistics else {}
        if safety is not None:
            initial |= {
                "maker": safety.maker_id,
                "responsible": safety.responsible_id,
                "warnings": safety.warnings,
                "documents": "\n".join(f"{one.title} | {one.url}" for one in safety.documents.all()),
            }
        super().__init__(data, initial=initial, prefix="facts", use_required_attribute=False)

    def clean_documents(self) -> list[tuple[str, str]]:
        found = []
        for line in filter(str.strip, self.cleaned_data["documents"].splitlines()):
            title, _, url = (part.strip() for part in line.partition("|"))
            if not title or len(title) > 120 or urlsplit(url).scheme not in ("http", "https") or len(url) > 500:
                raise forms.ValidationError(
                    f"“{line.strip()[:60]}” is not a document. Write its title, then | , then its address from https:// on."
                )
            found.append((title, url))
        return found

    def logistics_fields(self) -> list[Any]:
        return [self[name] for name in LOGISTICS]

    def safety_fields(self) -> list[Any]:
        return [self[name] for name in ("maker", "responsible", "warnings", "documents")]
