"""Serve renditions from the disk, for a shop on one machine; a larger one lets its web server or CDN do this."""

import re
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from catalog.media.sources import FOLDER

# Nothing else lies open: no other folder, no dots, no link to follow.
_RENDITION: Final = re.compile(rf"{FOLDER}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})/([0-9]{{1,5}}\.(avif|webp|jpg))")
_TYPES: Final = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


@require_safe
def serve_picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """`/media/pictures/<two>/<digest>/<width>.<format>`: the address names the content, so it never changes."""
    known = _RENDITION.fullmatch(path)
    if known is None:
        raise Http404("There is no such picture.")
    etag = f'"{known[2][:32]}-{known[3]}"'
    response: HttpResponseBase
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        try:
            file = (Path(settings.MEDIA_ROOT) / path).open("rb")
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Http404("There is no such picture.") from error
        response = FileResponse(file, content_type=_TYPES[known[4]])
        if request.method == "HEAD":
            length = response["Content-Length"]
            response.close()
            response = HttpResponse(content_type=_TYPES[known[4]], headers={"Content-Length": length})
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
