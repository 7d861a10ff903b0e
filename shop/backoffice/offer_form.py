"""An offer on one page, in words: what it takes off, from when it counts, for whom and how long."""

from decimal import Decimal
from typing import Any

from django import forms
from oscar.apps.offer.models import ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher
from unfold import widgets

from promotions import rules
from shop.backoffice.amount_field import AmountField, MoneyField, check_step
from shop.backoffice.offer_words import BENEFITS, CONDITIONS

EVERYONE, WITH_CODE = ConditionalOffer.SITE, ConditionalOffer.VOUCHER
LARGEST_COUNT = 10_000


def _number(label: str, *, help_text: str = "", low: str = "0") -> forms.DecimalField:
    return AmountField(
        label=label, min_value=Decimal(low), max_digits=12, decimal_places=2, help_text=help_text,
        widget=widgets.UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip


def _limit(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=2_000_000_000,
        widget=widgets.UnfoldAdminIntegerFieldWidget(attrs={"placeholder": "no limit"}),
    )  # fmt: skip


def moment_field(label: str, *, required: bool = False) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        error_messages={"invalid": "Write a day and a time, for example 2026-12-03 18:00."},
    )


class OfferForm(forms.Form):
    name = forms.CharField(
        max_length=128, widget=widgets.UnfoldAdminTextInputWidget, help_text="Shoppers read it beside the discount."
    )
    benefit_type = forms.ChoiceField(label="Gives", choices=BENEFITS, widget=widgets.UnfoldAdminSelectWidget)
    benefit_value = AmountField(
        label="How much", required=False, min_value=Decimal(0), max_digits=12, decimal_places=2,
        help_text="Per cent or money, as chosen beside.", widget=widgets.UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    goods = forms.ModelChoiceField(
        label="On",
        queryset=Range.objects.order_by("name"),
        required=False,
        empty_label="all products",
        widget=widgets.UnfoldAdminSelectWidget,
        help_text="A range of products; make one under Ranges.",
    )
    condition_type = forms.ChoiceField(label="Counts", choices=CONDITIONS, widget=widgets.UnfoldAdminSelectWidget)
    condition_value = _number("From how many, or how much", low="0.01")
    max_affected_items = _limit("Pieces it takes off, at most")
    offer_type = forms.ChoiceField(
        label="For",
        choices=((EVERYONE, "everyone, by itself"), (WITH_CODE, "those with a voucher code")),
        widget=widgets.UnfoldAdminSelectWidget,
    )
    start = moment_field("Begins")
    end = moment_field("Ends")
    max_basket_applications = _limit("Times in one basket")
    max_user_applications = _limit("Times per customer")
    max_global_applications = _limit("Times in all")
    max_discount = MoneyField(
        label="Gives away in all, at most", required=False, min_value=Decimal("0.01"), max_digits=12, decimal_places=2,
        widget=widgets.UnfoldAdminDecimalFieldWidget(attrs={"placeholder": "no limit"}),
    )  # fmt: skip
    priority = forms.IntegerField(
        initial=0, min_value=-1000, max_value=1000, widget=widgets.UnfoldAdminIntegerFieldWidget,
        help_text="Higher comes first.",
    )  # fmt: skip
    exclusive = forms.BooleanField(
        label="Never together with another offer on the same pieces", required=False, initial=True,
        widget=widgets.UnfoldBooleanWidget,
    )  # fmt: skip
    is_suspended = forms.BooleanField(label="Switched off", required=False, widget=widgets.UnfoldBooleanWidget)

    def __init__(self, data: Any = None, *, offer: ConditionalOffer | None = None) -> None:
        self.offer = offer
        super().__init__(data, initial=_initial(offer) if offer is not None else None)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        taken = ConditionalOffer.objects.filter(name=name)
        if self.offer is not None:
            taken = taken.exclude(pk=self.offer.pk)
        if taken.exists():
            raise forms.ValidationError("Another offer has this name; shoppers could not tell them apart.")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_benefit(data.get("benefit_type", ""), data.get("benefit_value"))
        self._check_condition(data.get("condition_type", ""), data.get("condition_value"), data.get("benefit_type", ""))
        start, end = data.get("start"), data.get("end")
        if start and end and end <= start:
            self.add_error("end", "It ends before it begins. Choose a later end.")
        return data

    def _check_benefit(self, kind: str, value: Decimal | None) -> None:
        if kind in (rules.PERCENTAGE, rules.SHIPPING_PERCENTAGE):
            if value is None or not 0 < value <= 100:
                self.add_error("benefit_value", "Per cent lie above 0 and not above 100.")
        elif kind == rules.SHIPPING_FIXED_PRICE:
            if value is None:
                self.add_error("benefit_value", "Write what delivery costs then; 0 makes it free.")
        elif kind != rules.MULTIBUY and not value:
            self.add_error("benefit_value", "Write an amount greater than 0.")
        if kind in rules.OF_MONEY and value is not None:
            self._check_step("benefit_value", value)

    def _check_step(self, name: str, amount: Decimal) -> None:
        try:
            check_step(amount)
        except forms.ValidationError as refusal:
            self.add_error(name, refusal)

    def _check_condition(self, kind: str, value: Decimal | None, benefit: str) -> None:
        if value is None:
            return
        if kind == rules.VALUE:
            self._check_step("condition_value", value)
        if kind == rules.VALUE and benefit == rules.FIXED_PRICE:
            self.add_error("condition_type", "A bundle needs a number of pieces, not an amount of money.")
        if kind != rules.VALUE and (value != value.to_integral_value() or not 1 <= value <= LARGEST_COUNT):
            self.add_error("condition_value", f"Pieces are whole numbers from 1 to {LARGEST_COUNT}.")
        if benefit == rules.MULTIBUY and kind == rules.COUNT and value < 2:
            self.add_error("condition_value", "With one piece free, the only piece would be free: ask for 2 or more.")


def _initial(offer: ConditionalOffer) -> dict[str, Any]:
    condition, benefit = offer.condition, offer.benefit
    goods = benefit.range or condition.range
    return {
        "name": offer.name,
        "benefit_type": benefit.type,
        "benefit_value": benefit.value,
        "goods": None if goods is None or goods.includes_all_products else goods.pk,
        "condition_type": condition.type,
        "condition_value": condition.value,
        "max_affected_items": benefit.max_affected_items,
        "offer_type": offer.offer_type,
        "start": offer.start_datetime,
        "end": offer.end_datetime,
        "max_basket_applications": offer.max_basket_applications,
        "max_user_applications": offer.max_user_applications,
        "max_global_applications": offer.max_global_applications,
        "max_discount": offer.max_discount,
        "priority": offer.priority,
        "exclusive": offer.exclusive,
        "is_suspended": offer.status == ConditionalOffer.SUSPENDED,
    }


class VoucherForm(forms.Form):
    name = forms.CharField(
        max_length=128, widget=widgets.UnfoldAdminTextInputWidget, help_text="For you, not for shoppers."
    )
    code = forms.CharField(
        max_length=128, widget=widgets.UnfoldAdminTextInputWidget(attrs={"autocapitalize": "characters"}),
        help_text="Capital letters and digits are easiest to type.",
    )  # fmt: skip
    offers = forms.ModelMultipleChoiceField(
        queryset=ConditionalOffer.objects.filter(offer_type=ConditionalOffer.VOUCHER).order_by("name"),
        widget=widgets.UnfoldAdminSelectMultipleWidget,
        help_text="What the code opens: offers that are for those with a voucher code.",
        error_messages={"required": "Choose at least one offer. Make one for those with a voucher code first."},
    )
    usage = forms.ChoiceField(
        label="Can be used",
        choices=(
            (Voucher.MULTI_USE, "by everybody, as often as they like"),
            (Voucher.ONCE_PER_CUSTOMER, "once by each customer"),
            (Voucher.SINGLE_USE, "once"),
        ),
        widget=widgets.UnfoldAdminSelectWidget,
    )
    start = moment_field("Begins", required=True)
    end = moment_field("Ends", required=True)

    def __init__(self, data: Any = None, *, voucher: Voucher | None = None) -> None:
        self.voucher = voucher
        initial = None
        if voucher is not None:
            initial = {
                "name": voucher.name,
                "code": voucher.code,
                "offers": list(voucher.offers.values_list("pk", flat=True)),
                "usage": voucher.usage,
                "start": voucher.start_datetime,
                "end": voucher.end_datetime,
            }
        super().__init__(data, initial=initial)

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].upper().split())
        self._refuse_taken("code", code, "Another voucher has this code; every code is used once.")
        return code

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        self._refuse_taken("name", name, "Another voucher has this name.")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] <= data["start"]:
            self.add_error("end", "It ends before it begins. Choose a later end.")
        return data

    def _refuse_taken(self, field: str, value: str, sentence: str) -> None:
        taken = Voucher.objects.filter(**{field: value})
        if self.voucher is not None:
            taken = taken.exclude(pk=self.voucher.pk)
        if taken.exists():
            raise forms.ValidationError(sentence)
