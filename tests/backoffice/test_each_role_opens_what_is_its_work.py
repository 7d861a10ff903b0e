"""Every address × eight roles. An address without a line in this table fails: a new page needs a rule."""

from collections.abc import Mapping
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from oscar.apps.catalogue.models import AttributeOptionGroup
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher

from catalog.addresses.models import MissedAddress
from catalog.bulk.records import BulkEdit
from catalog.collections.records import Collection
from catalog.content.models import Menu, Page, Version
from catalog.digital.records import DigitalFile
from catalog.importing.records import ImportRun
from catalog.importing.upload_records import ImportUpload
from catalog.media.records import MediaFile
from catalog.personal.records import BannedWord, TextRule
from catalog.personal.writing import write_rule
from catalog.safety.records import Party
from catalog.search.staff_words import Placement
from catalog.search.synonyms import write_synonym
from checkout.downloads.records import Entitlement
from checkout.invoices.issue import issue_invoice
from checkout.invoices.records import Paper
from checkout.orders.letters import write_confirmation
from checkout.payments.records import PaymentAttempt, ProviderEvent, Refund
from checkout.payments.transfer.records import StatementEntry, TransferOut
from checkout.payouts.records import Payout
from checkout.prepared.preparing import Wanted, prepare_order
from checkout.refunds.records import RefundRequest
from checkout.shield.records import HeldPayment
from checkout.tax.records import TaxNexus
from checkout.tax.vat_records import VatCase, VatCheck
from inventory.backorder_policy import set_policy, shop_today
from inventory.counting import open_sheet
from inventory.models import LowStockRule, PurchaseOrder, Supplier
from inventory.transfers import draft_transfer
from shipping.fulfilment.opening import open_shipments
from shop.audit.record import record_action
from shop.backoffice.roles import ROLES
from shop.failures.models import ServerFailure
from shop.outbox.models import OutboxEvent
from shop.redirects.models import Redirect
from tests.backoffice.addresses import OPEN_TO_ALL, admin_patterns
from tests.backoffice.desk import make_staff, sign_in
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_category, make_location, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("AD02")]

OWNER, MANAGER, DESK, WAREHOUSE = "owner", "manager", "order desk", "warehouse"
CATALOGUE, MARKETING, SUPPORT, ACCOUNTANT = "catalogue editor", "marketing", "support", "accountant"
ALL = {role.name for role in ROLES}
BOSSES = {OWNER, MANAGER}
NOBODY: set[str] = set()

