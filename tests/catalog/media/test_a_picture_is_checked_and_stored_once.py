"""Pictures come from anywhere: what is no picture is refused with a sentence, what is one is stored clean and once."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import Http404
from django.test import RequestFactory
from oscar.apps.catalogue.models import Product
from PIL import Image, ImageCms
from pytest_django import Settings

from catalog.media.serving import serve_picture
from catalog.media.sources import folder_of
from catalog.media.store import (
    PictureRefused,
    attach_picture,
    picture_sources,
    render_renditions,
    store_picture,
    stored_pictures,
)
from catalog.models import MediaFile, ProductMedia, SearchDocument
from catalog.search.index import refresh_documents


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def draw(width: int = 800, height: int = 1000, *, kind: str = "PNG", mode: str = "RGB", **save: object) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(buffer, kind, **save)
    return buffer.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.feature("CA09")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><svg/>", "SVG"),
        (b"<html><script>alert(1)</script>", "SVG and HTML"),
        (b"GIF89a<script>alert(1)</script>", "damaged|not a picture"),
        (b"MZ\x90\x00 a program named picture.jpg", "not a picture"),
        (b"%PDF-1.7 a document", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not a picture"),
        (b"PK\x03\x04" + b"\0" * 100, "not a picture"),
        (b"\0" * 20_000_001, "20 MB"),
        (bomb(50_000, 50_000), "pixels"),
        (bomb(10_000, 10_000), "pixels"),
        (bomb(500, 500), "damaged"),
        (draw()[:500], "damaged"),
        (draw(kind="JPEG")[:700], "damaged"),
        (draw(20, 1000), "16 times as high as wide"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
@pytest.mark.django_db
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes, words: str, media: Path) -> None:
    with pytest.raises(PictureRefused, match=words) as refused:
        store_picture(data)
    assert str(refused.value).endswith(".")
    assert not MediaFile.objects.exists()
    assert not media.exists()


@pytest.mark.feature("CA09")
@pytest.mark.django_db
def test_the_same_file_is_stored_once(media: Path) -> None:
    first, again = store_picture(draw()), store_picture(draw())
    assert first == again
    assert MediaFile.objects.count() == 1
    names = {file.relative_to(media).as_posix() for file in media.rglob("*") if file.is_file()}
    folder = folder_of(first.digest)
    assert names == {f"{folder}/{width}.{kind}" for width in (320, 640, 800) for kind in ("avif", "webp")} | {
        f"{folder}/640.jpg"
    }
    assert stored_pictures([first.digest, "0" * 64]) == {first.digest: first}


@pytest.mark.django_db
def test_files_that_were_lost_are_rendered_again(media: Path) -> None:
    file = store_picture(draw())
    lost = media / folder_of(file.digest) / "320.avif"
    lost.unlink()
    assert store_picture(draw()) == file
    assert lost.is_file()


@pytest.mark.parametrize(
    ("data", "widths"),
    [
        (draw(100, 50), (100,)),
        (draw(320, 400), (320,)),
        (draw(2000, 2500), (320, 640, 960)),
        (draw(1, 1), (1,)),
        (draw(2000, 1), (320, 640, 960)),
        (draw(400, 500, mode="RGBA"), (320, 400)),
        (draw(400, 500, mode="LA"), (320, 400)),
        (draw(400, 500, mode="1"), (320, 400)),
        (draw(400, 500, mode="P", kind="GIF"), (320, 400)),
        (draw(400, 500, mode="CMYK", kind="JPEG"), (320, 400)),
        (draw(400, 500, mode="I;16"), (320, 400)),
        (draw(400, 500, kind="WEBP"), (320, 400)),
        (draw(400, 500, kind="AVIF"), (320, 400)),
        (draw(400, 500, kind="TIFF"), (320, 400)),
    ],
)
def test_pictures_of_every_kind_are_rendered_and_never_enlarged(data: bytes, widths: tuple[int, ...]) -> None:
    rendered = render_renditions(data)
    assert rendered.widths == widths
    for name, content in rendered.files.items():
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            assert str(picture.width) == name.split(".")[0]


def test_a_photograph_is_turned_upright_and_loses_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[1] = "N"
    data = draw(3000, 2000, kind="JPEG", exif=exif.tobytes(), comment=b"secret place")
    assert b"secret place" in data
    rendered = render_renditions(data)
    assert (rendered.width, rendered.height) == (2000, 3000)
    for content in rendered.files.values():
        assert b"secret place" not in content
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.height > picture.width
            assert not picture.getexif()


def test_wide_gamut_colours_are_converted_and_a_broken_profile_is_ignored() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for embedded in (profile, b"broken", b""):
        buffer = io.BytesIO()
        Image.new("RGB", (40, 50), (200, 30, 60)).save(buffer, "PNG", icc_profile=embedded)
        with Image.open(io.BytesIO(render_renditions(buffer.getvalue()).files["40.webp"])) as picture:
            assert "icc_profile" not in picture.info
            assert all(abs(one - two) < 8 for one, two in zip(picture.getpixel((20, 20)), (200, 30, 60), strict=True))


@pytest.mark.feature("CA09")
def test_a_card_shows_the_first_picture_with_its_words(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug")
    first, second = store_picture(draw(800, 1000)), store_picture(draw(801, 1000))
    attach_picture(mug, second, alt="Mug from above")
    attach_picture(mug, second, alt="Mug from above", position=3)
    attach_picture(mug, first, position=0)
    refresh_documents([mug.pk])
    assert ProductMedia.objects.count() == 2
    document = SearchDocument.objects.get(product=mug)
    assert document.picture == picture_sources(first, alt="Mug")
    assert document.second_picture is not None
    assert document.second_picture.alt == "Mug from above"
    base = f"/media/{folder_of(first.digest)}"
    assert document.picture.webp == f"{base}/320.webp 320w, {base}/640.webp 640w, {base}/800.webp 800w"
    assert (document.picture.src, document.picture.width, document.picture.height) == (f"{base}/640.jpg", 800, 1000)


@pytest.mark.django_db
def test_renditions_are_served_to_be_kept_for_ever(rf: RequestFactory) -> None:
    file = store_picture(draw())
    path = f"{folder_of(file.digest)}/320.avif"
    response = serve_picture(rf.get("/"), path)
    assert response["Content-Type"] == "image/avif"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert len(b"".join(response)) == int(response["Content-Length"])
    assert serve_picture(rf.get("/", HTTP_IF_NONE_MATCH=response["ETag"]), path).status_code == 304
    head = serve_picture(rf.head("/"), path)
    assert (head.content, head["Content-Length"]) == (b"", response["Content-Length"])
    assert serve_picture(rf.post("/"), path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../settings.py",
        "pictures/../../settings.py",
        "pictures/aa/" + "a" * 64 + "/../../../secret",
        "pictures/aa/" + "a" * 64 + "/320.avif\n",
        "pictures/aa/" + "a" * 64 + "/.writing-x",
        "pictures/ab/" + "a" * 64 + "/320.avif",
        "pictures/aa/" + "a" * 64 + "/320.svg",
        "pictures/aa/" + "a" * 64 + "/320.avif",
        "/etc/passwd",
        "\x00",
    ],
)
def test_nothing_else_on_the_disk_is_served(rf: RequestFactory, path: str) -> None:
    with pytest.raises(Http404):
        serve_picture(rf.get("/"), path)
