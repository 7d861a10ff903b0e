"""The pages on which a review is written: through an order's link, or signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Line

from catalog.publication.openness import is_published
from checkout.accounts.models import User
from checkout.orders.access import find_order, order_path
from checkout.orders.views import private_page
from checkout.reviews.bought_lines import why_not
from checkout.reviews.form import ReviewForm
from checkout.reviews.writing import CannotReview, Words, review_line, review_product

THANKS = "Thank you. Your review of {} is shown as soon as we have read it."


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def review_bought_line(request: HttpRequest, token: str, line_id: int) -> HttpResponse:
    """`/order/<token>/review/<line id>/`: the link of the order is the proof of the purchase."""
    order = find_order(token)
    line = Line.objects.select_related("order__placed", "product__parent").filter(pk=line_id, order=order).first()
    if line is None:
        raise Http404("This order has no such line.")
    back = order_path(token)
    if request.method != "POST" and (sentence := why_not(line)):
        messages.info(request, sentence)
        return _see_other(back)
    address = order.shipping_address or order.billing_address
    form = ReviewForm(request.POST or None, initial={"name": address.first_name if address else ""})
    if form.is_valid():
        try:
            review_line(line.pk, order_id=order.pk, words=_words(form))
            messages.success(request, THANKS.format(line.title))
        except CannotReview as refusal:
            messages.warning(request, str(refusal))
        return _see_other(back)
    return _show(request, form, name=line.title, back=back, back_name="Back to the order", is_bought=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review_as_customer(request: HttpRequest, product_id: int) -> HttpResponse:
    """`/account/review/<product id>/`: whether it was bought is read from the account's orders."""
    assert isinstance(request.user, User)
    product = Product.objects.filter(is_published(), pk=product_id).exclude(structure=Product.CHILD).first()
    if product is None:
        raise Http404("This product is not in the shop (any more).")
    back = f"/p/{product.slug}/"
    form = ReviewForm(request.POST or None, initial={"name": request.user.first_name})
    if form.is_valid():
        try:
            review_product(product, user=request.user, words=_words(form))
            messages.success(request, THANKS.format(product.get_title()))
        except CannotReview as refusal:
            messages.warning(request, str(refusal))
        return _see_other("/account/")
    return _show(request, form, name=product.get_title(), back=back, back_name="Back to the product", is_bought=False)


def _words(form: ReviewForm) -> Words:
    said = form.cleaned_data
    return Words(score=said["score"], title=said["title"], body=said["body"], name=said["name"])


def _show(request: HttpRequest, form: ReviewForm, **about: Any) -> HttpResponse:
    return render(request, "reviews/write.html", {"form": form, "about": about}, status=422 if form.errors else 200)


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
