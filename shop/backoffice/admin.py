"""Which desk shows which rows. What is not here has no page in the back office."""

from django.contrib import admin
from django.contrib.auth.models import Group
from oscar.apps.catalogue.models import AttributeOptionGroup, Category, Product, ProductClass
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.offer.models import ConditionalOffer, Range
from oscar.apps.order.models import Order
from oscar.apps.voucher.models import Voucher

from catalog.addresses.models import MissedAddress
from catalog.bulk.records import BulkEdit
from catalog.collections.records import Collection
from catalog.content.models import Menu, Page
from catalog.digital.records import DigitalFile
from catalog.importing.records import ImportRun
from catalog.personal.records import BannedWord, TextRule
from catalog.safety.records import Party
from catalog.search.staff_words import Placement, SynonymGroup
from checkout.accounts.models import User
from checkout.downloads.records import Entitlement
from checkout.invoices.records import Paper
from checkout.orders.records import Mail
from checkout.payments.records import PaymentAttempt, ProviderEvent, Refund
from checkout.payments.transfer.records import StatementEntry, TransferOut
from checkout.payouts.records import Payout
from checkout.prepared.records import PreparedOrder
from checkout.refunds.records import RefundRequest
from checkout.shield.records import HeldPayment
from checkout.tax.records import TaxNexus, TaxRate, TaxZone
from checkout.tax.vat_records import VatCase, VatCheck
from inventory.models import (
    BackorderPolicy,
    CountSheet,
    Location,
    LowStockRule,
    PurchaseOrder,
    Reservation,
    StockLevel,
    StockMovement,
    Supplier,
    Transfer,
)
from shipping.fulfilment.models import Shipment
from shipping.rates.models import Method, Zone
from shop.audit.models import AuditEntry
from shop.backoffice.bulk_edits import BulkEditDesk
from shop.backoffice.categories import CategoryDesk, OptionGroupDesk, ProductClassDesk
from shop.backoffice.collections_desk import CollectionDesk
from shop.backoffice.content import MenuDesk, PageDesk
from shop.backoffice.counts_desk import CountSheetDesk
from shop.backoffice.customers import RoleDesk, UserDesk
from shop.backoffice.digital_files import DigitalFileDesk
from shop.backoffice.downloads_desk import EntitlementDesk
from shop.backoffice.failures import FailureDesk
from shop.backoffice.held_payments import HeldPaymentDesk
from shop.backoffice.imports import ImportDesk
from shop.backoffice.jobs import AuditDesk, JobDesk
from shop.backoffice.low_stock_rules import LowStockRuleDesk
from shop.backoffice.orders import OrderDesk
from shop.backoffice.papers import PaperDesk
from shop.backoffice.parties import PartyDesk
from shop.backoffice.payments import MailDesk, PaymentDesk, ProviderEventDesk
from shop.backoffice.payouts import PayoutDesk
from shop.backoffice.personal import BannedWordDesk, TextRuleDesk
from shop.backoffice.prepared_orders import PreparedOrderDesk
from shop.backoffice.products import ProductDesk
from shop.backoffice.promotions import OfferDesk, RangeDesk, VoucherDesk
from shop.backoffice.purchases import PurchaseDesk, SupplierDesk
from shop.backoffice.redirects import MissedDesk, RedirectDesk
from shop.backoffice.refunds import RefundDesk, RefundRequestDesk
from shop.backoffice.reviews import ReviewDesk
from shop.backoffice.search_desks import PlacementDesk, SynonymDesk
from shop.backoffice.selling_ahead import BackorderPolicyDesk
from shop.backoffice.settings_pages import MethodDesk, TaxNexusDesk, TaxRateDesk, TaxZoneDesk, ZoneDesk
from shop.backoffice.shipments import ShipmentDesk
from shop.backoffice.statements import StatementDesk, TransferOutDesk
from shop.backoffice.stock import LocationDesk, MovementDesk, ReservationDesk, StockLevelDesk
from shop.backoffice.transfers_desk import TransferDesk
from shop.backoffice.vat_cases import VatCaseDesk, VatCheckDesk
from shop.failures.models import ServerFailure
from shop.outbox.models import OutboxEvent
from shop.redirects.models import Redirect

DESKS = {
    Order: OrderDesk,
    Shipment: ShipmentDesk,
    PaymentAttempt: PaymentDesk,
    Refund: RefundDesk,
    RefundRequest: RefundRequestDesk,
    Payout: PayoutDesk,
    HeldPayment: HeldPaymentDesk,
    PreparedOrder: PreparedOrderDesk,
    StatementEntry: StatementDesk,
    TransferOut: TransferOutDesk,
    Mail: MailDesk,
    Paper: PaperDesk,
    Entitlement: EntitlementDesk,
    Product: ProductDesk,
    Category: CategoryDesk,
    ProductClass: ProductClassDesk,
    AttributeOptionGroup: OptionGroupDesk,
    ProductReview: ReviewDesk,
    BulkEdit: BulkEditDesk,
    TextRule: TextRuleDesk,
    BannedWord: BannedWordDesk,
    DigitalFile: DigitalFileDesk,
    Collection: CollectionDesk,
    SynonymGroup: SynonymDesk,
    Placement: PlacementDesk,
    ImportRun: ImportDesk,
    Party: PartyDesk,
    StockLevel: StockLevelDesk,
    StockMovement: MovementDesk,
    Location: LocationDesk,
    LowStockRule: LowStockRuleDesk,
    PurchaseOrder: PurchaseDesk,
    Supplier: SupplierDesk,
    Reservation: ReservationDesk,
    BackorderPolicy: BackorderPolicyDesk,
    Transfer: TransferDesk,
    CountSheet: CountSheetDesk,
    ConditionalOffer: OfferDesk,
    Voucher: VoucherDesk,
    Range: RangeDesk,
    Page: PageDesk,
    Menu: MenuDesk,
    Redirect: RedirectDesk,
    MissedAddress: MissedDesk,
    User: UserDesk,
    Group: RoleDesk,
    TaxRate: TaxRateDesk,
    TaxZone: TaxZoneDesk,
    TaxNexus: TaxNexusDesk,
    VatCase: VatCaseDesk,
    VatCheck: VatCheckDesk,
    Method: MethodDesk,
    Zone: ZoneDesk,
    OutboxEvent: JobDesk,
    ProviderEvent: ProviderEventDesk,
    AuditEntry: AuditDesk,
    ServerFailure: FailureDesk,
}

for model, desk in DESKS.items():
    admin.site.register(model, desk)
