"""Versions cannot be changed, and an address that a page left is remembered like a product's."""

from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_pages_menus_and_versions"),
        ("addresses", "0002_remember_former_addresses"),
    ]
    operations = [
        make_append_only("content_version"),
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION remember_page_address() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO addresses_formeraddress (kind, address, owner_id, left_at)
                VALUES ('page', OLD.slug, OLD.id, clock_timestamp())
                ON CONFLICT (kind, address, owner_id) DO UPDATE SET left_at = EXCLUDED.left_at;
                RETURN NULL;
            END $$;
            CREATE TRIGGER page_address_left AFTER UPDATE OF slug ON content_page FOR EACH ROW
                WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION remember_page_address();
            """,
            reverse_sql="DROP TRIGGER page_address_left ON content_page; DROP FUNCTION remember_page_address();",
        ),
    ]
