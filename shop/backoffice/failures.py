"""Pages that broke: which, when, under which request id; and the button that says a person has looked into it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action

from shop.audit.record import record_action
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.failures.models import ServerFailure
from shop.failures.record import explain_failures


class FailureDesk(ReadOnlyDesk):
    list_display = ("at", "method", "path", "kind", "request_id", "explained_by", "explained_at")
    list_filter = (WorkListFilter, ("at", RangeDateFilter))
    search_fields = ("=request_id", "path__startswith")
    search_help_text = "Request id, or how the address begins"
    ordering = ("-pk",)
    actions: Any = ("explain",)

    def has_explain_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("failures.change_serverfailure")

    @action(description="I have looked into these", permissions=["explain"])
    def explain(self, request: HttpRequest, queryset: QuerySet[ServerFailure]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        number = explain_failures(ids, actor_name=str(request.user))
        record_action(
            action="explain",
            subject_type="serverfailure",
            subject_id=",".join(map(str, ids))[:80],
            actor=request.user,
        )
        messages.success(
            request, f"{number} server {'error is' if number == 1 else 'errors are'} marked as looked into."
        )
