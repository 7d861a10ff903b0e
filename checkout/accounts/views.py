"""A customer's own pages. Signing in and out is allauth's; the pages wear our templates."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from oscar.apps.order.models import Order

from checkout.accounts.history import AddressNotVerified, claim_guest_orders, count_claimable, orders_of, present_row
from checkout.accounts.models import User
from checkout.orders.access import order_path, tokens_of

PAGE_SIZE = 20


@never_cache
@require_GET
@login_required
def show_orders(request: HttpRequest) -> HttpResponse:
    """Every order of the signed-in customer, a page at a time; a nonsense page number shows the nearest page."""
    user = _customer(request)
    page = Paginator(orders_of(user), PAGE_SIZE).get_page(request.GET.get("page"))
    tokens = tokens_of([order.pk for order in page])
    links = [
        {"name": "E-mail addresses", "url": reverse("account_email")},
        {"name": "Change the password", "url": reverse("account_change_password")},
        {"name": "Second factor", "url": reverse("mfa_index")},
        {"name": "Sign out", "url": reverse("account_logout")},
    ]
    if user.is_staff:
        links.insert(0, {"name": "Back office", "url": reverse("admin:index")})
    return render(
        request,
        "account/orders.html",
        {
            "customer_name": user.first_name,
            "email": user.email,
            "orders": [present_row(order, url=order_path(tokens[order.pk])) for order in page],
            "links": links,
            "claimable": count_claimable(user),
            "claim_url": reverse("accounts:claim"),
            "pages": _present_pages(page),
        },
    )


def _present_pages(page: Page[Order]) -> dict[str, Any]:
    """The `pages` of templates/components/pagination.html."""
    paginator = page.paginator
    numbers = paginator.get_elided_page_range(page.number)
    return {
        "number": page.number,
        "count": paginator.num_pages,
        "total": paginator.count,
        "previous_url": f"?page={page.number - 1}" if page.has_previous() else "",
        "next_url": f"?page={page.number + 1}" if page.has_next() else "",
        "links": [
            {"number": one, "url": f"?page={one}", "is_current": one == page.number}
            if isinstance(one, int)
            else {"is_gap": True}
            for one in numbers
        ],
    }


def _customer(request: HttpRequest) -> User:
    """Behind login_required: never anonymous."""
    assert isinstance(request.user, User)
    return request.user


@require_POST
@login_required
def claim(request: HttpRequest) -> HttpResponse:
    try:
        claimed = claim_guest_orders(_customer(request))
    except AddressNotVerified as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{claimed} {'order is' if claimed == 1 else 'orders are'} now in your account.")
    response = HttpResponseRedirect(reverse("accounts:orders"))
    response.status_code = 303
    return response
