"""The eight roles of a shop's team, as groups. `ensure_roles` may run at any time, twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import Group, Permission

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Role:
    """`sees` and `edits` name models (`order.order`); `may` names rights of the back office.

    `refund_limit` is what one person may give back alone on one order, in the shop's currency; None: no limit.
    """

    name: str
    sentence: str
    sees: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    refund_limit: Decimal | None = Decimal(0)

    def permissions(self) -> set[str]:
        """`app.codename`; editing includes seeing and adding."""
        found = {f"backoffice.{codename}" for codename in self.may}
        for model in (*self.sees, *self.edits):
            found.add(_permission("view", model))
        for model in self.edits:
            found |= {_permission("change", model), _permission("add", model)}
        return found


_ORDERS = ("order.order", "fulfilment.shipment", "checkout.mail", "checkout.entitlement", "checkout.preparedorder")
_MONEY = (
    "checkout.paper",
    "checkout.paymentattempt",
    "checkout.refund",
    "checkout.refundrequest",
    "checkout.providerevent",
    "checkout.heldpayment",
    "checkout.vatcase",
    "checkout.vatcheck",
)
_BOOKS = ("checkout.payout", "checkout.statemententry", "checkout.transferout")
_BUYING = ("inventory.purchaseorder", "inventory.supplier")
_STOCK = (
    "inventory.stocklevel",
    "inventory.stockmovement",
    "inventory.reservation",
    "inventory.location",
    "inventory.backorderpolicy",
    "inventory.transfer",
    "inventory.countsheet",
)
_CATALOGUE = ("catalogue.product", "catalogue.category", "catalogue.productclass", "catalogue.productattribute")
_BULK = ("catalog.bulkedit",)
_SEARCH = ("catalog.synonymgroup", "catalog.placement", "catalog.searchmiss")
_CHOICES = (
    "catalogue.attributeoptiongroup",
    "catalog.party",
    "catalog.collection",
    "catalog.textrule",
    "catalog.bannedword",
    "catalog.digitalfile",
)
_PROMOTIONS = ("offer.conditionaloffer", "voucher.voucher", "offer.range")
_CONTENT = ("content.page", "content.block", "content.menu", "content.menuentry", "redirects.redirect")
_SETTINGS = (
    "checkout.taxrate",
    "checkout.taxzone",
    "checkout.taxnexus",
    "shipping_rates.method",
    "shipping_rates.band",
    "shipping_rates.zone",
)
_MACHINE = ("outbox.outboxevent", "audit.auditentry", "failures.serverfailure")
_STAFF = ("auth.group",)
_PERSON = ("accounts.user",)
_ALL_RIGHTS = (
    "cancel_order",
    "refund_order",
    "approve_refund",
    "match_transfer",
    "settle_payment",
    "release_payment",
    "settle_vat",
    "prepare_order",
    "give_discount",
    "note_order",
    "resend_mail",
    "word_mail",
    "renew_link",
    "pick_shipment",
    "dispatch_shipment",
    "move_stock",
    "hear_of_low_stock",
    "change_price",
    "moderate_review",
    "retry_job",
    "ask_doctor",
    "see_reports",
    "export_data",
    "see_feeds",
)
_EDITABLE = (
    *_CATALOGUE,
    *_CHOICES,
    *_SEARCH,
    *_PROMOTIONS,
    *_SETTINGS,
    *_BUYING,
    "inventory.lowstockrule",
    "inventory.location",
    "reviews.productreview",
    *_CONTENT,
    "failures.serverfailure",
)
_SEEN = (*_ORDERS, *_MONEY, *_BOOKS, *_STOCK, *_MACHINE, "catalog.importrun", "addresses.missedaddress", *_BULK)

ROLES: tuple[Role, ...] = (
    Role(OWNER, "Everything, and who else may what.", _SEEN, (*_EDITABLE, *_PERSON, *_STAFF), _ALL_RIGHTS, None),
    Role("manager", "Everything but staff and roles.", (*_SEEN, *_PERSON), _EDITABLE, _ALL_RIGHTS, Decimal(500)),
    Role(
        "order desk",
        "Orders from paid to refunded.",
        (*_ORDERS, *_MONEY, *_PERSON, "catalogue.product", "inventory.stocklevel"),
        (),
        (
            "cancel_order",
            "refund_order",
            "settle_payment",
            "release_payment",
            "settle_vat",
            "prepare_order",
            "give_discount",
            "note_order",
            "resend_mail",
            "renew_link",
            "pick_shipment",
            "dispatch_shipment",
            "export_data",
        ),
        Decimal(100),
    ),
    Role(
        "warehouse",
        "Pick, pack, ship, count.",
        ("order.order", "fulfilment.shipment", "catalogue.product", *_STOCK, *_BUYING),
        ("inventory.lowstockrule",),
        ("pick_shipment", "dispatch_shipment", "move_stock", "hear_of_low_stock", "note_order", "export_data"),
    ),
    Role(
        "catalogue editor",
        "Products, categories, prices.",
        ("catalog.importrun", "inventory.stocklevel", *_BULK),
        (*_CATALOGUE, *_CHOICES, *_SEARCH, "reviews.productreview"),
        ("change_price", "moderate_review", "see_feeds"),
    ),
    Role(
        "marketing",
        "Offers, vouchers, the home page.",
        ("catalogue.product", "catalogue.category", "addresses.missedaddress"),
        (*_PROMOTIONS, *_CONTENT, *_SEARCH, "reviews.productreview"),
        ("moderate_review", "see_reports", "see_feeds"),
    ),
    Role(
        "support",
        "Answers customers.",
        (*_ORDERS, *_PERSON, "catalogue.product", "inventory.stocklevel"),
        (),
        ("prepare_order", "note_order", "resend_mail", "renew_link"),
    ),
    Role(
        "accountant",
        "Payments, refunds, taxes.",
        ("order.order", *_MONEY, *_BOOKS, *_BUYING, "audit.auditentry"),
        ("checkout.taxrate", "checkout.taxzone", "checkout.taxnexus"),
        ("approve_refund", "match_transfer", "settle_payment", "settle_vat", "see_reports", "export_data"),
    ),
)


def ensure_roles() -> list[Group]:
    """Make the groups and give them exactly the permissions that stand here; the groups in the order of ROLES."""
    known = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in Permission.objects.select_related("content_type").all()
    }
    groups = []
    for role in ROLES:
        group, _ = Group.objects.get_or_create(name=role.name)
        group.permissions.set(_pick(known, role.permissions()))
        groups.append(group)
    return groups


def _pick(known: dict[str, Permission], wanted: Iterable[str]) -> list[Permission]:
    return [known[name] for name in sorted(wanted)]


def _permission(verb: str, model: str) -> str:
    app_label, name = model.split(".")
    return f"{app_label}.{verb}_{name}"
