"""The desk of bulk edits: choose a change, see every row, apply it, and take it back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import display

from catalog.bulk.edit import KINDS, apply_edit, count_outcomes, preview_edit, undo_edit
from catalog.bulk.kinds import BulkRefused
from catalog.bulk.records import BulkEdit, BulkRow
from shop.backoffice.acts import see_other
from shop.backoffice.bulk_forms import FORMS, BulkForm
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.row_pages import read_key

ROWS_ON_A_PAGE = 100
SHOWN = {
    "all": {},
    "applied": {"outcome": BulkRow.Outcome.APPLIED},
    "left-out": {"outcome": BulkRow.Outcome.REFUSED},
    "skipped": {"outcome": BulkRow.Outcome.SKIPPED},
    "left-alone": {"outcome": BulkRow.Outcome.LEFT_ALONE},
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    label: str
    before: str
    after: str
    notes: list[str]
    outcome: str
    reason: str


class BulkEditDesk(ReadOnlyDesk):
    when_empty = "Tick products in the list of products and choose “Change in bulk …” to begin one."
    list_display = ("pk", "show_kind", "show_products", "state", "reason", "actor_name", "created_at")
    list_filter = ("state", "kind")
    ordering = ("-pk",)

    @display(description="Change")
    def show_kind(self, edit: BulkEdit) -> str:
        return KINDS[edit.kind].title if edit.kind else "not chosen yet"

    @display(description="Products")
    def show_products(self, edit: BulkEdit) -> str:
        return str(len(edit.product_ids))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        edit = get_object_or_404(BulkEdit, pk=read_key(object_id))
        asked = request.POST.get("kind") or request.GET.get("kind") or edit.kind
        name = asked if asked in KINDS else "prices"
        asked_before = {**edit.choices, "reason": edit.reason} if name == edit.kind else None
        form = FORMS[name](request.POST if request.POST.get("act") == "preview" else None, initial=asked_before)
        refusal = ""
        if request.method == "POST":
            acting = edit.kind if request.POST.get("act") in ("apply", "undo") else name
            if not request.user.has_perm(KINDS[acting or name].permission):
                raise PermissionDenied
            refusal = self._act(request, edit, name, form)
            if not refusal:
                return see_other(reverse("admin:catalog_bulkedit_change", args=(edit.pk,)))
        return self._show(request, edit, name, form, refusal)

    def _act(self, request: HttpRequest, edit: BulkEdit, name: str, form: BulkForm) -> str:
        """Why not, or nothing."""
        try:
            match request.POST.get("act"):
                case "preview":
                    if not form.is_valid():
                        return "Nothing was planned yet: some fields need another look."
                    preview_edit(edit.pk, kind=name, choices=form.choices, reason=form.cleaned_data["reason"])
                case "apply":
                    apply_edit(edit.pk)
                    messages.success(request, "The change is applied as it was shown, or goes on in the background.")
                case "undo":
                    undo_edit(edit.pk)
                    messages.success(request, "What is still as the edit left it goes back to what it was.")
                case _:
                    return "Choose what to do."
        except BulkRefused as refused:
            return str(refused)
        return ""

    def _show(self, request: HttpRequest, edit: BulkEdit, name: str, form: BulkForm, refusal: str) -> HttpResponse:
        shown = request.GET.get("show", "all")
        rows = edit.rows.filter(**SHOWN.get(shown, {})).order_by("position")
        page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
        kind = KINDS[edit.kind] if edit.kind else None
        return self.show_page(
            request,
            "admin/bulk_edit.html",
            title=f"Bulk edit of {len(edit.product_ids)} products",
            edit=edit,
            form=form,
            kind=name,
            kinds=[(one.name, one.title) for one in KINDS.values() if request.user.has_perm(one.permission)],
            refusal=refusal,
            page=page,
            rows=[
                ShownRow(
                    row.label,
                    kind.say(row.before),
                    kind.say(row.after),
                    row.notes,
                    row.get_outcome_display(),
                    row.reason,
                )
                for row in page
                if kind is not None
            ],
            counts=count_outcomes(edit),
            hits=edit.rows.exclude(notes=[]).count(),
            total=edit.rows.count(),
            shown=shown,
        )
