"""Answer a request for a file or a part of it (RFC 9110, 14): 200, 206 or 416; If-Range keeps editions apart."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from catalog.digital.records import DigitalFile
from catalog.digital.store import path_of

_RANGE: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")
Response = TypeVar("Response", bound=HttpResponseBase)
_CHUNK: Final = 64 * 1024


class Unsatisfiable(ValueError):
    """No byte of the file lies in the asked range."""


def read_range(request: HttpRequest, file: DigitalFile) -> tuple[int, int] | None:
    """First and last byte, or None for the whole file: without a range, with several, with one that cannot be read, or
    when If-Range names another edition. Raises Unsatisfiable.
    """
    condition = request.headers.get("If-Range", "")
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip().replace(" ", ""))
    if asked is None or (condition and condition != etag_of(file)):
        return None
    first, last, suffix = asked.groups()
    if suffix is not None:
        begin, end = max(0, file.size - int(suffix)), file.size - 1
        if not int(suffix):
            raise Unsatisfiable
    else:
        begin, end = int(first), min(int(last), file.size - 1) if last else file.size - 1
        if last and int(last) < begin:
            return None
    if begin >= file.size:
        raise Unsatisfiable
    return begin, end


def etag_of(file: DigitalFile) -> str:
    return f'"{file.digest[:40]}"'


def refuse_range(file: DigitalFile) -> HttpResponse:
    return _dress(HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"}), file)


def send_file(file: DigitalFile, part: tuple[int, int] | None, *, is_head: bool) -> HttpResponseBase:
    """Raises FileNotFoundError when the bytes are missing."""
    begin, end = part or (0, file.size - 1)
    path = path_of(file.digest)
    path.stat()
    body: HttpResponseBase = (
        HttpResponse() if is_head else StreamingHttpResponse(_read(path, begin=begin, length=end - begin + 1))
    )
    response = _dress(body, file)
    response["Content-Type"] = file.content_type
    response["Content-Length"] = str(end - begin + 1)
    if part is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {begin}-{end}/{file.size}"
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    assert disposition is not None
    response["Content-Disposition"] = disposition
    return response


def _dress(response: Response, file: DigitalFile) -> Response:
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag_of(file)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _read(path: Path, *, begin: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as opened:
        opened.seek(begin)
        left = length
        while left and (chunk := opened.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
