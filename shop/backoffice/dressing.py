"""What every desk of the back office shares: clothes, honest limits, and an audit entry for each edit."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from checkout.orders.looking import note_list
from shop.audit.record import record_action
from shop.backoffice.amount_field import form_class_for
from shop.backoffice.edits import describe_edit

MOST_ROWS = 10_000


class LimitedPaginator(Paginator):
    """Counts no further than MOST_ROWS: a list of a million orders opens at once, and nobody pages to its end."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list[:MOST_ROWS]
        return int(rows.count())


class Desk(ModelAdmin):
    """Base of every admin class. Subclasses say what is shown; what is done stands in the rooms' functions."""

    paginator = LimitedPaginator
    show_full_result_count = False
    list_per_page = 100
    list_filter_sheet = True
    list_filter_submit = True
    warn_unsaved_form = True
    compressed_fields = True
    actions: Any = ()
    name = ""
    """What its rows are called here, when Oscar's name is not a shop's word."""
    names_people = ""
    """What its list is called in the log of looks, when the rows name customers: “orders”."""
    order_key = ""
    """Where such a row says which order it belongs to: `order_id`."""
    when_empty = ""
    """How its first row comes about, where nobody adds one by hand."""

    @property
    def plural(self) -> str:
        return self.name or capfirst(str(self.opts.verbose_name_plural))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """No row has a key with NUL in it; PostgreSQL would refuse the question."""
        return None if "\x00" in object_id else super().get_object(request, object_id, from_field)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_dbfield(db_field, request, **form_class_for(db_field), **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer = super().changelist_view(request, {"desk": self, **(extra_context or {})})
        if self.names_people and request.method == "GET" and "cl" in getattr(answer, "context_data", {}):
            self._note_people(request, f"list of {self.names_people}", answer.context_data["cl"].result_list)
        return answer

    def _note_people(self, request: HttpRequest, what: str, rows: Iterable[Model]) -> None:
        """The rows are those that the page will show: they are read once, for both."""
        orders = [attrgetter(self.order_key)(row) for row in rows] if self.order_key else []
        note_list(
            what,
            rows=[row.pk for row in rows],
            orders=[key for key in orders if key is not None],
            asked={
                key: str(value)[:200].replace("\x00", "") for key, value in request.GET.items() if key.isprintable()
            },
            why="To find and work through rows.",
            actor=request.user,
        )

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if self.order_key and request.method == "GET" and kwargs.get("obj") is not None:
            self._note_people(request, f"page of {self.names_people}", [kwargs["obj"]])
        return super().render_change_form(request, {"desk": self, **context}, **kwargs)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No bulk deletion: what is gone cannot be explained."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        self_described = describe_edit(form, formsets or [], is_new=add)
        request._edit = self_described  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._audit(request, obj, "add")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._audit(request, obj, "change")
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._audit(request, obj, "delete")
        return super().log_deletions(request, queryset)

    def _audit(self, request: HttpRequest, obj: Model, action: str) -> None:
        before, after = getattr(request, "_edit", ({}, {})) if action != "delete" else ({"name": str(obj)}, {})
        record_action(
            action=action,
            subject_type=obj._meta.model_name or "",
            subject_id=obj.pk,
            actor=request.user,
            before=before,
            after=after,
        )

    def show_page(self, request: HttpRequest, template: str, *, title: str, **context: Any) -> HttpResponse:
        """A page of this desk in the site's frame."""
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "desk": self,
                "opts": self.opts,
                "title": title,
                "media": self.media,
                **context,
            },
        )


class ReadOnlyDesk(Desk):
    """Shows rows that only the rooms write."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
