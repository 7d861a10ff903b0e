"""What must hold in the catalogue, as questions for the doctor."""

from catalog.publication.openness import listed_sql
from catalog.search.tally import TIMED, WHOLE_SHOP
from shop.doctor.checks import Check, register_check

_REPAIR = "Run manage.py reindex."

# The currency of a product is that of its first priced stock record; other currencies are not compared.
_DOCUMENT_PRICES = """
WITH priced AS (
    SELECT COALESCE(product.parent_id, product.id) AS product_id, product.id AS child_id, record.id, record.price,
           record.price_currency
    FROM partner_stockrecord record JOIN catalogue_product product ON product.id = record.product_id
    WHERE record.price IS NOT NULL
      AND (product.structure = 'standalone' OR product.structure = 'child' AND product.is_public)
), first AS (
    SELECT DISTINCT ON (product_id) product_id, price_currency FROM priced ORDER BY product_id, child_id, id
), true_price AS (
    SELECT product_id, price_currency, min(price) AS price_min, max(price) AS price_max
    FROM priced JOIN first USING (product_id, price_currency) GROUP BY product_id, price_currency
)
SELECT document.product_id, document.price_min AS shown_from, true_price.price_min AS true_from,
       document.price_max AS shown_to, true_price.price_max AS true_to
FROM catalog_searchdocument document LEFT JOIN true_price USING (product_id)
WHERE (document.price_min, document.price_max, NULLIF(document.currency, ''))
   IS DISTINCT FROM (true_price.price_min, true_price.price_max, true_price.price_currency)
"""
_LISTED = f"""
WITH listed AS (
    SELECT product.id FROM catalogue_product product WHERE {listed_sql("product")} AND (
        product.structure = 'standalone' OR product.structure = 'parent' AND EXISTS (
            SELECT 1 FROM catalogue_product child WHERE child.parent_id = product.id AND child.is_public))
)
SELECT COALESCE(listed.id, document.product_id) AS product_id, listed.id IS NOT NULL AS is_listed,
       document.product_id IS NOT NULL AS has_document
FROM listed FULL JOIN catalog_searchdocument document ON document.product_id = listed.id
WHERE listed.id IS NULL OR document.product_id IS NULL
"""
# Facet value 0 stands for the product, category 0 for the whole shop.
_TALLY = f"""
WITH recount AS (
    SELECT category_id, facet_id, count(*) AS products FROM (
        SELECT category_id, unnest(facet_ids || 0) AS facet_id FROM (
            SELECT unnest(category_ids || {WHOLE_SHOP}) AS category_id, facet_ids FROM catalog_searchdocument document
            WHERE {TIMED} IS NOT TRUE) AS listed) AS each GROUP BY category_id, facet_id
), told AS (
    SELECT category_id, facet_id, sum(products) AS products FROM catalog_listtally GROUP BY category_id, facet_id
)
SELECT category_id, facet_id, COALESCE(told.products, 0) AS told, COALESCE(recount.products, 0) AS recount
FROM told FULL JOIN recount USING (category_id, facet_id)
WHERE COALESCE(told.products, 0) <> COALESCE(recount.products, 0)
"""
_FACET_NUMBERS = """
SELECT product_id, slug, facets FROM catalog_searchdocument document
WHERE facet_ids IS DISTINCT FROM COALESCE((
    SELECT array_agg(known.id ORDER BY known.id) FROM unnest(facets) AS facet
    JOIN catalog_facetvalue known ON known.code || ':' || known.value = facet), '{}')
"""
_PRICE_HISTORY = """
SELECT record.id AS stock_record_id, record.partner_sku AS sku, record.price AS displayed, latest.price AS recorded
FROM partner_stockrecord record
LEFT JOIN LATERAL (
    SELECT id, price FROM catalog_pricechange WHERE stock_record_id = record.id
    ORDER BY effective_at DESC, id DESC LIMIT 1) AS latest ON true
WHERE record.price IS DISTINCT FROM latest.price
"""
_KIT_PRICES = """
WITH ruled AS (
    SELECT kit.stock_record_id, record.partner_sku, record.price,
           CASE WHEN bool_or(inside.price IS NULL OR inside.price_currency <> record.price_currency) THEN NULL
                ELSE sum(inside.price * part.quantity) * (100 - kit.percent_off) / 100 END AS by_rule
    FROM catalog_kit kit
    JOIN partner_stockrecord record ON record.id = kit.stock_record_id
    JOIN catalog_kitpart part ON part.kit_id = kit.stock_record_id
    JOIN partner_stockrecord inside ON inside.id = part.component_id
    WHERE kit.percent_off IS NOT NULL GROUP BY kit.stock_record_id, record.id
)
SELECT stock_record_id, partner_sku AS sku, price AS displayed, by_rule FROM ruled
WHERE (price IS NULL) <> (by_rule IS NULL) OR abs(price - by_rule) > 0.5
   OR (abs(price - by_rule) > 0.005 AND price <> round(price))
"""
_KITS = """
SELECT kit.stock_record_id, record.partner_sku AS sku, record.num_in_stock,
       (SELECT count(*) FROM catalog_kitpart part WHERE part.kit_id = kit.stock_record_id) AS parts
FROM catalog_kit kit JOIN partner_stockrecord record ON record.id = kit.stock_record_id
WHERE coalesce(record.num_in_stock, 0) <> 0
   OR NOT EXISTS (SELECT 1 FROM catalog_kitpart part WHERE part.kit_id = kit.stock_record_id)
   OR EXISTS (SELECT 1 FROM catalog_kitpart part JOIN catalog_kit inner_kit ON inner_kit.stock_record_id = part.component_id
              WHERE part.kit_id = kit.stock_record_id)
   OR EXISTS (SELECT 1 FROM catalog_kitpart part WHERE part.component_id = kit.stock_record_id)
"""


def register_checks() -> None:
    register_check(
        Check(
            id="I13", name="Search documents show the price of the stock records", sql=_DOCUMENT_PRICES, repair=_REPAIR
        )
    )
    register_check(
        Check(id="I13", name="Exactly the listed products have a search document", sql=_LISTED, repair=_REPAIR)
    )
    register_check(
        Check(id="I13", name="Search documents number the facets that they name", sql=_FACET_NUMBERS, repair=_REPAIR)
    )
    register_check(
        Check(
            id="I13",
            name="The counts of lists are those of their products",
            sql=_TALLY,
            repair="Run manage.py reindex: it counts every list anew.",
        )
    )
    register_check(
        Check(
            id="I14",
            name="The price history ends with the displayed price",
            sql=_PRICE_HISTORY,
            repair="Set the price again in the back office: it is then written to the history with its reason.",
        )
    )
    register_check(
        Check(
            id="I15",
            name="A kit that follows its parts costs what they cost less its percentage",
            sql=_KIT_PRICES,
            repair="Save the kit again in the back office: its price is then worked out from its parts.",
        )
    )
    register_check(
        Check(
            id="I15",
            name="A kit has parts that are no kits, and no stock of its own",
            sql=_KITS,
            repair="Write off what is counted under the kit's SKU, or make it a plain product again.",
        )
    )
