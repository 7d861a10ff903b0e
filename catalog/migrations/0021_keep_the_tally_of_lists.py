from django.db import migrations

# The long columns go into the table's side store once a row has more than this many bytes, so that what is read of each
# product of a large list lies close together. The vector is stored as it is: it is read in pieces of one row at a time.
_STORAGE = """
ALTER TABLE catalog_searchdocument SET (toast_tuple_target = 448);
ALTER TABLE catalog_searchdocument ALTER COLUMN vector SET STORAGE EXTERNAL;
ALTER TABLE catalog_searchdocument ALTER COLUMN category_ids SET STORAGE MAIN;
ALTER TABLE catalog_searchdocument ALTER COLUMN facet_ids SET STORAGE MAIN;
"""
# Its plan is made when a few rows change and kept when all do: without the setting it would compare each with each.
# A product that may yet open or close by the clock is in no tally; category 0 is the whole shop, facet 0 the product.
_FUNCTIONS = """
CREATE FUNCTION catalog_note_tally() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop TO off AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO catalog_listtally (category_id, facet_id, products)
        SELECT category_id, facet_id, count(*) FROM (
            SELECT category_id, unnest(facet_ids || 0) AS facet_id FROM (
                SELECT unnest(category_ids || 0) AS category_id, facet_ids FROM latter
                WHERE (publish_to IS NOT NULL OR publish_from > indexed_at) IS NOT TRUE) AS listed) AS each
        GROUP BY category_id, facet_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO catalog_listtally (category_id, facet_id, products)
        SELECT category_id, facet_id, -count(*) FROM (
            SELECT category_id, unnest(facet_ids || 0) AS facet_id FROM (
                SELECT unnest(category_ids || 0) AS category_id, facet_ids FROM former
                WHERE (publish_to IS NOT NULL OR publish_from > indexed_at) IS NOT TRUE) AS listed) AS each
        GROUP BY category_id, facet_id;
    ELSE
        INSERT INTO catalog_listtally (category_id, facet_id, products)
        SELECT category_id, facet_id, sum(products) FROM (
            SELECT category_id, unnest(facet_ids || 0) AS facet_id, products FROM (
                SELECT unnest(said.category_ids || 0) AS category_id, said.facet_ids, said.products
                FROM latter JOIN former USING (product_id) CROSS JOIN LATERAL (VALUES
                    (latter.category_ids, latter.facet_ids, 1,
                     (latter.publish_to IS NOT NULL OR latter.publish_from > latter.indexed_at) IS NOT TRUE),
                    (former.category_ids, former.facet_ids, -1,
                     (former.publish_to IS NOT NULL OR former.publish_from > former.indexed_at) IS NOT TRUE)
                ) AS said (category_ids, facet_ids, products, is_settled)
                WHERE said.is_settled AND (
                    latter.category_ids <> former.category_ids OR latter.facet_ids <> former.facet_ids
                    OR ((latter.publish_to IS NOT NULL OR latter.publish_from > latter.indexed_at) IS TRUE)
                    <> ((former.publish_to IS NOT NULL OR former.publish_from > former.indexed_at) IS TRUE))
            ) AS changed) AS each
        GROUP BY category_id, facet_id HAVING sum(products) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_empty_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM catalog_listtally;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_tally_added AFTER INSERT ON catalog_searchdocument REFERENCING NEW TABLE AS latter
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_tally();
CREATE TRIGGER catalog_tally_changed AFTER UPDATE ON catalog_searchdocument
    REFERENCING OLD TABLE AS former NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_tally();
CREATE TRIGGER catalog_tally_removed AFTER DELETE ON catalog_searchdocument REFERENCING OLD TABLE AS former
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_tally();
CREATE TRIGGER catalog_tally_emptied AFTER TRUNCATE ON catalog_searchdocument
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_empty_tally();
"""
_REVERSE = """
DROP TRIGGER catalog_tally_emptied ON catalog_searchdocument;
DROP TRIGGER catalog_tally_removed ON catalog_searchdocument;
DROP TRIGGER catalog_tally_changed ON catalog_searchdocument;
DROP TRIGGER catalog_tally_added ON catalog_searchdocument;
DROP FUNCTION catalog_empty_tally();
DROP FUNCTION catalog_note_tally();
ALTER TABLE catalog_searchdocument RESET (toast_tuple_target);
ALTER TABLE catalog_searchdocument ALTER COLUMN vector SET STORAGE EXTENDED;
ALTER TABLE catalog_searchdocument ALTER COLUMN category_ids SET STORAGE EXTENDED;
ALTER TABLE catalog_searchdocument ALTER COLUMN facet_ids SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0020_count_lists_as_numbers")]
    operations = [migrations.RunSQL(sql=_STORAGE + _FUNCTIONS, reverse_sql=_REVERSE)]
