"""A POST from another site is refused without a token, so that pages with an add button can be cached for everyone.

Browsers send `Sec-Fetch-Site` and `Origin` with every form POST and no page can forge either (Fetch standard, W3C Fetch
Metadata). Clients that send neither (old browsers, scripts of the buyer's own) cannot be driven by a foreign page.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site made this request."""
    fetch_site = request.headers.get("Sec-Fetch-Site", "")
    if fetch_site in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("Origin", "")
    if not origin:
        return False
    own = {request.get_host(), urlsplit(settings.SITE_URL).netloc}
    try:
        return urlsplit(origin).netloc not in own
    except ValueError:  # No address at all, such as `http://[`.
        return True


def same_origin_only(view: View) -> View:
    """In place of the CSRF token: 403 with a sentence for a cross-site POST. Looking is open to links from everywhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in ("GET", "HEAD") and is_from_elsewhere(request):
            return HttpResponseForbidden("This form was sent from another site. Please use the button on our own page.")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)
