"""Indexes that Oscar has on the values of attributes, by which this shop finds nothing.

Each value is written into all of them, most of which hold nothing but NULL: lists are filtered by the search documents.
An attribute's values are found by the unique index, which begins with it. Should Oscar ever change one of these columns,
Django drops an index IF EXISTS and makes it again.
"""

from django.db import migrations

TABLE = "catalogue_productattributevalue"
INDEXES = (
    ("attribute_id", "attribute_id_0287c1e7"),
    ("entity_content_type_id", "entity_content_type_id_f7186ab5"),
    ("value_boolean", "value_boolean_c5b0d66a"),
    ("value_date", "value_date_d18775c1"),
    ("value_datetime", "value_datetime_b474ac38"),
    ("value_float", "value_float_5ef8d3db"),
    ("value_integer", "value_integer_55fbb7d6"),
)


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY: nobody waits for it.

    dependencies = [
        ("catalog", "0028_write_no_index_twice"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
    ]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX CONCURRENTLY IF EXISTS {TABLE}_{name}",
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {TABLE}_{name} ON {TABLE} ({column})",
        )
        for column, name in INDEXES
    ]
