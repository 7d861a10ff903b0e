"""The checkout's pages: one GET shows it all, each section has its POST (303). Placing is in checkout.steps.placing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from checkout.basket.views import BASKET_URL, SeeOther
from checkout.placement import ADDRESS, CONTACT, DELIVERY
from checkout.quote.build import quote_draft
from checkout.steps.address import AddressForm
from checkout.steps.buyer import BuyerForm
from checkout.steps.contact import ContactForm
from checkout.steps.countries import country_choices
from checkout.steps.page import Answer
from checkout.steps.saving import ensure_draft, save_address, save_contact, save_method
from checkout.steps.visit import CHECKOUT_URL, Visit, basket_problem, render_checkout, say_changes, with_checkout
from checkout.tax.reverse_charge import check_vat_id
from checkout.tax.vat_id import VatId
from checkout.tax.vat_records import VatCheck

NOT_IN_FORCE = (
    "The register of the EU does not know this VAT id, or it is not in force. Please check it, or leave the field empty:"
    " then VAT is charged."
)
NOT_CHECKED = (
    "The register of VAT ids gives no answer just now, so VAT is charged. We keep asking; when your id is confirmed, we"
    " give the VAT back."
)


@require_GET
@with_checkout
def show_checkout(request: HttpRequest, visit: Visit) -> HttpResponse:
    quote = quote_draft(visit.draft)
    if problem := basket_problem(quote):
        messages.warning(request, problem)
        return SeeOther(BASKET_URL)
    return render_checkout(request, visit.draft, quote=quote, edit=request.GET.get("edit", ""))


@require_POST
@sensitive_post_parameters()
@with_checkout
def save_contact_section(request: HttpRequest, visit: Visit) -> HttpResponse:
    quote = quote_draft(visit.draft)
    say_changes(request, quote)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return render_checkout(request, visit.draft, quote=quote, edit=CONTACT, answer=Answer(forms={CONTACT: form}))
    data = form.cleaned_data
    vat_id: VatId | None = data.get("vat_id")
    if vat_id is not None:
        state = check_vat_id(vat_id).state
        if state == VatCheck.State.INVALID:
            form.add_error("vat_id", NOT_IN_FORCE)
            return render_checkout(
                request, visit.draft, quote=quote, edit=CONTACT, answer=Answer(forms={CONTACT: form})
            )
        if state == VatCheck.State.UNAVAILABLE:
            messages.info(request, NOT_CHECKED)
    draft_id = ensure_draft(visit.basket).pk
    save_contact(draft_id, email=data["email"], phone=data["phone"], vat_id=vat_id.text if vat_id else "")
    return SeeOther(CHECKOUT_URL)


@require_POST
@sensitive_post_parameters()
@with_checkout
def save_address_section(request: HttpRequest, visit: Visit) -> HttpResponse:
    quote = quote_draft(visit.draft)
    say_changes(request, quote)
    form: AddressForm | BuyerForm
    form = AddressForm(request.POST, countries=country_choices()) if quote.needs_parcel else BuyerForm(request.POST)
    if not form.is_valid():
        return render_checkout(request, visit.draft, quote=quote, edit=ADDRESS, answer=Answer(forms={ADDRESS: form}))
    save_address(ensure_draft(visit.basket).pk, form.address())
    return SeeOther(CHECKOUT_URL)


@require_POST
@sensitive_post_parameters()
@with_checkout
def change_country(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The address form of another country with all that was typed: nothing is checked and nothing saved yet."""
    typed = {name: value[:200] for name, value in request.POST.items() if isinstance(value, str)}
    form = AddressForm(countries=country_choices(), initial=typed)
    return render_checkout(request, visit.draft, edit=ADDRESS, answer=Answer(forms={ADDRESS: form}), status=200)


@require_POST
@with_checkout
def save_delivery_section(request: HttpRequest, visit: Visit) -> HttpResponse:
    quote = quote_draft(visit.draft)
    say_changes(request, quote)
    code = request.POST.get("method", "")
    if code not in {method.code for method in quote.methods}:
        answer = Answer(delivery_error="Please choose one of these ways.")
        return render_checkout(request, visit.draft, quote=quote, edit=DELIVERY, answer=answer)
    save_method(ensure_draft(visit.basket).pk, code)
    return SeeOther(CHECKOUT_URL)
