"""Two processes import overlapping files at the same moment: every product, category and class exists once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from oscar.apps.catalogue.models import Category, Product, ProductClass
from oscar.apps.partner.models import StockRecord

from catalog.importing.report import ImportReport

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IE06")]

HEADER = "handle,sku,title,price,stock,product_class,categories,attribute:material\n"
PRODUCTS = 1_500


def test_overlapping_files_meet_in_the_same_products(run_import) -> None:
    def import_rows(numbers: range) -> ImportReport:
        lines = (f"p{n},P{n},Product {n},5,3,Thing,Kitchen > Mugs {n % 5},Clay" for n in numbers)
        try:
            return run_import(HEADER + "\n".join(lines))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        reports = list(pool.map(import_rows, (range(PRODUCTS), reversed(range(PRODUCTS)))))
    assert [report.failed for report in reports] == [0, 0]
    assert sum(report.created for report in reports) == PRODUCTS
    assert max(Counter(Product.objects.values_list("slug", flat=True)).values()) == 1
    assert Product.objects.count() == StockRecord.objects.count() == PRODUCTS
    assert Category.objects.count() == 6
    assert ProductClass.objects.filter(name="Thing").count() == 1
