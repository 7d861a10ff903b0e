"""The menu, arranged by work: what a person may open, in groups, with no question to the database."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

Place = tuple[str, str, str, str]
"""Title, icon (Material Symbols), address name with an optional query, permission."""

GROUPS: Sequence[tuple[str, Sequence[Place]]] = (
    ("", (("Today", "wb_sunny", "admin:index", ""),)),
    (
        "Orders",
        (
            ("Orders", "receipt_long", "admin:order_order_changelist", "order.view_order"),
            ("To ship", "local_shipping", "admin:fulfilment_shipment_changelist", "fulfilment.view_shipment"),
            ("Prepared orders", "edit_note", "admin:checkout_preparedorder_changelist", "checkout.view_preparedorder"),
            ("Prepare an order", "phone_in_talk", "admin:prepare_order", "backoffice.prepare_order"),
            ("Payments", "credit_card", "admin:checkout_paymentattempt_changelist", "checkout.view_paymentattempt"),
            ("Refunds", "undo", "admin:checkout_refund_changelist", "checkout.view_refund"),
            ("To approve", "how_to_reg", "admin:checkout_refundrequest_changelist", "checkout.view_refundrequest"),
            ("Payouts", "account_balance", "admin:checkout_payout_changelist", "checkout.view_payout"),
            ("Held payments", "front_hand", "admin:checkout_heldpayment_changelist", "checkout.view_heldpayment"),
            ("Statements", "receipt", "admin:checkout_statemententry_changelist", "checkout.view_statemententry"),
            ("To transfer", "send_money", "admin:checkout_transferout_changelist", "checkout.view_transferout"),
            ("Invoices", "description", "admin:checkout_paper_changelist", "checkout.view_paper"),
            ("Downloads", "download", "admin:checkout_entitlement_changelist", "checkout.view_entitlement"),
            ("VAT ids to check", "verified", "admin:checkout_vatcase_changelist", "checkout.view_vatcase"),
            ("VAT id answers", "fact_check", "admin:checkout_vatcheck_changelist", "checkout.view_vatcheck"),
            ("Mails", "mail", "admin:checkout_mail_changelist", "checkout.view_mail"),
            ("Words of mails", "edit", "admin:mail_words", "backoffice.word_mail"),
        ),
    ),
    (
        "Catalogue",
        (
            ("Products", "sell", "admin:catalogue_product_changelist", "catalogue.view_product"),
            ("Categories", "account_tree", "admin:catalogue_category_changelist", "catalogue.view_category"),
            ("Bulk edits", "edit_note", "admin:catalog_bulkedit_changelist", "catalog.view_bulkedit"),
            ("Collections", "collections_bookmark", "admin:catalog_collection_changelist", "catalog.view_collection"),
            ("Makers", "handyman", "admin:catalog_party_changelist", "catalog.view_party"),
            ("Product classes", "category", "admin:catalogue_productclass_changelist", "catalogue.view_productclass"),
            ("Files for sale", "folder", "admin:catalog_digitalfile_changelist", "catalog.view_digitalfile"),
            ("Personalisation", "edit", "admin:catalog_textrule_changelist", "catalog.view_textrule"),
            ("Banned words", "block", "admin:catalog_bannedword_changelist", "catalog.view_bannedword"),
            ("Reviews", "reviews", "admin:reviews_productreview_changelist", "reviews.view_productreview"),
            ("Synonyms", "compare_arrows", "admin:catalog_synonymgroup_changelist", "catalog.view_synonymgroup"),
            ("Placements", "push_pin", "admin:catalog_placement_changelist", "catalog.view_placement"),
            ("Nothing found", "search_off", "admin:search_misses", "catalog.view_searchmiss"),
            ("Import a file", "upload_file", "admin:import_new", "catalog.view_importrun"),
            ("Imports", "history_toggle_off", "admin:catalog_importrun_changelist", "catalog.view_importrun"),
            ("Feeds", "rss_feed", "admin:feeds", "backoffice.see_feeds"),
        ),
    ),
    (
        "Stock",
        (
            ("Stock levels", "inventory_2", "admin:inventory_stocklevel_changelist", "inventory.view_stocklevel"),
            (
                "Purchase orders",
                "shopping_cart",
                "admin:inventory_purchaseorder_changelist",
                "inventory.view_purchaseorder",
            ),
            ("Suppliers", "storefront", "admin:inventory_supplier_changelist", "inventory.view_supplier"),
            (
                "Low-stock rules",
                "notification_important",
                "admin:inventory_lowstockrule_changelist",
                "inventory.view_lowstockrule",
            ),
            ("Stock ledger", "menu_book", "admin:inventory_stockmovement_changelist", "inventory.view_stockmovement"),
            ("Locations", "warehouse", "admin:inventory_location_changelist", "inventory.view_location"),
            ("Transfers", "local_shipping", "admin:inventory_transfer_changelist", "inventory.view_transfer"),
            ("Count sheets", "fact_check", "admin:inventory_countsheet_changelist", "inventory.view_countsheet"),
            (
                "Sold ahead",
                "event_upcoming",
                "admin:inventory_backorderpolicy_changelist",
                "inventory.view_backorderpolicy",
            ),
            ("Reservations", "timer", "admin:inventory_reservation_changelist", "inventory.view_reservation"),
        ),
    ),
    (
        "Promotions",
        (
            ("Offers", "percent", "admin:offer_conditionaloffer_changelist", "offer.view_conditionaloffer"),
            ("Vouchers", "confirmation_number", "admin:voucher_voucher_changelist", "voucher.view_voucher"),
            ("Ranges", "checklist", "admin:offer_range_changelist", "offer.view_range"),
        ),
    ),
    (
        "Content",
        (
            ("Pages", "web", "admin:content_page_changelist", "content.view_page"),
            ("Menus", "menu", "admin:content_menu_changelist", "content.view_menu"),
            ("Redirects", "alt_route", "admin:redirects_redirect_changelist", "redirects.view_redirect"),
            ("Not found", "search_off", "admin:addresses_missedaddress_changelist", "addresses.view_missedaddress"),
        ),
    ),
    ("Customers", (("Customers", "group", "admin:accounts_user_changelist", "accounts.view_user"),)),
    (
        "Reports",
        (
            ("Sales", "monitoring", "admin:sales_report", "backoffice.see_reports"),
            ("Stock as of", "calendar_clock", "admin:stock_report", "backoffice.see_reports"),
            ("One Stop Shop", "euro", "admin:oss_return", "backoffice.see_reports"),
        ),
    ),
    (
        "Settings",
        (
            ("Tax rates", "percent", "admin:checkout_taxrate_changelist", "checkout.view_taxrate"),
            ("Tax zones", "map", "admin:checkout_taxzone_changelist", "checkout.view_taxzone"),
            ("Nexus", "account_balance", "admin:checkout_taxnexus_changelist", "checkout.view_taxnexus"),
            ("Shipping methods", "package_2", "admin:shipping_rates_method_changelist", "shipping_rates.view_method"),
            ("Zones", "public", "admin:shipping_rates_zone_changelist", "shipping_rates.view_zone"),
            ("Jobs", "schedule", "admin:outbox_outboxevent_changelist", "outbox.view_outboxevent"),
            ("Server errors", "report", "admin:failures_serverfailure_changelist", "failures.view_serverfailure"),
            ("Provider events", "webhook", "admin:checkout_providerevent_changelist", "checkout.view_providerevent"),
            ("Doctor", "stethoscope", "admin:doctor", "backoffice.ask_doctor"),
            ("Audit log", "history", "admin:audit_auditentry_changelist", "audit.view_auditentry"),
            ("Staff", "badge", "admin:accounts_user_changelist?is_staff__exact=1", "accounts.change_user"),
            ("Roles", "key", "admin:auth_group_changelist", "auth.view_group"),
        ),
    ),
)


def list_places(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's sidebar. A group in which nothing may be opened is left out."""
    groups = []
    for title, places in GROUPS:
        items = [_item(request, place) for place in places if not place[3] or request.user.has_perm(place[3])]
        if items:
            groups.append({"title": title, "separator": bool(title), "items": items})
    return groups


def _item(request: HttpRequest, place: Place) -> dict[str, Any]:
    title, icon, name, _ = place
    address, _, query = name.partition("?")
    link = _link_of(address)
    is_here = request.path == link if address == "admin:index" else request.path.startswith(link)
    if address == "admin:accounts_user_changelist":
        is_here = is_here and ("is_staff__exact" in request.GET) == bool(query)
    return {"title": title, "icon": icon, "link": f"{link}?{query}" if query else link, "active": is_here}


@cache
def _link_of(address: str) -> str:
    """Sixty are asked for on every page, and none of them ever changes."""
    return reverse(address)


def account_links(request: HttpRequest) -> list[dict[str, str]]:
    return [
        {"title": "Change the password", "link": reverse("account_change_password")},
        {"title": "Second factor", "link": reverse("mfa_index")},
    ]


def shop_name(request: HttpRequest) -> str:
    return settings.SHOP_NAME


def favicon_address(request: HttpRequest) -> str:
    return static("icons/favicon.svg")


def tokens_address(request: HttpRequest) -> str:
    return static("css/tokens.css")


def style_address(request: HttpRequest) -> str:
    return static("css/backoffice.css")
