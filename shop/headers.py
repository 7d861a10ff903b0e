"""What pages may load and do, as response headers: the content security policy and the permissions policy."""

from collections.abc import Sequence

PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "usb")
}


def content_security_policy(*, payment_pages: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Nothing but our own files, nothing inline.

    The hosted payment page is reached by a redirect that answers a form, so browsers check it against form-action.
    """
    return {
        "DIRECTIVES": {
            "default-src": ["'none'"],
            "script-src": ["'self'"],
            "style-src": ["'self'"],
            "img-src": ["'self'", "data:"],
            "font-src": ["'self'"],
            "connect-src": ["'self'"],
            "manifest-src": ["'self'"],
            "base-uri": ["'none'"],
            "form-action": ["'self'", *payment_pages],
            "frame-ancestors": ["'none'"],
            "object-src": ["'none'"],
        },
    }
