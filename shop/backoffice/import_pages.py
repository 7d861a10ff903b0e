"""Imports by hand: hand in a file, see row by row what it would do, import it, follow it, fetch the refused rows."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.importing.upload_records import ImportUpload
from catalog.importing.uploads import CannotKeep, UploadBusy, confirm_upload, errors_path_of, keep_upload
from shop.audit.record import record_action
from shop.backoffice.import_form import KINDS, ImportForm, kinds_for

LATEST = 10
_UNDER_WAY = {ImportUpload.State.CHECKING, ImportUpload.State.WAITING, ImportUpload.State.RUNNING}


def show_new_import(request: HttpRequest) -> HttpResponse:
    kinds = kinds_for(request.user)
    if not kinds:
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            upload = keep_upload(
                data["file"],
                kind=data["kind"],
                format_name=data["format_name"],
                aborts=data["aborts"],
                fetches=data["fetches"],
                actor=request.user,
            )
        except CannotKeep as problem:
            form.add_error("file", str(problem))
        else:
            _audit(request, upload, "hand in import")
            return _see(upload)
    latest = ImportUpload.objects.filter(kind__in=kinds).select_related("actor")[:LATEST]
    return _page(request, "admin/import_new.html", title="Import a file", form=form, latest=latest)


def show_import(request: HttpRequest, upload_id: int) -> HttpResponse:
    """GET shows where it stands; POST imports what the dry run has shown."""
    upload = _find(request, upload_id)
    if request.method == "POST":
        try:
            confirm_upload(upload.pk)
        except UploadBusy as busy:
            messages.warning(request, str(busy))
        else:
            _audit(request, upload, "import file")
        return _see(upload)
    told = upload.report or upload.preview
    return _page(
        request,
        "admin/import_file.html",
        title=f"Import of {upload.file_name}",
        upload=upload,
        told=told,
        words=KINDS[upload.kind][0].lower() if upload.kind in KINDS else upload.kind,
        is_under_way=upload.state in _UNDER_WAY,
        may_confirm=upload.state == ImportUpload.State.CHECKED,
        changes=told.get("created", 0) + told.get("updated", 0),
        total=upload.preview.get("rows", 0),
        has_refused=errors_path_of(upload).is_file(),
    )


def send_refused(request: HttpRequest, upload_id: int) -> HttpResponseBase:
    """The refused rows, each with its reason, as a file of the kind that was handed in."""
    upload = _find(request, upload_id)
    path = errors_path_of(upload)
    if not path.is_file():
        messages.info(request, "No row of this file was refused.")
        return redirect("admin:import_file", upload.pk)
    stem = upload.file_name.rsplit(".", 1)[0]
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{stem}-refused{path.suffix}")


def _find(request: HttpRequest, upload_id: int) -> ImportUpload:
    """Raises PermissionDenied before anything is said about the file."""
    kinds = kinds_for(request.user)
    if not kinds:
        raise PermissionDenied
    upload = get_object_or_404(ImportUpload, pk=upload_id)
    if upload.kind not in kinds:
        raise PermissionDenied
    return upload


def _audit(request: HttpRequest, upload: ImportUpload, action: str) -> None:
    record_action(
        action=action,
        subject_type="import file",
        subject_id=upload.pk,
        actor=request.user,
        after={"file": upload.file_name, "kind": upload.kind, "all_or_none": upload.aborts},
    )


def _see(upload: ImportUpload) -> HttpResponse:
    address = reverse("admin:import_file", args=[upload.pk])
    return HttpResponseRedirect(address, status=303)


def _page(request: HttpRequest, template: str, *, title: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})
