"""From uploaded bytes to clean renditions: a pure function that needs no database, so that pools can share the work."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

WIDTHS: Final = (320, 640, 960)
FORMATS: Final = ("avif", "webp")
FALLBACK_WIDTH: Final = 640
LARGEST_FILE: Final = 20_000_000
MOST_PIXELS: Final = 50_000_000
LIMIT_IN_WORDS: Final = "the 50 million that are accepted"
STEEPEST: Final = 16
"""A WebP file has at most 16,383 rows."""
READABLE: Final = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP")

ORIENTATION: Final = 0x0112
LYING: Final = (5, 6, 7, 8)

# Speed 9 costs a tenth of the default's time for files of the same size.
_SAVE: Final[dict[str, dict[str, Any]]] = {
    "avif": {"format": "AVIF", "quality": 58, "speed": 9, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 78, "method": 2},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
}


class PictureRefused(ValueError):
    """Bytes that are not a picture this shop stores; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPicture:
    """`files` maps a name such as `640.avif` to its bytes. Width and height are the upright original's, in pixels."""

    digest: str
    width: int
    height: int
    widths: tuple[int, ...]
    files: dict[str, bytes]


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def render_renditions(data: bytes) -> RenderedPicture:
    """Verify, turn upright, drop every metadata block, and encode each width. Raises PictureRefused."""
    picture, (full_width, full_height) = _open_picture(data)
    widths = _choose_widths(picture.width)
    files: dict[str, bytes] = {}
    smaller = picture
    for width in reversed(widths):
        if width != smaller.width:
            height = max(1, round(picture.height * width / picture.width))
            smaller = smaller.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for extension in FORMATS:
            files[f"{width}.{extension}"] = _encode(smaller, extension)
        if width == fallback_width(widths):
            files[f"{width}.jpg"] = _encode(_on_white(smaller), "jpg")
    return RenderedPicture(digest=digest_of(data), width=full_width, height=full_height, widths=widths, files=files)


def fallback_width(widths: tuple[int, ...]) -> int:
    """Of the one JPEG, for mails, feeds and link previews."""
    return max((width for width in widths if width <= FALLBACK_WIDTH), default=widths[0])


def _choose_widths(width: int) -> tuple[int, ...]:
    """Never wider than the original."""
    largest = min(width, WIDTHS[-1])
    return (*(known for known in WIDTHS if known < largest), largest)


def _open_picture(data: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """Upright pixels (of a large JPEG: already reduced, which saves most of the decoding) and the full size."""
    if not data:
        raise PictureRefused("The file is empty. Choose a JPEG, PNG, WebP, AVIF or GIF picture.")
    if len(data) > LARGEST_FILE:
        raise PictureRefused(f"The file has {len(data) / 1e6:.1f} MB; a picture may have 20 MB. Save it smaller.")
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise PictureRefused("SVG and HTML files can carry scripts and are not accepted. Export the drawing as PNG.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(data), formats=READABLE)
            if opened.width * opened.height > MOST_PIXELS:
                raise PictureRefused(
                    f"The picture has {opened.width} x {opened.height} pixels, more than {LIMIT_IN_WORDS}. "
                    "Save it smaller."
                )
            full = opened.size
            opened.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
            opened.load()
            if opened.getexif().get(ORIENTATION) in LYING:
                full = full[::-1]
            upright = _to_srgb(ImageOps.exif_transpose(opened))
    except PictureRefused:
        raise
    except Image.DecompressionBombError as error:
        raise PictureRefused(f"The picture has far more pixels than {LIMIT_IN_WORDS}. Save it smaller.") from error
    except UnidentifiedImageError as error:
        raise PictureRefused(
            "The file is not a picture, whatever its name says. Choose a JPEG, PNG, WebP, AVIF or GIF picture."
        ) from error
    except Exception as error:  # Decoders raise many kinds on damaged bytes; each means the same to the person.
        raise PictureRefused("The picture is damaged and cannot be read. Save it again and upload the copy.") from error
    if full[1] > full[0] * STEEPEST:
        raise PictureRefused(
            f"The picture is {full[0]} pixels wide and {full[1]} high; a picture may be {STEEPEST} times as high as "
            "wide. Cut it into several."
        )
    return _plain_pixels(upright), full


def _to_srgb(picture: Image.Image) -> Image.Image:
    """Colours as browsers read them, since the profile is dropped with all other metadata."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    try:
        mode = "RGB" if picture.mode == "CMYK" else picture.mode
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):  # A broken profile says nothing about colours.
        return picture
    return converted if converted is not None else picture


def _plain_pixels(picture: Image.Image) -> Image.Image:
    """The pixels alone, no more than renditions need: no EXIF, no colour profile, no comment, one frame."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    converted = picture.convert(mode)
    if converted.width > 2 * WIDTHS[-1]:
        smaller = (2 * WIDTHS[-1], max(1, round(converted.height * 2 * WIDTHS[-1] / converted.width)))
        converted = converted.resize(smaller, Image.Resampling.LANCZOS, reducing_gap=2.0)
    clean = Image.new(mode, converted.size)
    clean.paste(converted)
    return clean


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _encode(picture: Image.Image, extension: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, **_SAVE[extension])
    return buffer.getvalue()
