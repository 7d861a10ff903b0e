"""Papers as answers: what an order's page lists, and the file behind each line."""

from typing import Any

from django.http import HttpResponse

from checkout.invoices.drawn import PDF, UBL, file_of
from checkout.invoices.einvoice import NoSellerData
from checkout.invoices.records import Paper

_ENDINGS = {"pdf": (PDF, "application/pdf"), "xml": (UBL, "application/xml")}


def list_papers(order_id: int, *, page: str) -> list[dict[str, Any]]:
    """`[{name, url}]` in the order of issue; `page` is the path of the order's page."""
    papers = Paper.objects.filter(order_id=order_id).order_by("pk").values_list("kind", "label")
    return [{"name": f"{kind.capitalize()} {label}", "url": f"{page}papers/{label}.pdf"} for kind, label in papers]


def paper_response(paper: Paper, form: str) -> HttpResponse | None:
    """The file for an ending (pdf, xml); None for another, and for an electronic invoice that cannot be written."""
    if form not in _ENDINGS:
        return None
    kind, media_type = _ENDINGS[form]
    try:
        content = file_of(paper, kind)
    except NoSellerData:
        return None
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'inline; filename="{paper.label}.{form}"'},
    )
