"""Feeds over HTTP: `/feeds/<name>?token=…`, for whoever has the token, or for everybody when the shop says so."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from shop.storefront.feeds.export import FeedReport, UnknownFeed, find_format, write_feed
from shop.storefront.feeds.formats import Format

PIECE = 64_000


def may_read_feeds(token: str) -> bool:
    wanted: str = settings.FEED_TOKEN
    return settings.FEEDS_PUBLIC or (bool(wanted) and hmac.compare_digest(token.encode(), wanted.encode()))


@require_safe
def show_feed(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Without the right to read it a feed does not exist."""
    if not may_read_feeds(request.GET.get("token", "")):
        raise Http404
    try:
        wanted = find_format(name)
    except UnknownFeed:
        raise Http404 from None
    pieces = iter(()) if request.method == "HEAD" else _in_pieces(wanted)
    answer = StreamingHttpResponse(pieces, content_type=wanted.content_type)
    answer["Content-Disposition"] = f'inline; filename="{wanted.file_name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _in_pieces(wanted: Format) -> Iterator[str]:
    """Few large pieces: each is a turn of the server."""
    buffer: list[str] = []
    size = 0
    for piece in write_feed(wanted, report=FeedReport()):
        buffer.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield "".join(buffer)
            buffer, size = [], 0
    yield "".join(buffer)
