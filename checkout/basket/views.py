"""The basket's pages. Each change answers 303, so that it works without script; htmx follows and swaps the page's part."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from catalog.personal.fields import PREFIX
from checkout.basket.codes import add_code, remove_code
from checkout.basket.cookies import read_basket_id, remember_basket, show_count
from checkout.basket.finding import Found, ensure_basket, find_basket
from checkout.basket.lines import UnknownProduct, add_line, choose_product, count_units, remove_line, set_quantity
from checkout.basket.mending import mend_basket
from checkout.basket.origin import same_origin_only
from checkout.basket.page import basket_context
from checkout.basket.quantity import BasketRefusal, read_quantity
from checkout.basket.throttle import sources_of
from shop.client_network import client_address

BASKET_URL = "/basket/"


class SeeOther(HttpResponseRedirect):
    """303: the answer to a form is another page, to be fetched with GET."""

    status_code = 303


@require_GET
@never_cache
def show_basket(request: HttpRequest) -> HttpResponse:
    found = find_basket(request)
    _say(request, found)
    context = basket_context(found.basket, customer_key=_customer_key(request))
    response = render(request, "basket/basket.html", context)
    if found.basket is not None and (found.messages or read_basket_id(request) != found.basket.pk):
        remember_basket(response, basket_id=found.basket.pk, count=context["basket"]["count"])
    elif request.COOKIES.get("basket_count", "0") != str(context["basket"]["count"]):
        show_count(response, context["basket"]["count"])
    return response


@require_POST
@same_origin_only
def add_to_basket(request: HttpRequest, product_id: int) -> HttpResponse:
    try:
        wish = choose_product(product_id, variant=request.POST.get("variant", ""), values=_values(request))
        quantity = read_quantity(request.POST.get("quantity"))
        found = ensure_basket(request)
        assert found.basket is not None
        line = add_line(basket_id=found.basket.pk, wish=wish, quantity=quantity, texts=_texts(request))
    except UnknownProduct:
        raise Http404("This product is not for sale (any more).") from None
    except BasketRefusal as refusal:
        return _refuse(request, str(refusal))
    _say(request, found)
    count = count_units(found.basket.pk)
    if request.htmx:  # type: ignore[attr-defined]
        shown = {"name": wish.name, "label": wish.label, "quantity": line.quantity}
        response = render(request, "basket/added.html", {"line": shown, "basket": {"count": count}})
    else:
        messages.success(request, f"{quantity} × {wish.title} is in your basket.")
        response = SeeOther(BASKET_URL)
    remember_basket(response, basket_id=found.basket.pk, count=count)
    return response


@require_POST
def update_line(request: HttpRequest, line_id: int) -> HttpResponse:
    def act(basket_id: int) -> None:
        quantity = read_quantity(request.POST.get("quantity", ""), lowest=0)
        if note := set_quantity(basket_id=basket_id, line_id=line_id, quantity=quantity):
            messages.warning(request, note)

    return _change(request, act)


@require_POST
def remove_from_basket(request: HttpRequest, line_id: int) -> HttpResponse:
    def act(basket_id: int) -> None:
        messages.success(request, f"{remove_line(basket_id=basket_id, line_id=line_id)} was taken out of your basket.")

    return _change(request, act)


@require_POST
def mend(request: HttpRequest) -> HttpResponse:
    """Take what is left, and go on to the checkout."""
    found = find_basket(request)
    _say(request, found)
    if found.basket is None:
        messages.warning(request, "Your basket is empty.")
        return SeeOther(BASKET_URL)
    for sentence in mend_basket(found.basket):
        messages.warning(request, sentence)
    count = count_units(found.basket.pk)
    response = SeeOther("/checkout/" if count else BASKET_URL)
    remember_basket(response, basket_id=found.basket.pk, count=count)
    return response


@require_POST
def add_voucher(request: HttpRequest) -> HttpResponse:
    found = find_basket(request)
    basket = found.basket
    if basket is None:
        messages.warning(request, "Your basket is empty. Put something in first, then use the code.")
        return SeeOther(_back(request))
    try:
        code = add_code(
            basket=basket,
            code=request.POST.get("code", "")[:200],
            customer_key=_customer_key(request),
            sources=sources_of(basket_id=basket.pk, address=client_address(request)),
        )
        messages.success(request, f"Code {code} is on your basket.")
    except BasketRefusal as refusal:
        messages.error(request, str(refusal))
    return SeeOther(_back(request))


@require_POST
def remove_voucher(request: HttpRequest, voucher_id: int) -> HttpResponse:
    found = find_basket(request)
    if found.basket is not None and remove_code(basket=found.basket, voucher_id=voucher_id):
        messages.success(request, "The code was taken off your basket.")
    return SeeOther(_back(request))


def _change(request: HttpRequest, act: Callable[[int], None]) -> HttpResponse:
    """Do one thing to the request's own basket, then show it."""
    found = find_basket(request)
    _say(request, found)
    if found.basket is None:
        messages.warning(request, "Your basket is empty.")
        return SeeOther(BASKET_URL)
    try:
        act(found.basket.pk)
    except BasketRefusal as refusal:
        messages.error(request, str(refusal))
    response = SeeOther(BASKET_URL)
    remember_basket(response, basket_id=found.basket.pk, count=count_units(found.basket.pk))
    return response


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "basket/added.html", {"refusal": sentence})
    messages.error(request, sentence)
    return SeeOther(_back(request, default=request.headers.get("Referer", "")))


def _back(request: HttpRequest, *, default: str = "") -> str:
    """Where the form came from, when that is a page of ours."""
    for target in (request.GET.get("next", ""), default):
        if target and url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return target
    return BASKET_URL


def _values(request: HttpRequest) -> dict[str, str]:
    """Values per axis: `option_<code>`, or the attribute code itself."""
    return {
        name.removeprefix("option_"): value[:200]
        for name, value in request.POST.items()
        if name not in ("quantity", "variant", "csrfmiddlewaretoken")
        and not name.startswith(PREFIX)
        and isinstance(value, str)
    }


def _texts(request: HttpRequest) -> dict[str, str]:
    """What shall be written on the thing, by the code of its field. Too long is for the field's rule to say."""
    return {
        name.removeprefix(PREFIX): value.replace("\x00", "")[:1000]
        for name, value in request.POST.items()
        if name.startswith(PREFIX) and isinstance(value, str)
    }


def _customer_key(request: HttpRequest) -> str:
    return str(getattr(request.user, "email", "")).lower()


def _say(request: HttpRequest, found: Found) -> None:
    for sentence in found.messages:
        messages.info(request, sentence)
