"""The home page: `/`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from shop.storefront.frame import Frame
from shop.storefront.home_blocks import arrange_home
from shop.storefront.structured_data import full_url


@require_safe
@gzip_page
def show_home(request: HttpRequest) -> HttpResponse:
    frame = Frame(request.path)
    context = {
        "frame": frame,
        "blocks": arrange_home(frame.categories),
        "description": frame.promise,
        "canonical_url": full_url("/"),
    }
    return render(request, "storefront/home.html", context)
