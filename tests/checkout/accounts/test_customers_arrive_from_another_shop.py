"""import_customers: counts of the samples, addresses, old passwords that still open the door, staff and consent untouched.

Counted by the csv module: bagisto/customers.csv 3 rows, spree/customers.csv 20 rows (all with an address1), magento/customer_profile.csv 1 row whose plain password is not taken over.
"""

import hashlib
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from oscar.apps.address.models import Country, UserAddress

from catalog.importing.records import ImportChange
from catalog.importing.undo import undo_import
from checkout.accounts.models import User
from tests.catalog.importing.conftest import digest_database

__all__ = ["digest_database"]

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE08", "IE01")]

PHPASS = "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"
"""The test vector of phpass itself (test.php): the password test12345."""
SECRET = "Slow-Meadow-17"


@pytest.fixture
def run(tmp_path: Path):
    def run(file: Path | str, *options: str) -> dict:
        if isinstance(file, str):
            path = tmp_path / "customers.csv"
            path.write_text(file, encoding="utf-8")
            file = path
        out = io.StringIO()
        try:
            call_command("import_customers", str(file), "--json", *options, stdout=out, stderr=io.StringIO())
        except SystemExit:
            pass
        return json.loads(out.getvalue())

    return run


def sign_in(client: Client, email: str, password: str) -> bool:
    client.post("/account/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("name", "format_name", "customers", "addresses"),
    [
        ("bagisto/customers.csv", "bagisto", 3, 0),
        ("bagisto/customers.xlsx", "bagisto", 3, 0),
        ("spree/customers.csv", "spree", 20, 20),
        ("magento/customer_profile.csv", "magento", 1, 1),
    ],
)
def test_the_samples_come_in_with_their_counts_and_again_nothing_changes(
    shared_data: Path, run, name: str, format_name: str, customers: int, addresses: int
) -> None:
    first = run(shared_data / name)
    assert (first["format"], first["created"], first["failed"]) == (format_name, customers, 0)
    assert (User.objects.count(), UserAddress.objects.count()) == (customers, addresses)
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert run(shared_data / name)["unchanged"] == customers


def test_an_address_is_read_whole(shared_data: Path, run) -> None:
    run(shared_data / "spree" / "customers.csv")
    address = UserAddress.objects.get(user__email="james.patel@example.com")
    assert (address.line1, address.line2, address.line4) == (
        "Patel Trading Co.",
        "89 Commerce Drive, Suite 200",
        "Austin",
    )
    assert (address.state, address.postcode, address.country.pk) == ("TX", "78701", "US")
    assert not Country.objects.get(pk="US").is_shipping_country


@pytest.mark.parametrize(
    ("stored", "password"),
    [
        (PHPASS, "test12345"),
        (hashlib.sha256(f"aB3dE{SECRET}".encode()).hexdigest() + ":aB3dE:1", SECRET),
        (hashlib.md5(f"aB{SECRET}".encode()).hexdigest() + ":aB", SECRET),
    ],
    ids=["wordpress", "magento 2", "magento 1"],
)
def test_an_old_password_opens_the_door_and_its_hash_is_replaced(
    client: Client, run, stored: str, password: str
) -> None:
    assert run(f"email,password_hash\nann@example.com,{stored}\n")["created"] == 1
    assert not sign_in(client, "ann@example.com", "something else 9")
    assert sign_in(client, "ann@example.com", password)
    user = User.objects.get(email="ann@example.com")
    assert user.password.partition("$")[0] not in ("phpass", "magento")
    assert user.check_password(password)
    assert not ImportChange.objects.filter(after__icontains="hash").exists()


def test_hashes_that_nobody_can_check_and_other_mistakes_get_a_sentence(run) -> None:
    answer = run(
        "email,first_name,line1,country,password_hash\n"
        "a@example.com,A,,,$argon2id$v=19$m=65536$abc$def\n"
        "not an address,B,,,\n"
        "c@example.com,C,Street 1,Atlantis,\n"
        "d@example.com,D,Street 1,,\n"
        "e@example.com,E,Street 1,Germany,\n"
        "E@Example.com,E,,,\n"
    )
    assert (answer["created"], answer["failed"]) == (1, 5)
    assert [(error["line"], error["column"]) for error in answer["errors"]] == [
        (2, "password_hash"),
        (3, "email"),
        (4, "country"),
        (5, "country"),
        (7, ""),
    ]
    assert "$argon2id" not in json.dumps(answer)
    assert "frist_name" in run("email,frist_name\na@example.com,A\n")["errors"][0]["reason"]


def test_shopifys_columns_and_guarded_digits_are_read(run) -> None:
    answer = run(
        "First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,"
        "Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,"
        "Default Address Zip,Default Address Phone,Phone,Total Spent,Total Orders,Note,Tax Exempt,Tags\n"
        "Ann,Lee,ann@example.com,yes,Lee & Co,Main St 1,,Boston,MA,US,'02108,,'+16175550100,12.00,1,,no,VIP\n"
    )
    assert (answer["format"], answer["created"], answer["failed"]) == ("shopify", 1, 0)
    address = UserAddress.objects.get()
    assert (address.postcode, address.state, str(address.phone_number)) == ("02108", "MA", "+16175550100")
    assert (address.line1, address.line2, address.line4) == ("Lee & Co", "Main St 1", "Boston")


def test_a_dry_run_writes_nothing(shared_data: Path, run, digest_database) -> None:
    before = digest_database()
    assert run(shared_data / "spree" / "customers.csv", "--dry-run")["created"] == 20
    assert digest_database() == before


def test_staff_and_passwords_in_use_are_never_changed(client: Client, run) -> None:
    User.objects.create_user("boss@example.com", SECRET)
    User.objects.filter(email="boss@example.com").update(is_staff=True)
    User.objects.create_user("Ann@Example.com", SECRET, first_name="Ann")
    answer = run(f"email,first_name,password_hash\nboss@example.com,X,{PHPASS}\nann@example.com,Anna,{PHPASS}\n")
    assert (answer["updated"], answer["failed"], answer["errors"][0]["column"]) == (1, 1, "email")
    ann = User.objects.get(email__iexact="ann@example.com")
    assert (ann.first_name, ann.check_password(SECRET)) == ("Anna", True)
    assert User.objects.count() == 2


def test_an_import_of_customers_is_taken_back_but_for_those_who_came(client: Client, run) -> None:
    User.objects.create_user("old@example.com", SECRET, first_name="Old")
    answer = run(
        "email,first_name,line1,country,password_hash\n"
        f"old@example.com,New,Street 1,DE,\nann@example.com,Ann,,,{PHPASS}\nbob@example.com,Bob,Street 2,DE,\n"
    )
    assert sign_in(client, "ann@example.com", "test12345")
    report = undo_import(answer["import_id"], actor_name="test", progress=lambda count: None)
    assert (report.restored, report.removed) == (1, 1)
    assert [left.identifier for left in report.left_alone] == ["ann@example.com"]
    assert set(User.objects.values_list("email", "first_name")) == {
        ("old@example.com", "Old"),
        ("ann@example.com", "Ann"),
    }
    assert not UserAddress.objects.exists()
    undo_import(report.import_id, actor_name="test", progress=lambda count: None)
    assert User.objects.filter(email="bob@example.com", first_name="Bob").exists()
    assert UserAddress.objects.count() == 2
