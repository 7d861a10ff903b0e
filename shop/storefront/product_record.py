"""Everything the product page reads about one product that is not price or stock: one query."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oscar.apps.catalogue.models import Product

from catalog.digital.offered import OfferedFile
from catalog.publication.openness import published_sql
from catalog.safety.blocks import BLOCK, INSIDE, PARTIES, SafetyBlock, read_block
from shop.storefront.links import Link, category_url
from shop.storefront.shown_reviews import Review, average_of, read_review

MOST_REVIEWS = 6

# Pictures of the variants come after the product's own; the page puts the chosen variant's first.
_RECORD = f"""
WITH product AS MATERIALIZED (
    SELECT * FROM catalogue_product candidate
    WHERE slug = %(slug)s AND structure <> 'child' AND {published_sql("candidate")} ORDER BY id LIMIT 1
), family AS MATERIALIZED (
    SELECT relative.id FROM catalogue_product relative JOIN product
        ON relative.id = product.id OR (relative.parent_id = product.id AND relative.is_public)
)
SELECT product.*,
    (SELECT jsonb_agg(jsonb_build_object('product', placed.product_id, 'digest', file.digest, 'width', file.width,
                'height', file.height, 'widths', file.widths, 'alt', placed.alt)
            ORDER BY placed.product_id <> product.id, placed.product_id, placed.position, placed.id)
        FROM catalog_productmedia placed JOIN catalog_mediafile file ON file.id = placed.file_id
        WHERE placed.product_id IN (SELECT family.id FROM family)) AS page_pictures,
    (SELECT jsonb_agg(jsonb_build_object('product', value.product_id, 'code', attribute.code, 'name', attribute.name,
                'value', COALESCE(NULLIF(value.value_text, ''), option.option, value.value_integer::text,
                    value.value_float::text, value.value_date::text, NULLIF(value.value_richtext, ''),
                    to_char(value.value_datetime, 'YYYY-MM-DD HH24:MI'),
                    CASE value.value_boolean WHEN true THEN 'Yes' WHEN false THEN 'No' END,
                    (SELECT string_agg(chosen.option, ', ' ORDER BY chosen.id)
                     FROM catalogue_productattributevalue_value_multi_option link
                     JOIN catalogue_attributeoption chosen ON chosen.id = link.attributeoption_id
                     WHERE link.productattributevalue_id = value.id)))
            ORDER BY attribute.id)
        FROM catalogue_productattributevalue value
        JOIN catalogue_productattribute attribute ON attribute.id = value.attribute_id
        LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
        WHERE value.product_id IN (SELECT family.id FROM family)) AS page_attributes,
    (SELECT {BLOCK} FROM {PARTIES}
        WHERE safety.product_id = product.id) AS page_safety,
    (SELECT jsonb_agg(jsonb_build_array(ancestor.id, ancestor.name, ancestor.slug) ORDER BY ancestor.depth)
        FROM (SELECT category.path FROM catalogue_productcategory placed
              JOIN catalogue_category category ON category.id = placed.category_id
              WHERE placed.product_id = product.id AND category.is_public AND category.ancestors_are_public
              ORDER BY category.depth DESC, category.path LIMIT 1) AS deepest
        JOIN catalogue_category ancestor ON deepest.path LIKE ancestor.path || '%%') AS page_categories,
    (SELECT jsonb_object_agg(score, reviews) FROM (
        SELECT score, count(*) AS reviews FROM reviews_productreview
        WHERE product_id = product.id AND status = 1 GROUP BY score) AS scores) AS page_scores,
    (SELECT jsonb_agg(to_jsonb(latest)) FROM (
        SELECT review.title, review.body, review.score, review.date_created,
            COALESCE(NULLIF(review.name, ''), 'A customer') AS who,
            proof.review_id IS NOT NULL AS bought, reply.text AS reply
        FROM reviews_productreview review
        LEFT JOIN checkout_reviewedline proof ON proof.review_id = review.id
        LEFT JOIN checkout_reviewreply reply ON reply.review_id = review.id
        WHERE review.product_id = product.id AND review.status = 1
        ORDER BY review.date_created DESC, review.id DESC LIMIT %(reviews)s) AS latest) AS page_reviews,
    (SELECT jsonb_agg(kit.stock_record_id) FROM catalog_kit kit
        JOIN partner_stockrecord record ON record.id = kit.stock_record_id
        WHERE record.product_id IN (SELECT family.id FROM family)) AS page_kits,
    (SELECT jsonb_agg(jsonb_build_array(piece.kit_id, safety.product_id, {BLOCK}) ORDER BY piece.position, piece.id)
        FROM partner_stockrecord record JOIN ({INSIDE}) ON piece.kit_id = record.id
        JOIN ({PARTIES}) ON safety.product_id = COALESCE(part.parent_id, part.id)
        WHERE record.product_id IN (SELECT family.id FROM family)) AS page_inside,
    (SELECT jsonb_agg(jsonb_build_object('product', placed.product_id, 'file_id', file.id, 'name', file.name,
                'size', file.size, 'downloads', file.downloads, 'hours', file.hours)
            ORDER BY placed.product_id <> product.id, placed.product_id, placed.position, placed.id)
        FROM catalog_productfile placed JOIN catalog_digitalfile file ON file.id = placed.file_id
        WHERE placed.product_id IN (SELECT family.id FROM family)) AS page_files,
    EXISTS (SELECT 1 FROM catalogue_productclass kind
        WHERE kind.id = product.product_class_id AND NOT kind.requires_shipping) AS page_is_download,
    EXISTS (SELECT 1 FROM catalogue_product_product_options own JOIN family ON family.id = own.product_id)
        OR EXISTS (SELECT 1 FROM catalogue_productclass_options shared
            WHERE shared.productclass_id = product.product_class_id) AS page_has_texts