# Who sees the list and a row; who adds one.
SEES: Mapping[str, set[str]] = {
    "order_order": BOSSES | {DESK, WAREHOUSE, SUPPORT, ACCOUNTANT},
    "fulfilment_shipment": BOSSES | {DESK, WAREHOUSE, SUPPORT},
    "checkout_paymentattempt": BOSSES | {DESK, ACCOUNTANT},
    "checkout_refund": BOSSES | {DESK, ACCOUNTANT},
    "checkout_refundrequest": BOSSES | {DESK, ACCOUNTANT},
    "checkout_payout": BOSSES | {ACCOUNTANT},
    "checkout_preparedorder": BOSSES | {DESK, SUPPORT},
    "checkout_heldpayment": BOSSES | {DESK, ACCOUNTANT},
    "checkout_vatcase": BOSSES | {DESK, ACCOUNTANT},
    "checkout_vatcheck": BOSSES | {DESK, ACCOUNTANT},
    "checkout_statemententry": BOSSES | {ACCOUNTANT},
    "checkout_transferout": BOSSES | {ACCOUNTANT},
    "checkout_providerevent": BOSSES | {DESK, ACCOUNTANT},
    "checkout_mail": BOSSES | {DESK, SUPPORT},
    "checkout_paper": BOSSES | {DESK, ACCOUNTANT},
    "checkout_entitlement": BOSSES | {DESK, SUPPORT},
    "catalog_digitalfile": BOSSES | {CATALOGUE},
    "catalogue_product": BOSSES | {DESK, WAREHOUSE, CATALOGUE, MARKETING, SUPPORT},
    "catalogue_category": BOSSES | {CATALOGUE, MARKETING},
    "catalog_party": BOSSES | {CATALOGUE},
    "catalog_textrule": BOSSES | {CATALOGUE},
    "catalog_bannedword": BOSSES | {CATALOGUE},
    "catalog_bulkedit": BOSSES | {CATALOGUE},
    "catalog_collection": BOSSES | {CATALOGUE},
    "catalogue_productclass": BOSSES | {CATALOGUE},
    "catalogue_attributeoptiongroup": BOSSES | {CATALOGUE},
    "catalog_importrun": BOSSES | {CATALOGUE},
    "reviews_productreview": BOSSES | {CATALOGUE, MARKETING},
    "inventory_stocklevel": BOSSES | {DESK, WAREHOUSE, CATALOGUE, SUPPORT},
    "inventory_stockmovement": BOSSES | {WAREHOUSE},
    "inventory_location": BOSSES | {WAREHOUSE},
    "inventory_reservation": BOSSES | {WAREHOUSE},
    "inventory_purchaseorder": BOSSES | {WAREHOUSE, ACCOUNTANT},
    "inventory_supplier": BOSSES | {WAREHOUSE, ACCOUNTANT},
    "inventory_lowstockrule": BOSSES | {WAREHOUSE},
    "inventory_backorderpolicy": BOSSES | {WAREHOUSE},
    "inventory_transfer": BOSSES | {WAREHOUSE},
    "inventory_countsheet": BOSSES | {WAREHOUSE},
    "offer_conditionaloffer": BOSSES | {MARKETING},
    "voucher_voucher": BOSSES | {MARKETING},
    "offer_range": BOSSES | {MARKETING},
    "content_page": BOSSES | {MARKETING},
    "content_menu": BOSSES | {MARKETING},
    "redirects_redirect": BOSSES | {MARKETING},
    "catalog_synonymgroup": BOSSES | {CATALOGUE, MARKETING},
    "catalog_placement": BOSSES | {CATALOGUE, MARKETING},
    "addresses_missedaddress": BOSSES | {MARKETING},
    "accounts_user": BOSSES | {DESK, SUPPORT},
    "auth_group": {OWNER},
    "checkout_taxrate": BOSSES | {ACCOUNTANT},
    "checkout_taxzone": BOSSES | {ACCOUNTANT},
    "checkout_taxnexus": BOSSES | {ACCOUNTANT},
    "shipping_rates_method": BOSSES,
    "shipping_rates_zone": BOSSES,
    "outbox_outboxevent": BOSSES,
    "audit_auditentry": BOSSES | {ACCOUNTANT},
    "failures_serverfailure": BOSSES,
}
ADDS: Mapping[str, set[str]] = {
    "catalogue_product": BOSSES | {CATALOGUE},
    "catalog_party": BOSSES | {CATALOGUE},
    "catalog_textrule": BOSSES | {CATALOGUE},
    "catalog_bannedword": BOSSES | {CATALOGUE},
    "catalog_digitalfile": BOSSES | {CATALOGUE},
    "catalog_collection": BOSSES | {CATALOGUE},
    "catalogue_category": BOSSES | {CATALOGUE},
    "catalogue_productclass": BOSSES | {CATALOGUE},
    "catalogue_attributeoptiongroup": BOSSES | {CATALOGUE},
    "inventory_location": BOSSES,
    "inventory_purchaseorder": BOSSES,
    "inventory_supplier": BOSSES,
    "inventory_lowstockrule": BOSSES | {WAREHOUSE},
    "offer_conditionaloffer": BOSSES | {MARKETING},
    "voucher_voucher": BOSSES | {MARKETING},
    "offer_range": BOSSES | {MARKETING},
    "content_page": BOSSES | {MARKETING},
    "content_menu": BOSSES | {MARKETING},
    "redirects_redirect": BOSSES | {MARKETING},
    "catalog_synonymgroup": BOSSES | {CATALOGUE, MARKETING},
    "catalog_placement": BOSSES | {CATALOGUE, MARKETING},
    "checkout_taxrate": BOSSES | {ACCOUNTANT},
    "checkout_taxzone": BOSSES | {ACCOUNTANT},
    "checkout_taxnexus": BOSSES | {ACCOUNTANT},
    "shipping_rates_method": BOSSES,
    "shipping_rates_zone": BOSSES,
}
ACTS: Mapping[str, set[str]] = {
    "index": ALL,
    "jsi18n": ALL,
    "search": ALL,
    "app_list": ALL,
    "password_change": ALL,
    "password_change_done": ALL,
    "sales_report": BOSSES | {MARKETING, ACCOUNTANT},
    "stock_report": BOSSES | {MARKETING, ACCOUNTANT},
    "stock_report_export": BOSSES | {ACCOUNTANT},
    "prepare_order": BOSSES | {DESK, SUPPORT},
    "oss_return": BOSSES | {MARKETING, ACCOUNTANT},
    "search_misses": BOSSES | {CATALOGUE, MARKETING},
    "feeds": BOSSES | {CATALOGUE, MARKETING},
    "doctor": BOSSES,
    "import_new": BOSSES | {CATALOGUE},
    "import_file": BOSSES | {CATALOGUE},
    "import_refused": BOSSES | {CATALOGUE},
    "catalog_importrun_take_back": BOSSES | {CATALOGUE},
    "order_note": BOSSES | {DESK, WAREHOUSE, SUPPORT},
    "order_settle": BOSSES | {DESK, ACCOUNTANT},
    "order_resend": BOSSES | {DESK, SUPPORT},
    "order_renew-link": BOSSES | {DESK, SUPPORT},
    "order_refund": BOSSES | {DESK},
    "order_ask-rest": BOSSES | {DESK},
    "order_send": BOSSES | {DESK},
    "order_cancel": BOSSES | {DESK},
    **{
        f"checkout_statemententry_{act}": BOSSES | {ACCOUNTANT}
        for act in ("hand_in", "match_one", "undo_one", "send_back_one", "set_aside_one")
    },
    "checkout_transferout_sent_one": BOSSES | {ACCOUNTANT},
    "checkout_refundrequest_approve_one": BOSSES | {ACCOUNTANT},
    "checkout_refundrequest_decline_one": BOSSES | {ACCOUNTANT},
    "shipment_pick_list": BOSSES | {DESK, WAREHOUSE},
    "shipment_slip": BOSSES | {DESK, WAREHOUSE, SUPPORT},
    "shipment_dispatch": BOSSES | {DESK, WAREHOUSE},
    "mail_body": BOSSES | {DESK, SUPPORT},
    "mail_again": BOSSES | {DESK, SUPPORT},
    "mail_words": BOSSES,
    "mail_word": BOSSES,
    "purchase_receive": BOSSES | {WAREHOUSE},
    **{f"purchase_{act}": BOSSES for act in ("place", "day", "cancel", "close")},
    **{f"stock_{act}": BOSSES | {WAREHOUSE} for act in ("count", "receive", "write-off")},
    "inventory_backorderpolicy_sell_ahead": BOSSES | {WAREHOUSE},
    "inventory_transfer_new_transfer": BOSSES | {WAREHOUSE},
    **{f"transfer_{act}": BOSSES | {WAREHOUSE} for act in ("send", "receive", "close", "cancel")},
    "inventory_countsheet_new_sheet": BOSSES | {WAREHOUSE},
    **{f"count_sheet_{act}": BOSSES | {WAREHOUSE} for act in ("file", "bring-in", "finish", "again", "post", "cancel")},
    "product_archive": BOSSES | {CATALOGUE},
    "product_restore": BOSSES | {CATALOGUE},
    "product_remove": BOSSES | {CATALOGUE},
    "product_option": BOSSES | {CATALOGUE},
    "product_matrix": BOSSES | {CATALOGUE},
    "inventory_stocklevel_count_row": BOSSES | {WAREHOUSE},
    "inventory_stocklevel_receive_row": BOSSES | {WAREHOUSE},
    "inventory_stockmovement_export_csv": BOSSES | {WAREHOUSE},
    "reviews_productreview_approve_one": BOSSES | {CATALOGUE, MARKETING},
    "reviews_productreview_reject_one": BOSSES | {CATALOGUE, MARKETING},
    "reviews_productreview_answer_one": BOSSES | {CATALOGUE, MARKETING},
    **{
        f"content_{kind}_{act}": BOSSES | {MARKETING}
        for kind in ("page", "menu")
        for act in ("publish_one", "end_one", "restore")
    },
    "redirects_redirect_end_one": BOSSES | {MARKETING},
    "checkout_entitlement_renew_one": BOSSES | {DESK, SUPPORT},
    "checkout_entitlement_revoke_one": BOSSES | {DESK, SUPPORT},
    "catalogue_product_rename_one": BOSSES | {CATALOGUE},
}
# Rows are hidden, ended or switched off, never deleted; but for what is set up and not yet referred to.
DELETES: Mapping[str, set[str]] = {}
# Django's own pages that answer everybody who is in with a redirect or a refusal of their own.
LEFT_TO_DJANGO = {"autocomplete", "view_on_site"}


