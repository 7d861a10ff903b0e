"""Write customers from a file: new accounts, names and addresses of known ones; never a staff account, never a password in use.

Nobody is signed in, mailed, or asked for anything. An account without password hash gets one through “forgotten password”.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models.functions import Lower
from oscar.apps.address.models import Country, UserAddress
from oscar.apps.order.models import Order

from catalog.importing.lists import ListKind, ListRow, keep_change
from catalog.importing.plan import Fields, RowChange
from catalog.importing.records import ImportChange, ImportRun
from catalog.importing.rows import RowError
from catalog.importing.take_back import LeftAlone, UndoReport
from checkout.accounts.arriving import customer_file
from checkout.accounts.arriving.customer_file import Customer
from checkout.accounts.models import User
from checkout.tax.rates import country_name
from checkout.written_order import phone_fields

STAFF = "This address belongs to a member of staff, whose account no file may change. Leave the row out."
NAMES = ("first_name", "last_name")


def write(rows: Sequence[ListRow], run: ImportRun | None) -> list[RowChange]:
    """Without a run nothing is written."""
    emails = [row.key for row in rows]
    users = {user.email.casefold(): user for user in User.objects.filter(email__in=emails)}
    spelt_otherwise = User.objects.annotate(lowered=Lower("email")).filter(lowered__in=set(emails) - users.keys())
    users |= {user.email.casefold(): user for user in spelt_otherwise}
    countries = find_countries([row.values for row in rows], makes=run is not None)
    hashes = _known_addresses(users.values())
    changes: list[RowChange] = []
    new: list[User] = []
    changed: list[User] = []
    addresses, images = [], []
    for row in rows:
        customer: Customer = row.values
        user = users.get(row.key)
        if user is not None and (user.is_staff or user.is_superuser):
            error = RowError(line=row.line, column="email", value=row.key, reason=STAFF)
            changes.append(RowChange(line=row.line, handle="", sku=row.key, outcome="failed", error=error))
            continue
        is_new = user is None
        user = user or User(email=row.key, password=customer.password or make_password(None))
        address = make_address(customer, user=user, countries=countries) if customer.address else None
        if address is not None and address.hash in hashes.get(user.pk, ()):
            address = None
        fields = _list_changes(customer, user=user, is_new=is_new, address=address)
        outcome = "created" if is_new else "updated" if fields else "unchanged"
        changes.append(RowChange(line=row.line, handle="", sku=row.key, outcome=outcome, fields=fields))  # type: ignore[arg-type]
        if run is None or not fields:
            continue
        before = None if is_new else _image(user, address=None)
        for name in NAMES:
            setattr(user, name, getattr(customer, name) or getattr(user, name))
        if "password" in fields and not is_new:
            user.password = customer.password
        (new if is_new else changed).append(user)
        if address is not None:
            addresses.append(address)
        images.append((row.key, before, _image(user, address=customer.address if address is not None else None)))
    if run is not None:
        User.objects.bulk_create(new)
        User.objects.bulk_update(changed, [*NAMES, "password"])
        for address in addresses:
            address.user_id = address.user.pk
        UserAddress.objects.bulk_create(addresses)
        ImportChange.objects.bulk_create(
            keep_change(run, subject="customer", key=key, before=before, after=after) for key, before, after in images
        )
    return changes


def find_countries(customers: Iterable[Customer], *, makes: bool) -> dict[str, Country]:
    """By code. Those that the shop does not know yet are made, without becoming a place it ships to."""
    codes = {customer.address["country"] for customer in customers if customer.address}
    found = {country.pk: country for country in Country.objects.filter(pk__in=codes)}
    missing = [
        Country(
            iso_3166_1_a2=code, printable_name=country_name(code), name=country_name(code), is_shipping_country=False
        )
        for code in sorted(codes - found.keys())
    ]
    if makes:
        Country.objects.bulk_create(missing, ignore_conflicts=True)
    return found | {country.iso_3166_1_a2: country for country in missing}


def make_address(customer: Customer, *, user: User, countries: Mapping[str, Country]) -> UserAddress:
    """Oscar's fields from ours; the company stands in the first line, as on a label. Unsaved."""
    given = customer.address or {}
    lines = [line for line in (given.get("company", ""), given.get("line1", ""), given.get("line2", "")) if line]
    address = UserAddress(
        user=user,
        first_name=customer.first_name,
        last_name=customer.last_name,
        line1=lines[0] if lines else "",
        line2=", ".join(lines[1:])[:255],
        line4=given.get("city", ""),
        state=given.get("region", ""),
        postcode=given.get("postcode", "").upper(),
        country=countries[given["country"]],
        **phone_fields(customer.phone, given["country"]),
    )
    address.hash = str(address.generate_hash())
    address.search_text = address.join_fields(address.search_fields, separator=" ")
    return address