FROM product
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """Of the product itself or of one of its variants, as `product_id` says."""

    product_id: int
    code: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRecord:
    """`pictures` are facts for `show_picture`, with the id of the product or variant they show under `product`.

    `kits` are the stock records among them that are kits, `inside` what is said of the safety of the listed products in
    them. `files` come with the product or with one of its variants, by product id; `is_download` when nothing is sent.
    `scores` counts approved reviews by score.
    """

    product: Product
    pictures: list[dict[str, Any]]
    attributes: list[Attribute]
    categories: list[Link]
    safety: SafetyBlock | None
    kits: frozenset[int]
    inside: Mapping[int, Mapping[int, SafetyBlock]]
    has_texts: bool
    is_download: bool
    files: Sequence[tuple[int, OfferedFile]]
    scores: Mapping[int, int]
    reviews: list[Review]

    @property
    def brand(self) -> str:
        return next((one.value for one in self.attributes if one.code == "brand"), "")

    @property
    def review_count(self) -> int:
        return sum(self.scores.values())

    @property
    def average(self) -> Decimal | None:
        return average_of(self.scores)


def read_product(slug: str) -> ProductRecord | None:
    """A public product (a parent or a stand-alone one) by its slug; None when there is none."""
    for product in Product.objects.raw(_RECORD, {"slug": slug, "reviews": MOST_REVIEWS}):
        return ProductRecord(
            product=product,
            pictures=_load(product.page_pictures, []),
            attributes=[
                Attribute(product_id=one["product"], code=one["code"], name=one["name"], value=one["value"])
                for one in _load(product.page_attributes, [])
                if one["value"]
            ],
            safety=read_block(_load(product.page_safety, None)),
            categories=_link(_load(product.page_categories, [])),
            scores={int(score): number for score, number in _load(product.page_scores, {}).items()},
            has_texts=product.page_has_texts,
            is_download=product.page_is_download,
            files=[(one.pop("product"), OfferedFile(**one)) for one in _load(product.page_files, [])],
            kits=frozenset(_load(product.page_kits, [])),
            inside=_read_inside(_load(product.page_inside, [])),
            reviews=[read_review(one) for one in _load(product.page_reviews, [])],
        )
    return None


def _read_inside(facts: list[tuple[int, int, dict[str, Any]]]) -> dict[int, dict[int, SafetyBlock]]:
    found: dict[int, dict[int, SafetyBlock]] = {}
    for kit_id, product_id, said in facts:
        if (block := read_block(said)) is not None:
            found.setdefault(kit_id, {})[product_id] = block
    return found


def _load(text: str | None, empty: Any) -> Any:
    return json.loads(text) if text else empty


def _link(chain: list[tuple[int, str, str]]) -> list[Link]:
    slugs = [slug for _, _, slug in chain]
    return [
        Link(pk=pk, name=name, url=category_url("/".join(slugs[: index + 1])))
        for index, (pk, name, _) in enumerate(chain)
    ]
