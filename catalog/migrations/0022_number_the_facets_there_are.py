from django.db import migrations

# Rewrites every document, which also puts its long columns where 0021 wants them.
_FILL = """
INSERT INTO catalog_facetvalue (code, value)
SELECT DISTINCT split_part(facet, ':', 1), substr(facet, strpos(facet, ':') + 1)
FROM catalog_searchdocument, unnest(facets) AS facet ORDER BY 1, 2
ON CONFLICT DO NOTHING;
UPDATE catalog_searchdocument document SET facet_ids = COALESCE((
    SELECT array_agg(known.id ORDER BY known.id) FROM unnest(document.facets) AS facet
    JOIN catalog_facetvalue known ON known.code = split_part(facet, ':', 1)
         AND known.value = substr(facet, strpos(facet, ':') + 1)), '{}');
DELETE FROM catalog_listtally;
INSERT INTO catalog_listtally (category_id, facet_id, products)
SELECT category_id, facet_id, count(*) FROM (
    SELECT category_id, unnest(facet_ids || 0) AS facet_id FROM (
        SELECT unnest(category_ids || 0) AS category_id, facet_ids FROM catalog_searchdocument
        WHERE (publish_to IS NOT NULL OR publish_from > indexed_at) IS NOT TRUE) AS listed) AS each
GROUP BY category_id, facet_id;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0021_keep_the_tally_of_lists")]
    operations = [migrations.RunSQL(sql=_FILL, reverse_sql="DELETE FROM catalog_listtally")]
