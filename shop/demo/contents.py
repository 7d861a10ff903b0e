"""What staff would arrange in the demo shop: the home page, category texts, offers and vouchers, reviews."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from oscar.apps.catalogue.models import Category, Product
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher

from catalog.content.models import HOME, Block, Page
from catalog.content.publishing import publish_draft
from catalog.media.store import store_picture
from catalog.personal.records import BannedWord, TextRule
from catalog.personal.writing import write_rule
from catalog.search.index import refresh_documents
from shop.demo.catalogue import home, promotions, reading, reviews
from shop.demo.particulars import describe_goods
from shop.demo.searching import teach_search

_KINDS = {"categories": Block.Kind.TILES}


def write_contents(scenery: Path) -> None:
    """Each part once; a second call adds only what is missing. `scenery` is the folder of the shop's own drawings."""
    with transaction.atomic():
        describe_categories()
        describe_goods()
        age_products()
        run_promotions()
        offer_engraving()
    with transaction.atomic():
        collect_reviews()
    teach_search()
    arrange_home(scenery)


def describe_categories() -> None:
    for category in reading.demo_categories():
        names = category.path.split(" > ")
        found = Category.objects.filter(name=names[-1], depth=len(names), description="")
        found.update(description=category.description)


def age_products() -> None:
    """Most products have been in the shop for a while; only what the home page calls new is new."""
    new = {handle for block in home.home_blocks() if block.kind == "new" for handle in block.items}
    today = timezone.now()
    listed = list(Product.objects.exclude(structure=Product.CHILD).order_by("slug"))
    for number, product in enumerate(listed):
        days = number % 9 + 1 if product.slug in new else 45 + number * 37 % 400
        product.date_created = today - timedelta(days=days)
    Product.objects.bulk_update(listed, ["date_created"])
    refresh_documents([product.pk for product in listed])


@transaction.atomic
def arrange_home(scenery: Path) -> None:
    if Page.objects.filter(slug=HOME).exists():
        return
    page = Page.objects.create(slug=HOME, title="Home page")
    for position, block in enumerate(home.home_blocks(), start=1):
        Block.objects.create(
            page=page,
            kind=_KINDS.get(block.kind, block.kind),
            title=block.title,
            text=block.text,
            link_url=block.link,
            link_name=block.link_text,
            picture=store_picture((scenery / block.picture).read_bytes()) if block.picture else None,
            picture_alt=block.picture_alt,
            position=position * 10,
        )
    publish_draft(page, actor=None, actor_name="demo")


def run_promotions() -> None:
    for priority, promotion in enumerate(promotions.demo_promotions()):
        if ConditionalOffer.objects.filter(name=promotion.name).exists():
            continue
        goods = _range_of(promotion)
        now = timezone.now()
        offer = ConditionalOffer.objects.create(
            name=promotion.name,
            description=promotion.sentence,
            offer_type=ConditionalOffer.VOUCHER if promotion.code else ConditionalOffer.SITE,
            exclusive=False,
            priority=priority,
            condition=_condition_of(promotion, goods),
            benefit=_benefit_of(promotion, goods),
            start_datetime=now,
            end_datetime=now + timedelta(days=promotion.days),
            max_user_applications=None,
        )
        if promotion.code:
            voucher = Voucher.objects.create(
                name=promotion.name,
                code=promotion.code,
                usage=Voucher.ONCE_PER_CUSTOMER if promotion.once_per_customer else Voucher.MULTI_USE,
                start_datetime=now,
                end_datetime=now + timedelta(days=promotion.days),
            )
            voucher.offers.add(offer)


def offer_engraving() -> None:
    """The boards can carry a name."""
    if TextRule.objects.exists():
        return
    boards = Product.objects.filter(slug__in=("paddle-board", "round-serving-board"))
    write_rule(
        TextRule(max_length=20, surcharge=Decimal("6.00")),
        name="Engraving",
        help_text="Burnt into the wood by hand, along the edge.",
        is_required=False,
        product_ids=list(boards.values_list("pk", flat=True)),
    )
    BannedWord.objects.bulk_create(BannedWord(word=word) for word in ("damn", "idiot", "hell"))


def _range_of(promotion: promotions.DemoPromotion) -> Range:
    what = " and ".join(path.rsplit(" > ", 1)[-1].lower() for path in promotion.categories)
    goods = Range.objects.create(name=what or promotion.name, includes_all_products=not promotion.categories)
    for path in promotion.categories:
        names = path.split(" > ")
        goods.included_categories.add(Category.objects.get(name=names[-1], depth=len(names)))
    return goods


def _condition_of(promotion: promotions.DemoPromotion, goods: Range) -> Condition:
    if promotion.kind == "multibuy":
        return Condition.objects.create(range=goods, type=Condition.COUNT, value=Decimal(promotion.every))
    if promotion.minimum:
        return Condition.objects.create(range=goods, type=Condition.VALUE, value=promotion.minimum)
    return Condition.objects.create(range=goods, type=Condition.COUNT, value=Decimal(1))


def _benefit_of(promotion: promotions.DemoPromotion, goods: Range) -> Benefit:
    if promotion.kind == "multibuy":
        return Benefit.objects.create(range=goods, type=Benefit.MULTIBUY, value=None)
    if promotion.kind == "free_shipping":
        return Benefit.objects.create(range=None, type=Benefit.SHIPPING_PERCENTAGE, value=Decimal(100))
    kind = Benefit.PERCENTAGE if promotion.kind == "percentage" else Benefit.FIXED
    return Benefit.objects.create(range=goods, type=kind, value=promotion.value)


def collect_reviews() -> None:
    """Approved reviews with their dates, and the ratings that follow from them."""
    products = dict(Product.objects.exclude(structure=Product.CHILD).values_list("slug", "pk"))
    known = set(ProductReview.objects.values_list("product_id", "email", "title"))
    today = timezone.now()
    written = [
        ProductReview(
            product_id=products[review.handle],
            score=review.rating,
            title=review.title,
            body=review.body,
            name=review.name,
            email=review.email,
            status=ProductReview.APPROVED,
        )
        for review in reviews.demo_reviews()
        if review.handle in products and (products[review.handle], review.email, review.title) not in known
    ]
    if not written:
        return
    ages = {
        (products[review.handle], review.email, review.title): review.days_ago
        for review in reviews.demo_reviews()
        if review.handle in products
    }
    created = ProductReview.objects.bulk_create(written)
    for review in created:
        days = ages[(review.product_id, review.email, review.title)]
        review.date_created = today - timedelta(days=days)
    ProductReview.objects.bulk_update(created, ["date_created"])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalogue_product product SET rating = mean.score FROM (
                SELECT product_id, avg(score)::float AS score FROM reviews_productreview WHERE status = %s
                GROUP BY product_id
            ) mean WHERE mean.product_id = product.id
            """,
            [ProductReview.APPROVED],
        )
    refresh_documents({review.product_id for review in created})
