"""A paper as a file: drawn once, kept byte for byte, given out as it was first drawn."""

import hashlib

from django.db import transaction

from checkout.invoices.einvoice import NoSellerData, write_ubl
from checkout.invoices.records import Paper, PaperFile
from checkout.invoices.sheet import draw_pdf

PDF, UBL = "pdf", "ubl"


def file_of(paper: Paper, form: str = PDF) -> bytes:
    """The bytes of a paper's file. Raises NoSellerData for an electronic invoice without the seller's VAT identifier."""
    known = PaperFile.objects.filter(paper=paper, form=form).first()
    if known is None:
        content = draw_pdf(paper.figures) if form == PDF else write_ubl(paper.figures)
        with transaction.atomic():
            known, _ = PaperFile.objects.get_or_create(
                paper=paper,
                form=form,
                defaults={"content": content, "digest": hashlib.sha256(content).hexdigest()},
            )
    return bytes(known.content)


def draw_files(paper_id: int) -> None:
    """Both forms, so that they show the day they were issued on whatever the templates become."""
    paper = Paper.objects.get(pk=paper_id)
    file_of(paper, PDF)
    try:
        file_of(paper, UBL)
    except NoSellerData:
        return
