"""What a product's rows said at its last import and what the shop held after it: neither differs, so nothing is to do.

Both are 64-bit hashes. A hash that differs costs a look at the product; two contents of one product that share one by
chance (one in 10^19) would be taken for the same.
"""

from collections.abc import Mapping, Sequence

from django.db import connection, models
from oscar.apps.catalogue.models import Product

from catalog.importing.held_facts import HELD
from catalog.importing.ports import stock_relation


class ImportFingerprint(models.Model):
    """A hint only: without its row a product is compared field by field."""

    # Without a product a hint is about nothing: no id is given twice.
    product = models.OneToOneField(
        Product, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    source = models.BigIntegerField(help_text="Of the rows of the file, and of how they were read.")
    state = models.BigIntegerField(help_text="Of what a file can say about the product and its variants.")

    class Meta:
        verbose_name = "import fingerprint"

    def __str__(self) -> str:
        return f"{self.product_id}"


# Whatever `catalog.importing.snapshot` reads has to be here, by the same words. A sum, because rows come in any order.
# `OFFSET 0`: from the products of a batch to their rows by index, however large the shop is. While a file comes in, the
# statistics are older than most of its rows; by them, a batch would be compared with every row there is.
_STATES = """
states AS (
    WITH part AS MATERIALIZED (
        SELECT chosen.id, chosen.id AS owner_id FROM chosen
        UNION ALL
        SELECT product.id, chosen.id FROM chosen CROSS JOIN LATERAL (
            SELECT id FROM catalogue_product WHERE parent_id = chosen.id OFFSET 0) AS product
    ), record AS MATERIALIZED (
        SELECT part.owner_id, record.id, record.product_id, record.partner_id, record.partner_sku, record.price,
               record.price_currency
        FROM part CROSS JOIN LATERAL (SELECT * FROM partner_stockrecord WHERE product_id = part.id OFFSET 0) AS record
    ), fact (owner_id, hash) AS ({facts})
    SELECT owner_id AS id, (sum(hash) %% 9223372036854775807)::bigint AS state FROM fact GROUP BY owner_id
)
"""
_VALUES = "(SELECT * FROM catalogue_productattributevalue WHERE product_id = part.id OFFSET 0) AS value"
_PLAIN_FACTS = (
    """
    SELECT part.owner_id, hash_record_extended(ROW(product.id, product.structure, product.slug, product.title,
           product.description, product.is_public, product.upc, class.name), 1)
    FROM part CROSS JOIN LATERAL (SELECT * FROM catalogue_product WHERE id = part.id OFFSET 0) AS product
    LEFT JOIN catalogue_productclass class ON class.id = product.product_class_id
    """,
    """
    SELECT record.owner_id, hash_record_extended(ROW(record.id, record.product_id, record.partner_id,
           record.partner_sku, record.price, record.price_currency, detail.compare_at_price, detail.cost,
           detail.tax_class, detail.weight_kg), 2)
    FROM record LEFT JOIN LATERAL (
        SELECT * FROM catalog_pricedetail WHERE stock_record_id = record.id OFFSET 0) AS detail ON true
    """,
    """
    SELECT record.owner_id, hash_record_extended(ROW(record.id, level.location_code, level.on_hand), 3)
    FROM record CROSS JOIN LATERAL (
        SELECT * FROM ({stock}) AS every WHERE stock_record_id = record.id OFFSET 0) AS level WHERE level.on_hand <> 0
    """,
    f"""
    SELECT part.owner_id, hash_record_extended(ROW(part.id, attribute.code, attribute.type, value.value_text,
           value.value_richtext, value.value_integer, value.value_boolean, value.value_float, value.value_date,
           value.value_datetime, option.option, rule.kind, rule.unit), 4)
    FROM part CROSS JOIN LATERAL {_VALUES}
    JOIN catalogue_productattribute attribute ON attribute.id = value.attribute_id
    LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
    LEFT JOIN catalog_attributerule rule ON rule.attribute_id = attribute.id
    """,
    """
    SELECT axis.product_id, hash_record_extended(ROW(attribute.code, axis.name, axis.position), 6)
    FROM chosen CROSS JOIN LATERAL (SELECT * FROM catalog_variantaxis WHERE product_id = chosen.id OFFSET 0) AS axis
    JOIN catalogue_productattribute attribute ON attribute.id = axis.attribute_id
    """,
    """
    SELECT link.product_id, hash_record_extended(ROW(link.category_id, ARRAY(
        SELECT above.name FROM generate_series(4, length(category.path), 4) AS step
        JOIN catalogue_category above ON above.path = left(category.path, step) ORDER BY above.depth)), 8)
    FROM chosen CROSS JOIN LATERAL (
        SELECT * FROM catalogue_productcategory WHERE product_id = chosen.id OFFSET 0) AS link
    JOIN catalogue_category category ON category.id = link.category_id
    """,
)
"""What a draft of new products can write."""
_OTHER_FACTS = (
    f"""
    SELECT part.owner_id, hash_record_extended(ROW(part.id, value.attribute_id, option.option), 5)
    FROM part CROSS JOIN LATERAL {_VALUES}
    JOIN catalogue_productattribute attribute ON attribute.id = value.attribute_id
         AND attribute.type = 'multi_option'
    JOIN catalogue_productattributevalue_value_multi_option link ON link.productattributevalue_id = value.id
    JOIN catalogue_attributeoption option ON option.id = link.attributeoption_id
    """,
    """
    SELECT part.owner_id, hash_record_extended(ROW(part.id, file.digest, placed.position, placed.alt), 7)
    FROM part CROSS JOIN LATERAL (SELECT * FROM catalog_productmedia WHERE product_id = part.id OFFSET 0) AS placed
    JOIN catalog_mediafile file ON file.id = placed.file_id
    """,
    """
    SELECT record.owner_id, hash_record_extended(ROW(record.id, kit.percent_off, inside.partner_sku, held.quantity,
           held.position), 9)
    FROM record JOIN catalog_kit kit ON kit.stock_record_id = record.id
    JOIN catalog_kitpart held ON held.kit_id = kit.stock_record_id
    JOIN partner_stockrecord inside ON inside.id = held.component_id
    """,
    """
    SELECT part.owner_id, hash_record_extended(ROW(part.id, told.key, told.place, told.text), 10)
    FROM part CROSS JOIN LATERAL ({held}) AS told (key, place, text)
    """,
)
_SAID = """
FROM unnest(%s::text[], %s::bigint[]) AS given (handle, source)
CROSS JOIN LATERAL (SELECT * FROM catalogue_product WHERE slug = given.handle OFFSET 0) AS product
CROSS JOIN LATERAL (SELECT * FROM catalog_importfingerprint WHERE product_id = product.id OFFSET 0) AS print
WHERE product.parent_id IS NULL AND print.source = given.source
"""
_KNOWN = f"""
WITH chosen AS MATERIALIZED (SELECT product.id, product.slug, print.state {_SAID}), {{states}}
SELECT chosen.slug FROM chosen JOIN states ON states.id = chosen.id AND states.state = chosen.state
GROUP BY chosen.slug HAVING count(*) = 1
"""
_SAID_BEFORE = f"SELECT EXISTS (SELECT 1 {_SAID})"
_REMEMBER = """
WITH chosen AS MATERIALIZED (
    SELECT given.id, given.source FROM unnest(%s::bigint[], %s::bigint[]) AS given (id, source)
), {states}
INSERT INTO catalog_importfingerprint (product_id, source, state)
SELECT chosen.id, chosen.source, states.state FROM chosen JOIN states ON states.id = chosen.id
ON CONFLICT (product_id) DO UPDATE SET source = EXCLUDED.source, state = EXCLUDED.state
"""


def find_known(sources: Mapping[str, int]) -> set[str]:
    """Handles whose rows said the same at the last import, and whose products nobody changed since.

    Two queries: to plan the long one takes longer than the short one, which is enough for a file of news.
    """
    if not sources:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_SAID_BEFORE, (list(sources), list(sources.values())))
        if not cursor.fetchone()[0]:
            return set()
        cursor.execute(_fill(_KNOWN), (list(sources), list(sources.values())))
        return {row[0] for row in cursor.fetchall()}


def remember_sources(sources: Mapping[int, int], *, are_drafted: bool = False) -> None:
    """By product id, once the rows are written. One statement.

    `are_drafted`: the caller's transaction made the products, from a draft, which holds the plainest facts only. To plan
    the question for all facts takes as long as to answer it.
    """
    if sources:
        facts = _PLAIN_FACTS if are_drafted else (*_PLAIN_FACTS, *_OTHER_FACTS)
        with connection.cursor() as cursor:
            cursor.execute(_fill(_REMEMBER, facts), (list(sources), list(sources.values())))


def _fill(sql: str, facts: Sequence[str] = (*_PLAIN_FACTS, *_OTHER_FACTS)) -> str:
    told = "UNION ALL".join(facts).format(stock=stock_relation(), held=HELD.format(id="part.id"))
    return sql.format(states=_STATES.format(facts=told))
