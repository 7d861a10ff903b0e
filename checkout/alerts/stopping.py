"""The way out of each mail: a signed link that stops one alert, or all of an address, with one click."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models.functions import Now

from checkout.alerts.records import Alert, QuietAddress

_SALT = "checkout.alerts.stop"


class UnknownStopLink(Exception):
    """Forged, cut short by a mail program, or of an alert that was deleted."""


def stop_url(alert_id: int) -> str:
    """The absolute address that goes into the mail's text and into its List-Unsubscribe header."""
    return f"{settings.SITE_URL}/alerts/stop/{Signer(salt=_SALT).sign(str(alert_id))}/"


def find_alert(token: str) -> Alert:
    """Raises UnknownStopLink."""
    try:
        alert_id = int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        raise UnknownStopLink from None
    alert = Alert.objects.filter(pk=alert_id).select_related("stock_record__product__parent").first()
    if alert is None:
        raise UnknownStopLink
    return alert


@transaction.atomic
def stop_all(alert: Alert) -> int:
    """No such mail to this address any more; how many open alerts ended. Repeating it changes nothing."""
    QuietAddress.objects.get_or_create(email=alert.email)
    waiting = Alert.objects.filter(email=alert.email, told_at=None, stopped_at=None)
    return waiting.update(stopped_at=Now())


def allow_again(alert: Alert) -> None:
    """Only the owner of the mailbox has the link."""
    QuietAddress.objects.filter(email=alert.email).delete()
