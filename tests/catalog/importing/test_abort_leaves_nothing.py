"""With on-error abort a file is imported whole or not at all."""

import pytest

from catalog.importing.apply import ImportAborted

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE04")]

HEADER = "handle,sku,title,price,categories\n"


def test_a_row_that_cannot_be_read_stops_everything_before_it_begins(run_import, digest_database) -> None:
    before = digest_database()
    with pytest.raises(ImportAborted) as caught:
        run_import(HEADER + "mug,MUG,Mug,5,Kitchen\nhat,HAT,Hat,-5,Clothes\n", aborts=True)
    assert digest_database() == before
    assert (caught.value.report.import_id, caught.value.report.failed) == (None, 1)


def test_a_row_that_contradicts_the_shop_takes_back_what_was_written(run_import, digest_database) -> None:
    run_import(HEADER + "mug,MUG,Mug,5,Kitchen\n")
    before = digest_database()
    good = "".join(f"p{n},P{n},Product {n},5,New > Category {n % 7}\n" for n in range(700))
    with pytest.raises(ImportAborted) as caught:
        run_import(HEADER + good + "other,MUG,Mug,5,Kitchen\n", aborts=True)
    assert "belongs to the product “mug”" in caught.value.report.errors[0].reason
    assert digest_database() == before


def test_a_good_file_is_imported_in_one_piece(run_import) -> None:
    report = run_import(HEADER + "mug,MUG,Mug,5,Kitchen\nhat,HAT,Hat,5,Clothes\n", aborts=True)
    assert (report.created, report.failed) == (2, 0)
    assert run_import(HEADER + "mug,MUG,Mug,5,Kitchen\nhat,HAT,Hat,5,Clothes\n", aborts=True).unchanged == 2


def test_skipping_keeps_the_good_rows(run_import) -> None:
    report = run_import(HEADER + "mug,MUG,Mug,5,Kitchen\nhat,HAT,Hat,-5,Clothes\nsock,SOCK,Sock,5,Clothes\n")
    assert (report.rows, report.created, report.failed) == (3, 2, 1)