def rule_for(name: str) -> set[str] | None:
    for ending, table in (
        ("_changelist", SEES),
        ("_change", SEES),
        ("_history", SEES),
        ("_add", ADDS),
        ("_delete", DELETES),
    ):
        if name.endswith(ending) and name.removesuffix(ending) in SEES:
            return table.get(name.removesuffix(ending), NOBODY)
    return ACTS.get(name)


@pytest.fixture
def shop() -> dict[str, int | str]:
    """One row of everything, by the first words of its addresses; 1 where nothing is needed."""
    order = make_paid_order(make_product("Lamp", sku="LAMP-1", category=make_category("Living", "Lamps")))
    shipment = open_shipments(order.pk)[0]
    write_confirmation(order.pk)
    line = order.lines.get()
    attempt = PaymentAttempt.objects.get(order=order)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(state="paid", captured=attempt.amount)
    refund = Refund.objects.create(
        attempt=attempt, key="k", idempotency_key="i", amount=1, reason="broken", actor_name="tests"
    )
    now = timezone.now()
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    offer = ConditionalOffer.objects.create(
        name="Ten off",
        condition=Condition.objects.create(range=everything, type="Count", value=2),
        benefit=Benefit.objects.create(range=everything, type="Percentage", value=10),
    )
    voucher = Voucher.objects.create(name="Welcome", code="WELCOME", start_datetime=now, end_datetime=now)
    file = DigitalFile.objects.create(name="guide.pdf", digest="0" * 64, size=1, content_type="application/pdf")
    review = ProductReview.objects.create(product=line.product, score=4, title="Warm", body="A warm light.", status=0)
    purchase = PurchaseOrder.objects.create(
        supplier=Supplier.objects.create(name="Brass Works"), location=line.stockrecord.levels.get().location
    )
    rows: dict[str, int | str] = {
        "order_order": order.pk,
        "order": order.pk,
        "shipment": shipment.pk,
        "fulfilment_shipment": shipment.pk,
        "checkout_paymentattempt": attempt.pk,
        "checkout_refund": refund.pk,
        "checkout_payout": Payout.objects.create(
            provider_id="po_1", amount=1, currency="EUR", state="paid", is_automatic=True, made_at=now, arrives_at=now
        ).pk,
        "checkout_statemententry": StatementEntry.objects.create(
            key="e", booked_on=now.date(), amount=1, currency="EUR", file_name="a.csv", imported_by="tests"
        ).pk,
        "checkout_transferout": TransferOut.objects.create(key="t", amount=1, currency="EUR", text="Back").pk,
        "checkout_refundrequest": RefundRequest.objects.create(
            attempt=attempt,
            key="r",
            amount=1,
            parts=[],
            reason="broken",
            state="waiting",
            asked_by=make_staff(DESK, email="d@shop.example"),
        ).pk,
        "checkout_preparedorder": prepare_order(
            Wanted(email="a@example.com", lines=[(line.partner_sku, 1)]), actor=None
        ).record.pk,
        "checkout_heldpayment": HeldPayment.objects.create(order=order, why="rush", until=now).pk,
        "checkout_vatcase": VatCase.objects.create(order=order, vat_id="FR40303265045", tax=1).pk,
        "checkout_vatcheck": VatCheck.objects.create(vat_id="FR40303265045", state="valid").pk,
        "checkout_providerevent": ProviderEvent.objects.create(event_id="evt_1", kind="charge.updated", payload={}).pk,
        "checkout_mail": order.mails.get().pk,
        "checkout_paper": Paper.objects.get(pk=getattr(issue_invoice(order.pk), "pk", None)).pk,
        "mail": order.mails.get().pk,
        "catalogue_product": line.product_id,
        "product": line.product_id,
        "catalog_collection": Collection.objects.create(name="Gifts", slug="gifts").pk,
        "catalog_bulkedit": BulkEdit.objects.create().pk,
        "catalog_textrule": write_rule(
            TextRule(), name="Engraving", help_text="", is_required=False, product_ids=[]
        ).pk,
        "catalog_bannedword": BannedWord.objects.create(word="damn").pk,
        "catalog_digitalfile": file.pk,
        "checkout_entitlement": Entitlement.objects.create(
            order=order, line=line, file=file, title="Guide", downloads=5, hours=72, allowed=5, expires_at=now
        ).pk,
        "catalog_party": Party.objects.create(name="Brass Works").pk,
        "catalogue_category": make_category("Living").pk,
        "catalogue_productclass": line.product.product_class_id,
        "catalogue_attributeoptiongroup": AttributeOptionGroup.objects.create(name="Sizes").pk,
        "import": ImportUpload.objects.create(kind="products", file_name="a.csv", stored_as="none.csv").pk,
        "catalog_importrun": ImportRun.objects.create(kind="products", format="native", file_name="a.csv").pk,
        "reviews_productreview": review.pk,
        "inventory_stocklevel": line.stockrecord.levels.get().pk,
        "stock": line.stockrecord.levels.get().pk,
        "inventory_stockmovement": line.stockrecord.movements.first().pk,
        "inventory_location": line.stockrecord.levels.get().location_id,
        "inventory_reservation": line.stockrecord.reservations.get().pk,
        "inventory_purchaseorder": purchase.pk,
        "purchase": purchase.pk,
        "inventory_supplier": purchase.supplier_id,
        "inventory_lowstockrule": LowStockRule.objects.create(threshold=5).pk,
        "offer_conditionaloffer": offer.pk,
        "voucher_voucher": voucher.pk,
        "offer_range": everything.pk,
        "catalog_synonymgroup": write_synonym(terms=["couch"], means=["sofa"], actor=None).pk,
        "catalog_placement": Placement.objects.create(product=line.product, stem="lamp", words="lamp", kind="pin").pk,
        "redirects_redirect": Redirect.objects.create(from_path="/old", to_path="/").pk,
        "addresses_missedaddress": MissedAddress.objects.create(path="/gone").pk,
        "content_page": Page.objects.get(slug="terms").pk,
        "content_menu": Menu.objects.get(place="footer").pk,
        "content_page_restore": Version.objects.get(subject=Page.objects.get(slug="terms").subject).pk,
        "content_menu_restore": Version.objects.get(subject=Menu.objects.get(place="footer").subject).pk,
        "accounts_user": make_staff(email="owner@shop.example").pk,
        "auth_group": make_staff(SUPPORT, email="s@shop.example").groups.get().pk,
        "checkout_taxrate": 1,
        "checkout_taxzone": "ES-CN",
        "checkout_taxnexus": TaxNexus.objects.create(place="US-CA", reason="Office", valid_from=date(2026, 1, 1)).pk,
        "shipping_rates_method": 1,
        "shipping_rates_zone": 1,
        "outbox_outboxevent": OutboxEvent.objects.latest("pk").pk,
        "audit_auditentry": record_action(action="a", subject_type="t", subject_id=1).pk,
        "failures_serverfailure": ServerFailure.objects.create(path="/", method="GET", kind="ValueError").pk,
    }
    from checkout.tax.eu_zones import load_eu_zones
    from checkout.tax.records import TaxRate
    from shipping.rates.models import Method, Zone

    load_eu_zones()
    rows["checkout_taxrate"] = TaxRate.objects.latest("pk").pk
    rows["shipping_rates_method"] = Method.objects.latest("pk").pk
    rows["shipping_rates_zone"] = Zone.objects.latest("pk").pk
    rows["inventory_backorderpolicy"] = rows["backorder"] = line.stockrecord_id
    set_policy(stock_record_id=line.stockrecord_id, kind="backorder", cap=1, promised_on=shop_today())
    make_location("studio")
    rows["mail_word"] = "order_confirmed"
    rows["inventory_transfer"] = rows["transfer"] = draft_transfer(
        origin_code="main",
        destination_code="studio",
        quantities={line.stockrecord_id: 1},
        note="",
        actor_name="tests",
        key="t",
    ).pk
    rows["inventory_countsheet"] = rows["count_sheet"] = open_sheet(
        location_code="main", name="Shelf A", stock_record_ids=[], actor_name="tests", key="c"
    ).pk
    assert MediaFile.objects.count() == 0
    return rows


