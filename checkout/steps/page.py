"""What the checkout page shows: which section is open, what the others say, the summary, the button."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.forms import Form
from django.utils import timezone

from checkout.basket.page import show_vouchers
from checkout.basket.shown_lines import show_lines
from checkout.placement import ADDRESS, CONTACT, DELIVERY, REVIEW
from checkout.quote.build import vouchers_of
from checkout.quote.compare import Change
from checkout.quote.explanation import explain_totals
from checkout.quote.figures import Quote
from checkout.quote.records import CheckoutDraft
from checkout.steps.address import AddressForm, describe_address
from checkout.steps.buyer import BuyerForm
from checkout.steps.contact import ContactForm
from checkout.steps.countries import country_choices
from checkout.steps.review import ReviewForm, sign_shown
from checkout.tax.rates import country_name
from shipping.rates.promise import arrival_words
from shop.money import format_money

SENTENCE = (
    "The button orders with obligation to pay. It takes you to the payment page of our provider; "
    "we never see your card."
)


@dataclass(slots=True)
class Answer:
    """What the last POST left to show: a form with errors by section, an error on delivery, changed figures."""

    forms: dict[str, Form] = field(default_factory=dict)
    delivery_error: str = ""
    changes: list[Change] = field(default_factory=list)


def checkout_context(
    draft: CheckoutDraft, quote: Quote, *, edit: str = "", answer: Answer | None = None, email: str = ""
) -> dict[str, Any]:
    """The context of templates/checkout/checkout.html. `email` fills an empty contact for who is signed in."""
    answer = answer or Answer()
    states = section_states(draft, quote, edit=edit, has_answer=bool(answer.forms or answer.delivery_error))
    lines = show_lines(quote)
    return {
        "contact": _contact(draft, states[CONTACT], answer, email),
        "address": _address(draft, quote, states[ADDRESS], answer),
        "delivery": _delivery(draft, quote, states[DELIVERY], answer),
        "needs_parcel": quote.needs_parcel,
        "review": _review(quote, states[REVIEW], answer),
        "basket": {
            "lines": lines,
            "count": sum(line.quantity for line in lines),
            "currency": quote.currency,
        },
        "totals": explain_totals(quote, delivery_words="chosen below"),
        "voucher": show_vouchers(vouchers_of(draft.basket), back="/checkout/"),
        "changes": {"rows": answer.changes, "currency": quote.currency} if answer.changes else None,
        "pay_url": "/checkout/place/",
        "pay_label": f"Pay {format_money(quote.total, quote.currency)}",
        "quote": quote,
        "shown": "" if states[REVIEW] == "open" else sign_shown(quote),
    }


def section_states(draft: CheckoutDraft, quote: Quote, *, edit: str = "", has_answer: bool = False) -> dict[str, str]:
    """`open` for one section, `done` for those that are filled in, `later` for the rest.

    `edit` opens a section that is filled in, or is next; with an answer to a form it opens that form's in any case.
    """
    needed = "line1" if quote.needs_parcel else "last_name"
    filled = {
        CONTACT: bool(draft.email),
        ADDRESS: bool(draft.address.get(needed)) and draft.address.get("country") == quote.country,
        DELIVERY: quote.shipping is not None and not quote.refusals,
    }
    if not quote.needs_parcel:
        # There is no delivery to choose; a country whose tax we do not know is put right in the address.
        filled[ADDRESS], filled[DELIVERY] = filled[ADDRESS] and not quote.refusals, True
    missing = [name for name in (CONTACT, ADDRESS, DELIVERY) if not filled[name]]
    can_edit = edit in filled and (has_answer or filled[edit] or missing[:1] == [edit])
    opened = edit if can_edit else missing[0] if missing else REVIEW
    states = {name: "done" if filled[name] and _is_before_gap(name, missing) else "later" for name in filled}
    states[REVIEW] = "later"
    states[opened] = "open"
    return states


def _is_before_gap(name: str, missing: list[str]) -> bool:
    """A later section keeps its data, but is shown as done only when nothing before it is open."""
    order = (CONTACT, ADDRESS, DELIVERY)
    return not missing or order.index(name) < order.index(missing[0])


def _contact(draft: CheckoutDraft, state: str, answer: Answer, email: str) -> dict[str, Any]:
    initial = {"email": draft.email or email, "phone": draft.phone, "vat_id": draft.vat_id}
    return {
        "state": state,
        "edit_url": "/checkout/?edit=contact",
        "save_url": "/checkout/contact/",
        "summary": [line for line in (draft.email, draft.phone, draft.vat_id and f"VAT id {draft.vat_id}") if line],
        "form": answer.forms.get(CONTACT) or ContactForm(initial=initial),
    }


def _address(draft: CheckoutDraft, quote: Quote, state: str, answer: Answer) -> dict[str, Any]:
    form = answer.forms.get(ADDRESS)
    if form is None and state == "open":
        form = (
            AddressForm(countries=country_choices(), initial=draft.address)
            if quote.needs_parcel
            else BuyerForm(initial=draft.address)
        )
    country = draft.address.get("country", "")
    return {
        "state": state,
        "name": "Delivery address" if quote.needs_parcel else "Who buys",
        "next": "delivery" if quote.needs_parcel else "the review",
        "error": "" if quote.needs_parcel else " ".join(quote.refusals),
        "edit_url": "/checkout/?edit=address",
        "save_url": "/checkout/address/",
        "summary": describe_address(draft.address, country=country_name(country)) if country else [],
        "form": form,
    }


def _delivery(draft: CheckoutDraft, quote: Quote, state: str, answer: Answer) -> dict[str, Any]:
    today = timezone.localdate()
    codes = [method.code for method in quote.methods]
    chosen = draft.method_code if draft.method_code in codes else next(iter(codes), "")
    options = [
        {
            "code": method.code,
            "name": method.name,
            "price": method.price,
            "words": arrival_words(ordered_on=today, days_min=method.days_min, days_max=method.days_max),
            "is_chosen": method.code == chosen,
        }
        for method in quote.methods
    ]
    current = next((option for option in options if option["code"] == draft.method_code), None)
    gone = "The delivery you chose is no longer possible. Please choose another."
    error = answer.delivery_error or " ".join(quote.refusals) or (gone if draft.method_code and not current else "")
    return {
        "state": state,
        "edit_url": "/checkout/?edit=delivery",
        "save_url": "/checkout/delivery/",
        "options": options,
        "error": error,
        "summary": [str(current["name"]), str(current["words"])] if current else [],
    }


def _review(quote: Quote, state: str, answer: Answer) -> dict[str, Any]:
    form = answer.forms.get(REVIEW)
    kept = f"Your things are held for you for {settings.RESERVATION_MINUTES} minutes while you pay."
    ready = "Your files are ready as soon as you have paid: on the page of your order, and in a mail."
    if isinstance(form, ReviewForm) and form.is_bound:
        form.data = {**form.data.dict(), "quote": sign_shown(quote)} if hasattr(form.data, "dict") else form.data
    return {
        "state": state,
        "form": form or ReviewForm(initial={"quote": sign_shown(quote)}, has_downloads=quote.has_downloads),
        "sentences": [SENTENCE, kept if quote.needs_parcel else ready, f"All amounts in {settings.SHOP_CURRENCY}."],
    }
