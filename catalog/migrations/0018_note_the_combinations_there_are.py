from django.db import migrations

# Of variants that are alike already the oldest keeps the combination; the others get theirs when they are next changed.
_NOTE = """
INSERT INTO catalog_variantcombination (product_id, parent_id, digest)
SELECT DISTINCT ON (noted.parent_id, noted.digest) noted.product_id, noted.parent_id, noted.digest FROM (
    SELECT child.id AS product_id, child.parent_id,
           md5(string_agg(said.words, E'\\x1f' ORDER BY axis.position, axis.id)) AS digest
    FROM catalogue_product child
    JOIN catalog_variantaxis axis ON axis.product_id = child.parent_id
    LEFT JOIN LATERAL (
        SELECT COALESCE(NULLIF(value.value_text, ''), option.option, value.value_integer::text, value.value_float::text,
                        value.value_boolean::text, value.value_date::text) AS words
        FROM catalogue_productattributevalue value
        LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
        WHERE value.product_id = child.id AND value.attribute_id = axis.attribute_id LIMIT 1) said ON true
    GROUP BY child.id HAVING bool_and(said.words IS NOT NULL)) noted
ORDER BY noted.parent_id, noted.digest, noted.product_id
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_note_combinations_by_triggers")]
    operations = [migrations.RunSQL(sql=_NOTE, reverse_sql=migrations.RunSQL.noop)]
