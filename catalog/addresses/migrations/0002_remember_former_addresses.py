"""Whoever changes a slug or moves a category, by whatever way: the database remembers the address that was left."""

from django.db import migrations

_REMEMBER = """
    ON CONFLICT (kind, address, owner_id) DO UPDATE SET left_at = EXCLUDED.left_at
"""
_PRODUCTS = f"""
CREATE FUNCTION remember_product_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO addresses_formeraddress (kind, address, owner_id, left_at)
    VALUES ('product', OLD.slug, OLD.id, clock_timestamp()) {_REMEMBER};
    RETURN NULL;
END $$;
CREATE TRIGGER product_address_left AFTER UPDATE OF slug ON catalogue_product FOR EACH ROW
    WHEN (OLD.slug IS DISTINCT FROM NEW.slug AND OLD.slug <> '' AND OLD.structure <> 'child')
    EXECUTE FUNCTION remember_product_address();
"""
# The tree as it was = the rows the statement did not touch, and those it did as they were. A renamed or moved category
# takes everything below along, so the addresses of the whole branch are compared. Paths are steps of four characters.
_CATEGORIES = f"""
CREATE FUNCTION remember_category_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM was JOIN became USING (id)
                   WHERE was.slug <> became.slug OR was.path <> became.path) THEN
        RETURN NULL;
    END IF;
    INSERT INTO addresses_formeraddress (kind, address, owner_id, left_at)
    WITH changed AS (
        SELECT was.id, was.slug, was.path FROM was JOIN became USING (id)
        WHERE was.slug <> became.slug OR was.path <> became.path
    ), old_tree AS MATERIALIZED (
        SELECT id, slug, path FROM catalogue_category WHERE id NOT IN (SELECT id FROM changed)
        UNION ALL SELECT id, slug, path FROM changed
    ), touched AS (
        SELECT DISTINCT branch.id, branch.path FROM old_tree branch
        CROSS JOIN LATERAL generate_series(4, length(branch.path), 4) AS step
        JOIN changed ON changed.path = left(branch.path, step)
    ), before AS (
        SELECT touched.id, string_agg(above.slug, '/' ORDER BY step) AS address FROM touched
        CROSS JOIN LATERAL generate_series(4, length(touched.path), 4) AS step
        JOIN old_tree above ON above.path = left(touched.path, step) GROUP BY touched.id
    ), after AS (
        SELECT touched.id, string_agg(above.slug, '/' ORDER BY step) AS address FROM touched
        JOIN catalogue_category now_at ON now_at.id = touched.id
        CROSS JOIN LATERAL generate_series(4, length(now_at.path), 4) AS step
        JOIN catalogue_category above ON above.path = left(now_at.path, step) GROUP BY touched.id
    )
    SELECT 'category', before.address, before.id, clock_timestamp() FROM before JOIN after USING (id)
    WHERE before.address <> after.address ORDER BY before.id {_REMEMBER};
    RETURN NULL;
END $$;
CREATE TRIGGER category_address_left AFTER UPDATE ON catalogue_category
    REFERENCING OLD TABLE AS was NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION remember_category_addresses();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("addresses", "0001_former_and_missed_addresses"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
    ]
    operations = [
        migrations.RunSQL(
            sql=_PRODUCTS,
            reverse_sql="DROP TRIGGER product_address_left ON catalogue_product; DROP FUNCTION remember_product_address();",
        ),
        migrations.RunSQL(
            sql=_CATEGORIES,
            reverse_sql="DROP TRIGGER category_address_left ON catalogue_category;"
            " DROP FUNCTION remember_category_addresses();",
        ),
    ]
