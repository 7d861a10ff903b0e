"""Indexes that Oscar has on products and what is sold of them, by which this shop finds nothing that another one does not.

Each costs every new product three entries, and those on `date_updated` make each change of a price write all others anew.
An address is found by the index for patterns, a partner's records and a product's categories by the unique ones that begin
with them. Should Oscar ever change one of these columns, Django drops an index IF EXISTS and makes it again.
"""

from django.db import migrations

INDEXES = (
    ("catalogue_product", "code varchar_pattern_ops", "catalogue_product_code_a7386c07_like"),
    ("catalogue_product", "date_updated", "catalogue_product_date_updated_d3a1785d"),
    ("catalogue_product", "priority", "catalogue_product_priority_983a8f56"),
    ("catalogue_product", "slug", "catalogue_product_slug_c8e2e2b9"),
    ("catalogue_product", "upc varchar_pattern_ops", "catalogue_product_upc_91f72b90_like"),
    ("catalogue_productcategory", "product_id", "catalogue_productcategory_product_id_846a4061"),
    ("partner_stockrecord", "date_updated", "partner_stockrecord_date_updated_e6ae5f14"),
    ("partner_stockrecord", "partner_id", "partner_stockrecord_partner_id_4155a586"),
)


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY: nobody waits for it.

    dependencies = [
        ("catalog", "0030_note_the_newest_category_of_an_import"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
        ("partner", "0007_partneraddress_code"),
    ]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({column})",
        )
        for table, column, name in INDEXES
    ]
