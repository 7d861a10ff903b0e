"""The form of a collection: its words, and its rule or its members."""

import hashlib
import json
from typing import Any

from django import forms
from django.utils.text import slugify
from oscar.apps.catalogue.models import Category, Product
from oscar.apps.partner.models import StockRecord
from unfold import widgets

from catalog.collections.preview import chosen_by_hand
from catalog.collections.records import Collection
from catalog.collections.rule import Within, WrongRule, read_rule
from shop.backoffice.product_forms import CategoryChoices
from shop.backoffice.sellable_form import money_field

MOST_MEMBERS = 2000


def _lines(rows: int, help_text: str) -> Any:
    return forms.CharField(
        required=False, max_length=100_000, help_text=help_text,
        widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": rows}),
    )  # fmt: skip


class CollectionForm(forms.Form):
    name = forms.CharField(max_length=120, widget=widgets.UnfoldAdminTextInputWidget)
    slug = forms.SlugField(
        max_length=120,
        required=False,
        widget=widgets.UnfoldAdminTextInputWidget,
        help_text="Empty: made from the name.",
    )
    description = _lines(3, "Stands under the name.")
    is_public = forms.BooleanField(label="Shown in the shop", required=False, widget=widgets.UnfoldBooleanSwitchWidget)
    kind = forms.ChoiceField(choices=Collection.Kind.choices, widget=widgets.UnfoldAdminSelectWidget)
    match = forms.ChoiceField(
        choices=(("all", "all of these"), ("any", "any of these")),
        required=False,
        widget=widgets.UnfoldAdminSelectWidget,
    )
    categories = CategoryChoices(
        queryset=Category.objects.none(), required=False,
        widget=widgets.UnfoldAdminSelectMultipleWidget(attrs={"size": 6}),
    )  # fmt: skip
    brands = _lines(2, "One a line.")
    tags = _lines(2, "One a line.")
    attributes = _lines(2, "One attribute a line: colour: Sage | Clay")
    least = money_field(required=False, label="Price from")
    most = money_field(required=False, label="Price to")
    every_variant = forms.BooleanField(
        label="In every variant",
        required=False,
        widget=widgets.UnfoldBooleanWidget,
        help_text="Otherwise a product is in it as soon as its cheapest variant is in the range.",
    )
    days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=3650,
        label="New within days",
        widget=widgets.UnfoldAdminIntegerFieldWidget,
    )
    reduced = forms.BooleanField(label="Only reduced", required=False, widget=widgets.UnfoldBooleanWidget)
    only_in_stock = forms.BooleanField(
        label="Only what is in stock", required=False, widget=widgets.UnfoldBooleanWidget
    )
    members = _lines(6, "By hand: SKUs or handles, one a line, in the order of the page.")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, collection: Collection | None, data: Any = None) -> None:
        self.collection = collection
        super().__init__(data, initial=_initial(collection), use_required_attribute=False)
        self.fields["categories"].queryset = Category.objects.order_by("path")  # type: ignore[attr-defined]

    def clean_attributes(self) -> list[tuple[str, list[str]]]:
        found = []
        for line in filter(str.strip, self.cleaned_data["attributes"].splitlines()):
            code, colon, values = line.partition(":")
            words = [word.strip() for word in values.split("|") if word.strip()]
            if not colon or not code.strip() or not words:
                raise forms.ValidationError(f"“{line[:60]}” names no values. Write it like colour: Sage | Clay")
            found.append((code.strip(), words))
        return found

    def clean_members(self) -> list[int]:
        words = list(dict.fromkeys(line.strip() for line in self.cleaned_data["members"].splitlines() if line.strip()))
        if len(words) > MOST_MEMBERS:
            raise forms.ValidationError(f"A collection by hand has at most {MOST_MEMBERS} products. Use a rule.")
        known = dict(Product.objects.filter(slug__in=words, parent=None).values_list("slug", "pk"))
        for sku, own, parent in StockRecord.objects.filter(partner_sku__in=words).values_list(
            "partner_sku", "product_id", "product__parent_id"
        ):
            known.setdefault(sku, parent or own)
        unknown = [word for word in words if word not in known]
        if unknown:
            raise forms.ValidationError(f"No product has the SKU or handle {', '.join(unknown[:5])[:200]}.")
        return list(dict.fromkeys(known[word] for word in words))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.errors:
            return data
        data["slug"] = data["slug"] or slugify(data["name"])
        taken = Collection.objects.filter(slug=data["slug"])
        if not data["slug"] or taken.exclude(pk=self.collection.pk if self.collection else 0).exists():
            self.add_error("slug", "Another collection has this address, or it is empty. Choose another one.")
        if data["kind"] == Collection.Kind.RULE:
            try:
                read_rule(self.rule)
            except WrongRule as problem:
                self.add_error(None, str(problem))
        return data

    @property
    def rule(self) -> dict[str, Any]:
        data = self.cleaned_data
        conditions: list[dict[str, Any]] = []
        if data["categories"]:
            conditions.append({"fact": "category", "values": sorted(one.pk for one in data["categories"])})
        for fact, field in (("brand", "brands"), ("tag", "tags")):
            words = [line.strip() for line in data[field].splitlines() if line.strip()]
            if words:
                conditions.append({"fact": fact, "values": words})
        conditions += [{"fact": "attribute", "code": code, "values": words} for code, words in data["attributes"]]
        ends: dict[str, Any] = {end: f"{data[end]:f}" for end in ("least", "most") if data[end] is not None}
        if ends:
            every = {"every_variant": True} if data["every_variant"] else {}
            conditions.append({"fact": "price", **ends, **every})
        if data["days"]:
            conditions.append({"fact": "new", "days": data["days"]})
        if data["reduced"]:
            conditions.append({"fact": "reduced"})
        return {"match": data["match"] or "all", "conditions": conditions}

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("name", "slug", "description", "is_public", "kind", "only_in_stock")
        is_rule = data["kind"] == Collection.Kind.RULE
        return {**{name: data[name] for name in names}, "rule": self.rule if is_rule else {}}

    @property
    def within(self) -> Within:
        if self.cleaned_data["kind"] == Collection.Kind.MANUAL:
            return chosen_by_hand(self.cleaned_data["members"])
        return read_rule(self.rule, prefix="after")

    @property
    def digest(self) -> str:
        """Of what decides who is in it: a preview counts only for what it showed."""
        data = [self.values["kind"], self.values["rule"], self.values["only_in_stock"], self.cleaned_data["members"]]
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def _initial(collection: Collection | None) -> dict[str, Any]:
    if collection is None:
        return {"kind": Collection.Kind.RULE, "match": "all"}
    initial: dict[str, Any] = {
        name: getattr(collection, name)
        for name in ("name", "slug", "description", "is_public", "kind", "only_in_stock")
    }
    initial["match"] = collection.rule.get("match", "all")
    attributes = []
    for one in collection.rule.get("conditions", []):
        match one["fact"]:
            case "category":
                initial["categories"] = one["values"]
            case "brand" | "tag":
                initial[f"{one['fact']}s"] = "\n".join(one["values"])
            case "attribute":
                attributes.append(f"{one['code']}: {' | '.join(one['values'])}")
            case "price":
                initial |= {part: one[part] for part in ("least", "most", "every_variant") if part in one}
            case "new":
                initial["days"] = one["days"]
            case "reduced":
                initial["reduced"] = True
    initial["attributes"] = "\n".join(attributes)
    members = collection.members.select_related("product").order_by("position", "pk")
    initial["members"] = "\n".join(one.product.slug for one in members)
    return initial