def restore(batch: Sequence[ImportChange], undo: ImportRun, report: UndoReport) -> None:
    """New accounts nobody used go again, changed names come back; who signed in or ordered since is left alone."""
    users = {user.email.casefold(): user for user in User.objects.filter(email__in=[one.identifier for one in batch])}
    buyers = set(Order.objects.filter(user__in=users.values()).values_list("user_id", flat=True))
    kept = []
    for change in batch:
        user = users.get(change.identifier)
        before, after = change.before, change.after
        if not after:
            _make_again(before or {}, known=user, report=report)
        elif user is None or any(getattr(user, name) != after[name] for name in NAMES):
            report.left_alone.append(LeftAlone(subject="customer", identifier=change.identifier, fields=NAMES))
            continue
        elif before is None and (user.last_login is not None or user.pk in buyers):
            fields = ("last_login",) if user.last_login else ("orders",)
            report.left_alone.append(LeftAlone(subject="customer", identifier=change.identifier, fields=fields))
            continue
        elif before is None:
            user.delete()
            report.removed += 1
        else:
            _take_back(user, before=before, after=after)
            report.restored += 1
        kept.append(
            keep_change(undo, subject="customer", key=change.identifier, before=after or None, after=before or {})
        )
    ImportChange.objects.bulk_create(kept)


def _make_again(image: Mapping[str, Any], *, known: User | None, report: UndoReport) -> None:
    """The undo of an undo: the account without its password, which no before-image holds."""
    if known is not None:
        report.left_alone.append(LeftAlone(subject="customer", identifier=image["email"], fields=("email",)))
        return
    user = User(email=image["email"], password=make_password(None), **{name: image[name] for name in NAMES})
    user.save(force_insert=True)
    _add_address(user, image=image)
    report.restored += 1


def _take_back(user: User, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for name in NAMES:
        setattr(user, name, before[name])
    user.save(update_fields=NAMES)
    if after.get("address"):
        customer = _from_image(after)
        gone = make_address(customer, user=user, countries=find_countries([customer], makes=False))
        UserAddress.objects.filter(user=user, hash=gone.hash).delete()
    _add_address(user, image=before)


def _add_address(user: User, *, image: Mapping[str, Any]) -> None:
    if image.get("address"):
        customer = _from_image(image)
        address = make_address(customer, user=user, countries=find_countries([customer], makes=True))
        UserAddress.objects.bulk_create([address], ignore_conflicts=True)


def _from_image(image: Mapping[str, Any]) -> Customer:
    return Customer(
        email=image["email"],
        first_name=image["first_name"],
        last_name=image["last_name"],
        phone=image.get("phone", ""),
        address=image["address"],
    )


def _image(user: User, *, address: dict[str, str] | None) -> dict[str, Any]:
    """Without password: a hash has no business in a second table."""
    return {"email": user.email.casefold(), **{name: getattr(user, name) for name in NAMES}, "address": address}


def _list_changes(customer: Customer, *, user: User, is_new: bool, address: UserAddress | None) -> Fields:
    fields: Fields = {}
    for name in NAMES:
        said, held = getattr(customer, name), getattr(user, name)
        if (said and said != held) or is_new:
            fields[name] = (None if is_new else held, said)
    if address is not None:
        fields["address"] = (None, ", ".join(address.active_address_fields()))
    may_sign_in_newly = is_new or (user.last_login is None and not user.has_usable_password())
    if customer.password and may_sign_in_newly:
        fields["password"] = (None, "as in the old shop")
    return fields


def _known_addresses(users: Any) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for user_id, digest in UserAddress.objects.filter(user__in=list(users)).values_list("user_id", "hash"):
        found.setdefault(user_id, set()).add(digest)
    return found


KIND = ListKind(
    name=customer_file.NAME,
    batch=500,
    detect=customer_file.detect,
    read=customer_file.read,
    write=write,
    restore=restore,
)
