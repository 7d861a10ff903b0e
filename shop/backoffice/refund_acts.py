"""Refund an order: what goes back is chosen by line, delivery or amount; above one's limit a second person decides."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from oscar.apps.order.models import Order
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldBooleanSwitchWidget

from checkout.payments.records import PaymentAttempt
from checkout.refunds.asking import ask_refund
from checkout.refunds.parts import OpenLine, RefundWish, open_delivery, open_lines
from checkout.refunds.records import RefundRequest
from checkout.refunds.splitting import left_of, paid_together
from shop.backoffice.acts import Act, ReasonForm
from shop.backoffice.amount_field import MoneyField
from shop.backoffice.refusal import Refused
from shop.backoffice.roles import ROLES
from shop.money import ZERO, format_money, smallest_amount


def refundable_of(order: Order) -> tuple[PaymentAttempt | None, Decimal]:
    """The payment that holds most of the order's money, and how much it and those beside it can still give back."""
    attempts = list(PaymentAttempt.objects.filter(order=order, captured__gt=ZERO).order_by("-pk"))
    best = max(attempts, key=left_of, default=None)
    return best, sum((left_of(one) for one in paid_together(best)), ZERO) if best is not None else ZERO


def limit_of(user: Any, currency: str) -> Decimal | None:
    """What a person may give back alone on one order: the highest limit of their roles; None means no limit.

    Limits are in the shop's currency: in another one a person with a limit asks a second person.
    """
    if user.is_superuser:
        return None
    names = set(user.groups.values_list("name", flat=True))
    limits = [role.refund_limit for role in ROLES if role.name in names]
    if None in limits:
        return None
    return max((one for one in limits if one is not None), default=ZERO) if currency == settings.SHOP_CURRENCY else ZERO


class RefundForm(ReasonForm):
    """One field for the units of each line, named `line_<id>`; nothing is chosen beforehand.

    How much is left is checked under the lock, not here: a repeated press has to come through to its stored answer.
    """

    everything = forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget)
    delivery = MoneyField(
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    amount = MoneyField(
        label="Another amount, as goodwill",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text="Its tax is shared over everything that was bought.",
    )

    def __init__(
        self, *args: Any, lines: list[OpenLine], delivery: Decimal, left: Decimal, currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["everything"].label = f"Everything that is left: {format_money(left, currency)}"
        self.fields["delivery"].label = f"Of the delivery, up to {format_money(delivery, currency)}"
        self.lines = [one for one in lines if one.line.line_price_incl_tax]
        for one in self.lines:
            self.fields[f"line_{one.line.pk}"] = forms.IntegerField(
                label=f"Units of {one.line.title}",
                required=False,
                min_value=0,
                widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
                help_text=f"{one.left} can go back, for {format_money(one.amount, currency)} in all.",
            )
        chosen = [f"line_{one.line.pk}" for one in self.lines]
        self.order_fields([*chosen, "delivery", "amount", "everything", "reason", "key"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        wish = self.wish(data)
        is_part = bool(wish.delivery or wish.goodwill or any(wish.units.values()))
        if is_part == wish.everything:
            raise forms.ValidationError(
                "Choose either everything, or what of it goes back."
                if is_part
                else "Say what goes back: units of a line, the delivery, an amount, or everything."
            )
        return data

    def wish(self, data: Mapping[str, Any]) -> RefundWish:
        return RefundWish(
            units={one.line.pk: data.get(f"line_{one.line.pk}") or 0 for one in self.lines},
            delivery=self._money(data.get("delivery")),
            goodwill=self._money(data.get("amount")),
            everything=bool(data.get("everything")),
        )

    def _money(self, amount: Decimal | None) -> Decimal:
        return (amount or ZERO).quantize(smallest_amount(self.currency))


def build_refund(order: Order, actor: Any, back: str) -> Act:
    attempt, left = refundable_of(order)
    limit = limit_of(actor, order.currency)
    form = partial(
        RefundForm, lines=open_lines(order), delivery=open_delivery(order), left=left, currency=order.currency
    )

    def do(data: Mapping[str, Any]) -> str:
        if attempt is None:
            raise Refused("This order has no payment that could be refunded.")
        asked = ask_refund(
            attempt_id=attempt.pk,
            wish=form(data).wish(data),
            key=f"order:{order.pk}:staff:{data['key']}",
            reason=data["reason"],
            actor=actor,
            limit=limit,
        )
        amount = format_money(asked.amount, order.currency)
        if asked.state == RefundRequest.State.WAITING:
            return f"{amount} wait for a second person, who finds the request among the refunds to approve."
        return f"{amount} are on their way back to the customer."

    return Act(
        title=f"Refund order {order.number}",
        permission="backoffice.refund_order",
        sentences=[
            f"Up to {format_money(left, order.currency)} of this order can go back the way they were paid.",
            "Only money moves: what has not left yet is still sent, and what comes back is booked with its return.",
            "The customer gets a mail when the money has left. When everything is refunded, the order is closed.",
            *_limit_words(limit, order.currency),
        ],
        button="Refund",
        form=form,
        do=do,
        back=back,
        is_costly=True,
    )


def _limit_words(limit: Decimal | None, currency: str) -> list[str]:
    if limit is None:
        return []
    return [f"Above {format_money(limit, currency)} for one order a second person has to approve it."]
