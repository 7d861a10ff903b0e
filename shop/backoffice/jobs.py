"""The job console: what is due, what is parked and why, and the button that tries again. And the audit log."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from shop.audit.record import record_action
from shop.backoffice import badges
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import retry_parked


class JobStateFilter(SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("due", "Due"), ("parked", "Parked"), ("done", "Done")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> QuerySet[OutboxEvent]:
        if self.value() == "due":
            return queryset.filter(done_at__isnull=True, parked_at__isnull=True)
        if self.value() == "parked":
            return queryset.filter(parked_at__isnull=False)
        return queryset.filter(done_at__isnull=False) if self.value() == "done" else queryset


class JobDesk(ReadOnlyDesk):
    list_display = ("name", "show_state", "attempts", "show_error", "created_at", "available_at", "done_at")
    list_filter = (WorkListFilter, JobStateFilter, ("created_at", RangeDateFilter))
    search_fields = ("=key", "name__startswith")
    search_help_text = "How the name begins, or the key"
    ordering = ("-pk",)
    actions = ("retry",)

    @display(description="State", label=badges.JOB)
    def show_state(self, event: OutboxEvent) -> str:
        if event.parked_at is not None:
            return "parked"
        return "done" if event.done_at is not None else "due"

    @display(description="Last error")
    def show_error(self, event: OutboxEvent) -> str:
        """The last line says what; the whole text stands on the job's page."""
        return event.last_error.strip().rsplit("\n", 1)[-1][:160]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("backoffice.retry_job")

    @action(description="Try the parked ones again", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        number = retry_parked(ids)
        record_action(
            action="retry", subject_type="outboxevent", subject_id=",".join(map(str, ids))[:80], actor=request.user
        )
        messages.success(request, f"{number} parked {'job is' if number == 1 else 'jobs are'} due again.")


class AuditDesk(ReadOnlyDesk):
    list_display = ("at", "actor_name", "action", "subject_type", "subject_id", "reason")
    list_filter = (("at", RangeDateFilter), "action", "subject_type")
    search_fields = ("=subject_id", "=actor_name", "=request_id")
    search_help_text = "Subject, person or request id"
    ordering = ("-pk",)
