"""Of the values of attributes few are options: the others are kept out of the index by which those of an option are found."""

from django.db import migrations

TABLE = "catalogue_productattributevalue"
WHOLE, PART = f"{TABLE}_value_option_id_21026066", "catalog_value_is_option"


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY: nobody waits for it.

    dependencies = [
        ("catalog", "0032_check_only_keys_that_can_break"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {PART} ON {TABLE} (value_option_id) WHERE value_option_id IS NOT NULL",
            f"DROP INDEX CONCURRENTLY IF EXISTS {PART}",
        ),
        migrations.RunSQL(
            f"DROP INDEX CONCURRENTLY IF EXISTS {WHOLE}",
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {WHOLE} ON {TABLE} (value_option_id)",
        ),
    ]
