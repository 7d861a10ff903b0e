"""The webhook inbox. An event is stored, once, together with the job that handles it, before the answer is given."""

import json
import logging

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from checkout.payments.errors import ForgedEvent
from checkout.payments.gateway import get_gateway
from checkout.payments.records import ProviderEvent
from checkout.payments.truth import ReceivedEvent
from shop.outbox.publish import publish

logger = logging.getLogger(__name__)
LARGEST_BODY = 1_000_000


@csrf_exempt
@require_POST
def receive_event(request: HttpRequest) -> HttpResponse:
    """400 with a sentence for what the provider did not sign; 200 for a first and for a repeated delivery."""
    if len(request.body) > LARGEST_BODY:
        return _refuse("The body is larger than any event.")
    try:
        event = get_gateway().read_event(request.body, signature=request.headers.get("Stripe-Signature", ""))
    except ForgedEvent as forgery:
        logger.warning("webhook refused: %s", forgery)
        return _refuse(str(forgery))
    store_event(event)
    return HttpResponse("Received.", content_type="text/plain")


@transaction.atomic
def store_event(event: ReceivedEvent) -> bool:
    """Write the event and its job in one transaction; False when it was stored before."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ProviderEvent._meta.db_table} (event_id, kind, payload, outcome)"
            " VALUES (%s, %s, %s, '') ON CONFLICT (event_id) DO NOTHING RETURNING id",
            (event.id[:120], event.kind[:80], json.dumps(event.payload)),
        )
        row = cursor.fetchone()
    if row is None:
        return False
    publish("provider.event_received", {"provider_event_id": row[0]}, key=f"provider.event_received:{row[0]}")
    return True


def _refuse(sentence: str) -> HttpResponse:
    return HttpResponse(f"Refused. {sentence}", status=400, content_type="text/plain")
