"""Ask for a mail, and stop it. The pages speak of one thing; nothing of the asker is in a product's page."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from checkout.accounts.models import User
from checkout.alerts.asking import CannotTell, ask_for_alert
from checkout.alerts.records import Alert, QuietAddress
from checkout.alerts.stopping import UnknownStopLink, allow_again, find_alert, stop_all
from checkout.basket.lines import UnknownProduct, Wish, choose_product
from checkout.basket.origin import same_origin_only
from checkout.basket.quantity import BasketRefusal
from shop.client_network import client_address

DONE = {
    "back": "We write to you once, when it is back. Who asked first hears first.",
    "price": "We write to you once, when it costs less than today.",
}
BUTTONS = {"back": "Tell me when it is back", "price": "Tell me when it costs less"}


class AskForm(forms.Form):
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="For this one mail. It has a link that stops all such mails at once.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Please give the address we shall write to.",
            "invalid": "That is not an e-mail address. It should look like name@example.com.",
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def ask(request: HttpRequest, product_id: int) -> HttpResponse:
    """`/alerts/ask/<product id>/?variant=&kind=back|price`; the product's page posts here with `email`."""
    sent = request.POST if request.method == "POST" else request.GET
    kind = "price" if sent.get("kind", request.GET.get("kind")) == "price" else "back"
    variant = sent.get("variant", "") or request.GET.get("variant", "")
    try:
        wish = choose_product(product_id, variant=variant)
    except (UnknownProduct, BasketRefusal) as problem:
        raise Http404("There is nothing to wait for here.") from problem
    here = f"{request.path}?{urlencode({'variant': wish.product_id, 'kind': kind})}"
    if request.method != "POST":
        initial = {"email": request.user.email} if isinstance(request.user, User) else {}
        return _show(request, AskForm(initial=initial), wish, kind=kind, said=DONE[kind] if "done" in sent else "")
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            ask_for_alert(
                kind=kind,
                stock_record_id=wish.stock_record_id,
                email=form.cleaned_data["email"],
                address=client_address(request),
                user=request.user,
            )
        except CannotTell as refusal:
            form.add_error(None, str(refusal))
        else:
            return _answer(request, here, DONE[kind])
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "alerts/said.html", {"refusal": next(iter(form.errors.values()))[0]})
    return _show(request, form, wish, kind=kind)


def _answer(request: HttpRequest, here: str, said: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "alerts/said.html", {"said": said})
    response = HttpResponseRedirect(f"{here}&done=1")
    response.status_code = 303
    return response


def _show(request: HttpRequest, form: AskForm, wish: Wish, *, kind: str, said: str = "") -> HttpResponse:
    context: dict[str, Any] = {"form": form, "thing": wish.title, "kind": kind, "button": BUTTONS[kind], "said": said}
    return render(request, "alerts/ask.html", context, status=422 if form.errors else 200)


@csrf_exempt  # RFC 8058: a mail program sends this POST, with no cookie and no token; the link itself is the key.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """`/alerts/stop/<token>/`. GET only shows: programs that look at links for their reader must not press the button."""
    try:
        alert = find_alert(token)
    except UnknownStopLink:
        raise Http404("This link is not whole. Please use the one in the mail again.") from None
    if request.method == "POST":
        if "allow" in request.POST:
            allow_again(alert)
        else:
            stop_all(alert)
    is_quiet = QuietAddress.objects.filter(email=alert.email).exists()
    waiting = Alert.objects.filter(email=alert.email, told_at=None, stopped_at=None).count()
    context = {"is_quiet": is_quiet, "address": alert.email, "waiting": waiting}
    response = render(request, "alerts/stop.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
