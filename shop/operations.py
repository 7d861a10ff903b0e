"""What machines ask the shop: is it up, is it ready, how is it doing."""

import logging
import time
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.outbox.models import OutboxEvent

logger = logging.getLogger(__name__)
_migrated = False


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and is migrated. Redis and worker only degrade: the shop sells without them."""
    report = {"database": "ok", "migrations": "ok", "redis": "ok", "worker": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            report["migrations"] = "missing"
        elif _oldest_due_seconds() > 120:
            report["worker"] = "degraded"
    except DatabaseError:
        logger.exception("the database does not answer")
        report["database"] = "down"
        report["migrations"] = report["worker"] = "unknown"
    if not _redis_answers():
        report["redis"] = "degraded"
    ready = report["database"] == "ok" and report["migrations"] == "ok"
    return JsonResponse({"ready": ready, **report}, status=200 if ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text format, for allowed addresses only."""
    if not _is_allowed(request.META.get("REMOTE_ADDR", "")):
        raise Http404
    counts = OutboxEvent.objects.aggregate(
        due=Count("id", filter=Q(done_at__isnull=True, parked_at__isnull=True)),
        parked=Count("id", filter=Q(parked_at__isnull=False)),
    )
    from oscar.apps.order.models import Order

    lines = [
        "# HELP shop_outbox_due Jobs that are not done yet.",
        "# TYPE shop_outbox_due gauge",
        f"shop_outbox_due {counts['due']}",
        "# HELP shop_outbox_parked Jobs that failed too often and wait for a person.",
        "# TYPE shop_outbox_parked gauge",
        f"shop_outbox_parked {counts['parked']}",
        "# HELP shop_outbox_oldest_due_seconds Age of the oldest job that is due.",
        "# TYPE shop_outbox_oldest_due_seconds gauge",
        f"shop_outbox_oldest_due_seconds {_oldest_due_seconds():.0f}",
        "# HELP shop_orders Orders by state.",
        "# TYPE shop_orders gauge",
    ]
    for row in Order.objects.values("status").annotate(count=Count("id")).order_by("status"):
        lines.append(f'shop_orders{{state="{row["status"]}"}} {row["count"]}')
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_migrated() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _oldest_due_seconds() -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT extract(epoch FROM now() - min(available_at)) FROM {OutboxEvent._meta.db_table}"
            " WHERE done_at IS NULL AND parked_at IS NULL AND available_at <= now()"
        )
        (age,) = cursor.fetchone() or (None,)
    return max(float(age or 0), 0.0)


def _redis_answers() -> bool:
    """Asked at most every two seconds, with a short timeout."""
    known: tuple[float, bool] | None = cache.get("redis-answers")
    if known is not None and time.monotonic() - known[0] < 2:
        return known[1]
    import redis

    url = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)
    try:
        with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
            answers = bool(client.ping())
    except Exception:
        answers = False
    cache.set("redis-answers", (time.monotonic(), answers), 10)
    return answers


def _is_allowed(address: str) -> bool:
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    return any(asked in ip_network(allowed, strict=False) for allowed in settings.METRICS_ALLOWED_ADDRESSES)
