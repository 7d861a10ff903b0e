"""All imports that were ever made, and taking one back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import action, display

from catalog.importing.records import ImportRun
from catalog.importing.uploads import UploadBusy, request_undo
from shop.backoffice.acts import Act, show_act
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.import_form import KINDS, kinds_for
from shop.backoffice.refusal import Refused


class ImportDesk(ReadOnlyDesk):
    list_display = ("pk", "kind", "format", "file_name", "state", "show_counts", "started_at", "finished_at", "actor")
    list_filter = ("kind", "state")
    list_select_related = ("actor",)
    search_fields = ("file_name",)
    ordering = ("-pk",)
    actions_detail = ("take_back",)

    @display(description="Result")
    def show_counts(self, run: ImportRun) -> str:
        names = ("created", "updated", "unchanged", "failed", "restored", "removed", "left_alone")
        return ", ".join(f"{run.counts[name]} {name.replace('_', ' ')}" for name in names if run.counts.get(name))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.view_importrun")

    def has_take_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(kinds_for(request.user))

    @action(description="Take it back", permissions=["take"], url_path="take-back", icon="undo")
    def take_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        run = get_object_or_404(ImportRun, pk=object_id)
        changes = run.changes.all()
        made, changed = changes.filter(before__isnull=True).count(), changes.filter(before__isnull=False).count()

        def do(data: Any) -> str:
            try:
                request_undo(run.pk, actor_id=request.user.pk, actor_name=str(request.user))
            except UploadBusy as busy:
                raise Refused(str(busy)) from busy
            return f"Import {run.pk} is being taken back. The newest import in this list tells what came of it."

        act = Act(
            title=f"Take import {run.pk} back",
            permission=KINDS.get(run.kind, KINDS["products"])[1],
            sentences=[
                f"{run.file_name}: {changed} changed things return to what they were, {made} new ones are removed.",
                "What was ordered, counted or signed in since stays: it is taken off sale, or left alone and counted.",
                "What somebody changed by hand since is left alone. Taking back can itself be taken back.",
            ],
            button="Take it back",
            do=do,
            back=reverse("admin:catalog_importrun_changelist"),
            action="take back import",
            subject=("import", run.pk),
        )
        return show_act(request, self, act)
