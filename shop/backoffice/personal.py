"""Personalisation in the back office: what may be written on which products, and the words that are written on none."""

from typing import Any

from django import forms
from django.http import HttpRequest
from unfold import widgets
from unfold.decorators import display

from catalog.personal.records import BannedWord, TextRule
from catalog.personal.wording import fold_word
from catalog.personal.writing import find_families, skus_of, write_rule
from shop.backoffice.dressing import Desk
from shop.backoffice.sayings import SayingForm

MOST_SKUS = 5000


class TextRuleForm(SayingForm):
    name = forms.CharField(
        max_length=60, widget=widgets.UnfoldAdminTextInputWidget, help_text="What the shopper reads: Engraving."
    )
    help_text = forms.CharField(label="Hint", max_length=250, required=False, widget=widgets.UnfoldAdminTextInputWidget)
    is_required = forms.BooleanField(label="Needed", required=False, widget=widgets.UnfoldBooleanSwitchWidget)
    skus = forms.CharField(
        label="Products",
        required=False,
        max_length=200_000,
        widget=widgets.UnfoldAdminTextareaWidget,
        help_text="One SKU per line; of a product with variants any of its SKUs.",
    )

    class Meta:
        model = TextRule
        fields = ("max_length", "extra_characters", "surcharge")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.instance
        if rule.option_id:
            self.initial.update(
                name=rule.option.name,
                help_text=rule.option.help_text or "",
                is_required=rule.option.required,
                skus="\n".join(skus_of(rule)),
            )

    def clean_skus(self) -> str:
        named = self.cleaned_data["skus"].split()
        if len(named) > MOST_SKUS:
            raise forms.ValidationError(f"{len(named)} SKUs are too many for one list; {MOST_SKUS} are the most.")
        known = find_families(named)
        missing = [sku for sku in named if sku not in known]
        if missing:
            raise forms.ValidationError(f"There is no SKU {', '.join(missing[:5])}. Correct it, or leave it out.")
        self.product_ids = sorted({known[sku] for sku in named})
        return "\n".join(named)


class TextRuleDesk(Desk):
    form = TextRuleForm
    list_display = ("show_name", "max_length", "surcharge", "show_needed")
    list_select_related = ("option",)
    search_fields = ("option__name",)
    search_help_text = "Name"
    ordering = ("option__name", "pk")
    fields = (("name", "is_required"), "help_text", ("max_length", "extra_characters"), "surcharge", "skus")

    @display(description="Personalisation", ordering="option__name")
    def show_name(self, rule: TextRule) -> str:
        return rule.option.name

    @display(description="Needed", boolean=True)
    def show_needed(self, rule: TextRule) -> bool:
        return rule.option.required

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Baskets and orders name it: take the products out of its list instead."""
        return False

    def save_model(self, request: HttpRequest, obj: TextRule, form: Any, change: bool) -> None:
        data = form.cleaned_data
        write_rule(
            obj,
            name=data["name"],
            help_text=data["help_text"],
            is_required=data["is_required"],
            product_ids=form.product_ids,
        )


class BannedWordForm(SayingForm):
    class Meta:
        model = BannedWord
        fields = ("word",)

    def clean_word(self) -> str:
        word = fold_word(self.cleaned_data["word"])
        if not word or " " in word:
            raise forms.ValidationError("Write one word, without spaces; case and accents do not matter.")
        return word


class BannedWordDesk(Desk):
    form = BannedWordForm
    list_display = ("word",)
    search_fields = ("word",)
    search_help_text = "Word"
    fields = ("word",)