def key_for(name: str, rows: Mapping[str, int | str]) -> int | str:
    if name == "app_list":
        return "order"
    return next((rows[start] for start in sorted(rows, key=len, reverse=True) if name.startswith(start)), 1)


def test_every_address_has_a_rule() -> None:
    without = {
        name for name, _ in admin_patterns() if name not in OPEN_TO_ALL | LEFT_TO_DJANGO and rule_for(name) is None
    }
    assert without == set()


@pytest.mark.parametrize("role", sorted(ALL))
def test_a_role_opens_its_own_pages_and_no_other(shop: dict[str, int | str], role: str) -> None:
    client = Client()
    sign_in(client, make_staff(role, email=f"{role}@desk.example".replace(" ", "-")))
    wrong = []
    for name, address in admin_patterns():
        if name in OPEN_TO_ALL | LEFT_TO_DJANGO:
            continue
        rule = rule_for(name)
        assert rule is not None, name
        answer = client.get(address.format(id=key_for(name, shop)))
        expected = {200, 302} if role in rule else {403}
        if answer.status_code not in expected:
            wrong.append((name, answer.status_code, sorted(expected)))
        if role not in rule and name in ACTS:
            refused = client.post(address.format(id=key_for(name, shop)))
            if refused.status_code != 403:
                wrong.append((name, "POST", refused.status_code))
    assert wrong == [], wrong
