"""What the shop holds under the columns of `fact_cells`: rows of (column, text) of one product, to be joined laterally."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.db import connection

from catalog.importing.fact_cells import join_facts

_INSTANT: Final = """to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"+00:00"')"""
# Each branch looks a product up by an index. Comparing (fingerprints) and reading (snapshot) ask by the same words.
HELD: Final = f"""
    SELECT told.key, told.place, told.text FROM catalog_publication shown CROSS JOIN LATERAL (VALUES
        ('publish_from', 0, {_INSTANT.format(column="shown.publish_from")}),
        ('publish_to', 0, {_INSTANT.format(column="shown.publish_to")})) AS told (key, place, text)
    WHERE shown.product_id = {{id}} AND told.text IS NOT NULL
    UNION ALL
    SELECT told.key, 0, told.text FROM catalog_productsafety safety
    LEFT JOIN catalog_party maker ON maker.id = safety.maker_id
    LEFT JOIN catalog_party person ON person.id = safety.responsible_id
    CROSS JOIN LATERAL (VALUES ('maker', maker.name), ('responsible_person', person.name),
        ('safety_warnings', NULLIF(safety.warnings, ''))) AS told (key, text)
    WHERE safety.product_id = {{id}} AND told.text IS NOT NULL
    UNION ALL
    SELECT 'safety_documents', row_number() OVER (ORDER BY paper.position, paper.id)::int, paper.title || '=' || paper.url
    FROM catalog_safetydocument paper WHERE paper.safety_id = {{id}}
    UNION ALL
    SELECT 'personalisation', option.id::int, option.name FROM catalogue_product_product_options link
    JOIN catalogue_option option ON option.id = link.option_id JOIN catalog_textrule rule ON rule.option_id = option.id
    WHERE link.product_id = {{id}}
    UNION ALL
    SELECT told.key, 0, told.text FROM catalog_logistics facts CROSS JOIN LATERAL (VALUES
        ('hs_code', NULLIF(facts.hs_code, '')), ('origin', NULLIF(facts.origin, '')),
        ('length_mm', facts.length_mm::text), ('width_mm', facts.width_mm::text),
        ('height_mm', facts.height_mm::text)) AS told (key, text)
    WHERE facts.product_id = {{id}} AND told.text IS NOT NULL
    UNION ALL
    SELECT 'files', row_number() OVER (ORDER BY placed.position, placed.id)::int, file.name
    FROM catalog_productfile placed JOIN catalog_digitalfile file ON file.id = placed.file_id
    WHERE placed.product_id = {{id}}
"""
_READ: Final = f"""
SELECT asked.id, held.key, held.text FROM unnest(%s::bigint[]) AS asked (id)
CROSS JOIN LATERAL ({HELD.format(id="asked.id")}) AS held (key, place, text)
ORDER BY asked.id, held.key, held.place
"""


def read_held(product_ids: Iterable[Any]) -> dict[int, dict[str, str]]:
    """By product and column; one query. Products without any are left out."""
    parts: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(_READ, (list(product_ids),))
        for product_id, key, text in cursor.fetchall():
            parts[product_id][key].append(text)
    return {pk: {key: join_facts(key, texts) for key, texts in told.items()} for pk, told in parts.items()}
