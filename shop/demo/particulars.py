"""Who makes the demo shop's things, what customs ask of them, a season that ends, and two collections."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from oscar.apps.catalogue.models import Category, Product, ProductAttributeValue, ProductCategory

from catalog.collections.records import Collection
from catalog.logistics import Logistics
from catalog.publication.schedule import schedule_products
from catalog.safety.records import CoveredCategory, Party, ProductSafety

# Street and town are as invented as the workshops.
MAKERS: Final = {
    "Grove & Grain": ("Sägeweg 4, 87435 Kempten", "DE"),
    "Halden Works": ("Lagergatan 12, 211 20 Malmö", "SE"),
    "Maison Cire": ("8 rue des Ruches, 06130 Grasse", "FR"),
    "Mill Fold": ("Webergasse 9, 09111 Chemnitz", "DE"),
    "North Quay Tea": ("Am Sandtorkai 30, 20457 Hamburg", "DE"),
    "Olaria Sul": ("Rua do Forno 21, 8100-000 Loulé", "PT"),
    "Papier Oster": ("Leimgasse 2, 04109 Leipzig", "DE"),
    "Reed House": ("Wilgenlaan 5, 9000 Gent", "BE"),
    "Tonwerk Brix": ("Töpferstraße 17, 02708 Löbau", "DE"),
}
TARIFF: Final = {
    "Lighting": "94052900", "Ceramics": "69120000", "Tea": "09023000", "Textiles": "63049200", "Kitchen": "44199000",
    "Paper": "48201030", "Living": "46021990", "Furniture": "94036090",
}  # fmt: skip
CANDLES: Final = "Candles"
CANDLE_WARNINGS: Final = "Never leave a burning candle alone.\nKeep away from children and from what can catch fire."
SEASON_DAYS: Final = 60
COLLECTIONS: Final = (
    (
        "Gifts under 30",
        "gifts-under-30",
        "Small things that are finished well.",
        [{"fact": "price", "most": "30", "every_variant": True}],
    ),
    ("Just in", "just-in", "What came into the shop in the last weeks.", [{"fact": "new", "days": 30}]),
)


def describe_goods() -> None:
    """A few bulk writes; the search documents are refreshed by the caller."""
    if Party.objects.exists():
        return
    parties = {
        name: Party.objects.create(
            name=name, postal_address=address, country=country, email=f"hello@{name.split()[0].lower()}.example"
        )
        for name, (address, country) in MAKERS.items()
    }
    brands = dict(
        ProductAttributeValue.objects.filter(attribute__code="brand", product__parent=None).values_list(
            "product_id", "value_text"
        )
    )
    # A file is no thing: nobody is warned of it, and it passes no customs.
    sent = set(Product.objects.filter(product_class__requires_shipping=True).values_list("pk", flat=True))
    candles = set(ProductCategory.objects.filter(category__name=CANDLES).values_list("product_id", flat=True))
    ProductSafety.objects.bulk_create(
        ProductSafety(product_id=pk, maker=parties[brand], warnings=CANDLE_WARNINGS if pk in candles else "")
        for pk, brand in sorted(brands.items())
        if brand in parties and pk in sent
    )
    roots = dict(Category.objects.filter(depth=1).values_list("path", "name"))
    tariff: dict[int, str] = {}
    for pk, path in ProductCategory.objects.filter(product__in=sent).values_list("product_id", "category__path"):
        tariff.setdefault(pk, TARIFF.get(roots.get(path[: Category.steplen], ""), ""))
    Logistics.objects.bulk_create(
        Logistics(product_id=pk, hs_code=code, origin=MAKERS.get(brands.get(pk, ""), ("", ""))[1])
        for pk, code in sorted(tariff.items())
    )
    _cover_and_gather()


def _cover_and_gather() -> None:
    covered = Category.objects.filter(name=CANDLES).first()
    if covered is not None:
        CoveredCategory.objects.create(category=covered)
        season = Product.objects.filter(parent=None, productcategory__category=covered).order_by("pk").last()
        if season is not None:
            ends = (timezone.now() + timedelta(days=SEASON_DAYS)).replace(second=0, microsecond=0)
            schedule_products([season.pk], publish_from=None, publish_to=ends, refresh=False)
    Collection.objects.bulk_create(
        Collection(
            name=name, slug=slug, description=text, is_public=True, rule={"match": "all", "conditions": conditions}
        )
        for name, slug, text, conditions in COLLECTIONS
    )
