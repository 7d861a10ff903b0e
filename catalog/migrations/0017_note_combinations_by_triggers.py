from django.db import migrations

# Set-based, once a statement: a COPY of ten thousand values costs one look. Variants without a value for every choice
# have no combination, so that values may arrive in any order; the constraint is judged when the transaction ends.
_FUNCTIONS = """
CREATE FUNCTION catalog_note_combinations(children bigint[]) RETURNS void LANGUAGE sql AS $$
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
CREATE FUNCTION catalog_values_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE children bigint[];
BEGIN
    SELECT array_agg(DISTINCT changed.product_id) INTO children FROM changed
    JOIN catalogue_product child ON child.id = changed.product_id AND child.parent_id IS NOT NULL
    JOIN catalog_variantaxis axis ON axis.product_id = child.parent_id AND axis.attribute_id = changed.attribute_id;
    IF children IS NOT NULL THEN PERFORM catalog_note_combinations(children); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_axes_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE children bigint[];
BEGIN
    SELECT array_agg(DISTINCT child.id) INTO children FROM changed
    JOIN catalogue_product child ON child.parent_id = changed.product_id;
    IF children IS NOT NULL THEN PERFORM catalog_note_combinations(children); END IF;
    RETURN NULL;
END $$;
"""
_TABLES = {"catalogue_productattributevalue": "catalog_values_changed", "catalog_variantaxis": "catalog_axes_changed"}
_EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
_TRIGGERS = "".join(
    f"""
CREATE TRIGGER {function}_{event} AFTER {event} ON {table} REFERENCING {which} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();"""
    for table, function in _TABLES.items()
    for event, which in _EVENTS.items()
)
_REVERSE = "".join(
    f"DROP TRIGGER {function}_{event} ON {table};" for table, function in _TABLES.items() for event in _EVENTS
) + """
DROP FUNCTION catalog_axes_changed();
DROP FUNCTION catalog_values_changed();
DROP FUNCTION catalog_note_combinations(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0016_one_variant_a_combination")]
    operations = [migrations.RunSQL(sql=_FUNCTIONS + _TRIGGERS, reverse_sql=_REVERSE)]
