"""The doctor: asks every invariant now and shows what breaks it, with the repair it proposes. Never edits."""

from time import monotonic

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from shop.backoffice.nightly_doctor import last_nights
from shop.doctor.checks import run_checks


def show_doctor(request: HttpRequest) -> HttpResponse:
    """GET explains; POST runs the checks, which may take a while on a large shop."""
    if not request.user.has_perm("backoffice.ask_doctor"):
        raise PermissionDenied
    context = {**admin.site.each_context(request), "title": "Doctor", "findings": None}
    context["night"] = last_nights().order_by("-pk").first()
    if request.method == "POST":
        begin = monotonic()
        findings = run_checks(examples=5)
        context |= {
            "findings": sorted(findings, key=lambda finding: -finding.violations),
            "broken": sum(1 for finding in findings if finding.violations),
            "seconds": round(monotonic() - begin, 1),
        }
    return TemplateResponse(request, "admin/doctor.html", context)
