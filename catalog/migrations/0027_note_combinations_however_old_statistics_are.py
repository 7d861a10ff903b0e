from django.db import migrations

# `OFFSET 0`: each row is looked up by the index that is meant. While a large file comes in, the statistics are older than
# most rows, and the planner took the index of an attribute that every variant has for the one of a variant's few values.
_FENCED = """
CREATE OR REPLACE FUNCTION catalog_note_combinations(children bigint[]) RETURNS void LANGUAGE sql
SET enable_hashjoin TO off SET enable_mergejoin TO off AS $$
    DELETE FROM catalog_variantcombination WHERE product_id = ANY(children);
    INSERT INTO catalog_variantcombination (product_id, parent_id, digest)
    SELECT child.id, child.parent_id, md5(string_agg(said.words, E'\\x1f' ORDER BY axis.position, axis.id))
    FROM unnest(children) AS named (id)
    CROSS JOIN LATERAL (SELECT * FROM catalogue_product WHERE id = named.id OFFSET 0) AS child
    CROSS JOIN LATERAL (SELECT * FROM catalog_variantaxis WHERE product_id = child.parent_id OFFSET 0) AS axis
    LEFT JOIN LATERAL (
        SELECT COALESCE(NULLIF(value.value_text, ''), option.option, value.value_integer::text, value.value_float::text,
                        value.value_boolean::text, value.value_date::text) AS words
        FROM (SELECT * FROM catalogue_productattributevalue WHERE product_id = child.id OFFSET 0) AS value
        LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
        WHERE value.attribute_id = axis.attribute_id LIMIT 1) said ON true
    GROUP BY child.id, child.parent_id HAVING bool_and(said.words IS NOT NULL);
$$;
CREATE OR REPLACE FUNCTION catalog_values_changed() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin TO off SET enable_mergejoin TO off AS $$
DECLARE children bigint[];
BEGIN
    SELECT array_agg(DISTINCT changed.product_id) INTO children FROM changed
    CROSS JOIN LATERAL (SELECT parent_id FROM catalogue_product WHERE id = changed.product_id OFFSET 0) AS child
    CROSS JOIN LATERAL (SELECT attribute_id FROM catalog_variantaxis WHERE product_id = child.parent_id OFFSET 0) AS axis
    WHERE child.parent_id IS NOT NULL AND axis.attribute_id = changed.attribute_id;
    IF children IS NOT NULL THEN PERFORM catalog_note_combinations(children); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION catalog_axes_changed() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin TO off SET enable_mergejoin TO off AS $$
DECLARE children bigint[];
BEGIN
    SELECT array_agg(DISTINCT child.id) INTO children FROM changed
    CROSS JOIN LATERAL (SELECT id FROM catalogue_product WHERE parent_id = changed.product_id OFFSET 0) AS child;
    IF children IS NOT NULL THEN PERFORM catalog_note_combinations(children); END IF;
    RETURN NULL;
END $$;
"""
_FREE = """
CREATE OR REPLACE FUNCTION catalog_note_combinations(children bigint[]) RETURNS void LANGUAGE sql
SET enable_hashjoin TO off SET enable_mergejoin TO off AS $$
    DELETE FROM catalog_variantcombination WHERE product_id = ANY(children);
    INSERT INTO catalog_variantcombination (product_id, parent_id, digest)
    SELECT child.id, child.parent_id, md5(string_agg(said.words, E'\\x1f' ORDER BY axis.position, axis.id))
    FROM catalogue_product child
    JOIN catalog_variantaxis axis ON axis.product_id = child.parent_id
    LEFT JOIN LATERAL (
        SELECT COALESCE(NULLIF(value.value_text, ''), option.option, value.value_integer::text, value.value_float::text,
                        value.value_boolean::text, value.value_date::text) AS words
        FROM catalogue_productattributevalue value
        LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
        WHERE value.product_id = child.id AND value.attribute_id = axis.attribute_id LIMIT 1) said ON true
    WHERE child.id = ANY(children) GROUP BY child.id HAVING bool_and(said.words IS NOT NULL);
$$;
CREATE OR REPLACE FUNCTION catalog_values_changed() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin TO off SET enable_mergejoin TO off AS $$
DECLARE children bigint[];
BEGIN
    SELECT array_agg(DISTINCT changed.product_id) INTO children FROM changed
    JOIN catalogue_product child ON child.id = changed.product_id AND child.parent_id IS NOT NULL
    JOIN catalog_variantaxis axis ON axis.product_id = child.parent_id AND axis.attribute_id = changed.attribute_id;
    IF children IS NOT NULL THEN PERFORM catalog_note_combinations(children); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION catalog_axes_changed() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin TO off SET enable_mergejoin TO off AS $$
DECLARE children bigint[];
BEGIN
    SELECT array_agg(DISTINCT child.id) INTO children FROM changed
    JOIN catalogue_product child ON child.parent_id = changed.product_id;
    IF children IS NOT NULL THEN PERFORM catalog_note_combinations(children); END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0026_put_long_columns_aside")]
    operations = [migrations.RunSQL(sql=_FENCED, reverse_sql=_FREE)]
