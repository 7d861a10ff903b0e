"""A dry run shows every row's fate, old and new value, and leaves every table as it was."""

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE02")]

HEADER = "handle,sku,title,price,stock,categories,option1_name,option1_value\n"


def test_a_dry_run_writes_nothing_and_says_what_would_change(run_import, digest_database) -> None:
    run_import(HEADER + "mug,MUG,Mug,5,3,Kitchen,,\nsock,SOCK-S,Sock,7,1,Clothes,Size,S\n")
    before = digest_database()
    changes = []
    report = run_import(
        HEADER
        + "mug,MUG,Mug,6.50,3,Kitchen,,\nsock,SOCK-S,Sock,7,1,Clothes,Size,S\nsock,SOCK-M,Sock,8,1,Clothes,Size,M\nhat,HAT,Hat,-1,,,,\n",
        dry_run=True,
        watch=changes.append,
    )
    assert digest_database() == before
    assert (report.import_id, report.created, report.updated, report.unchanged, report.failed) == (None, 1, 1, 1, 1)
    fates = {change.sku: change.outcome for change in changes}
    assert fates == {"MUG": "updated", "SOCK-S": "unchanged", "SOCK-M": "created", "": "failed"}
    mug = next(change for change in changes if change.sku == "MUG")
    assert {name: (str(old), str(new)) for name, (old, new) in mug.fields.items()} == {"price": ("5.00", "6.50")}


def test_the_first_dry_run_of_an_empty_shop_makes_no_partner_either(run_import, digest_database) -> None:
    before = digest_database()
    assert run_import(HEADER + "mug,MUG,Mug,5,3,Kitchen,,\n", dry_run=True).created == 1
    assert digest_database() == before


def test_the_database_itself_refuses_to_write_during_a_dry_run(run_import) -> None:
    def try_to_write(change: object) -> None:
        with pytest.raises(DatabaseError, match="read-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_product")

    run_import(HEADER + "mug,MUG,Mug,5,3,Kitchen,,\n", dry_run=True, watch=try_to_write)
