"""`/download/<link>/`: the file for who can prove the purchase, else a page that asks for the proof."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from checkout.basket.views import SeeOther
from checkout.downloads.links import download_path, find_entitlement
from checkout.downloads.proof import accept_code, has_proof, remember_proof, send_code
from checkout.downloads.ranges import Unsatisfiable, read_range, refuse_range, send_file
from checkout.downloads.records import Entitlement
from checkout.downloads.standing import DownloadEnded, begin_download, check_standing
from checkout.orders.access import find_order
from checkout.orders.views import private_page


@private_page
@require_safe
def fetch(request: HttpRequest, token: str) -> HttpResponseBase:
    """Counted only when bytes are sent for a GET. A link opened elsewhere asks first who is there."""
    entitlement = find_entitlement(token)
    if not has_proof(request, entitlement.order):
        return _ask(request, entitlement, status=403)
    file = entitlement.file
    try:
        part = read_range(request, file)
        is_part = part is not None and part != (0, file.size - 1)
        check_standing(entitlement.pk, is_part=is_part)
        answer = send_file(file, part, is_head=request.method == "HEAD")
        if request.method == "GET":
            begin_download(entitlement.pk, is_part=is_part)
    except Unsatisfiable:
        return refuse_range(file)
    except DownloadEnded as ended:
        return render(request, "downloads/ended.html", {"title": entitlement.title, "said": str(ended)}, status=410)
    return answer


@private_page
@require_POST
@sensitive_post_parameters()
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """First the order's address, then the code that was sent there."""
    entitlement = find_entitlement(token)
    code, email = request.POST.get("code", "")[:40], request.POST.get("email", "")[:254]
    if code.strip():
        if not accept_code(entitlement.order, code=code):
            return _ask(request, entitlement, status=422, wrong_code=True)
        answer = SeeOther(download_path(entitlement))
        remember_proof(request, answer, entitlement.order_id)
        return answer
    if "@" not in email:
        return _ask(request, entitlement, status=422, wrong_email=True)
    send_code(entitlement.order, email=email)
    return _ask(request, entitlement, status=200, is_sent=True)


@private_page
@require_POST
def fetch_from_order(request: HttpRequest, token: str, entitlement_id: int) -> HttpResponse:
    """`/order/<token>/download/<id>/`: the order's page is the proof; this browser may use its links from now on."""
    order = find_order(token)
    entitlement = get_object_or_404(Entitlement, pk=entitlement_id, order=order)
    try:
        check_standing(entitlement.pk)
    except DownloadEnded as ended:
        messages.warning(request, str(ended))
        return SeeOther(f"/order/{token}/")
    answer = SeeOther(download_path(entitlement))
    remember_proof(request, answer, order.pk)
    return answer


def _ask(request: HttpRequest, entitlement: Entitlement, *, status: int, **said: bool) -> HttpResponse:
    context = {"title": entitlement.title, "file": entitlement.file, "prove_url": f"{request.path}prove/", **said}
    if request.path.endswith("/prove/"):
        context["prove_url"] = request.path
    return render(request, "downloads/proof.html", context, status=status)
